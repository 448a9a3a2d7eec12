// Powertools then writes through the global console, which a test can watch. Imported before the handler.
process.env.POWERTOOLS_DEV = 'true';
