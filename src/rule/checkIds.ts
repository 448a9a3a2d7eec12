import type { CheckId, Severity } from '../trail/finding.ts';

/** The compiler keeps this complete, built or not: ids are permanent and may be named before their check exists. */
const IDS = {
  'trail-encrypted': true,
  'key-exists': true,
  'key-usable': true,
  'key-customer-managed': true,
  'key-symmetric': true,
  'key-in-bucket-region': true,
  'key-approved': true,
  'cloudtrail-can-encrypt': true,
  'cloudtrail-can-decrypt': true,
  'cloudtrail-can-describe': true,
  'other-trails-excluded': true,
  'public-excluded': true,
  'named-accounts-trusted': true,
  'readers-bounded': true,
  'grants-bounded': true,
  'service-least-privilege': true,
  'readers-can-decrypt': true,
  'key-administrable': true,
  'key-rotates': true,
  'log-delivery-healthy': true,
  'policy-well-formed': true,
} satisfies Record<CheckId, true>;

export const CHECK_IDS = Object.keys(IDS) as readonly CheckId[];

export const isCheckId = (text: string): text is CheckId => Object.hasOwn(IDS, text);

/** Without these nothing is proved: while one is unknown the trail is undecided. */
const DECISIVE: ReadonlySet<CheckId> = new Set<CheckId>([
  'key-exists',
  'key-usable',
  'key-customer-managed',
  'cloudtrail-can-encrypt',
  'public-excluded',
]);

export const isDecisive = (check: CheckId): boolean => DECISIVE.has(check);

/** Gravest first. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Severity[];

/** 0 for the gravest. */
export const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
