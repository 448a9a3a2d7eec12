/** Gravest first. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** 0 for the gravest. */
export const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
