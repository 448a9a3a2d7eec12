// Powertools then writes through the global console, which a test can watch. Imported before the handler.
process.env.POWERTOOLS_DEV = 'true';
// Otherwise it would write no metrics then.
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
