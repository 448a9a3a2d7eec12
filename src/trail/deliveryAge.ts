import type { CheckOptions } from './check.ts';
import { type CheckResult, fail, pass, undecided } from './checkResult.ts';
import type { TrailFacts, TrailStatus } from './facts.ts';
import { READ_IT } from './remedies.ts';
import type { Remedy } from './remedy/remedy.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const LOOK: Remedy = [[{ do: 'look-at', what: 'key, then bucket' }]];

/**
 * What the age of deliveries tells of a trail that logs without an error. With log file validation a digest is written
 * every hour, files or none, so an old one is a fault; an old log file may only mean that nothing happened.
 */
export function decideByAge(
  trail: TrailFacts,
  status: TrailStatus,
  { deliveryWindowHours }: CheckOptions,
): CheckResult {
  if (deliveryWindowHours <= 0) return pass(NO_ERROR);
  const start = new Date(trail.asOf.getTime() - deliveryWindowHours * HOUR);
  const { latestDeliveryTime: logs, latestDigestDeliveryTime: digest = null } = status;
  if (trail.logFileValidation === false) {
    if (logs === null) return undecided('when logs were last delivered is not known', READ_IT);
    return logs >= start ? pass(NO_ERROR) : undecided(`${latest('logs', logs, trail)}: ${QUIET}`, LOOK);
  }
  if (digest === null) return undecided('when a digest was last delivered is not known', READ_IT);
  if (digest >= start) return pass(NO_ERROR);
  const old = latest('digests', digest, trail);
  const doubt = whyNotCertain(trail, status, start);
  if (doubt !== null) return undecided(`${old}, and ${doubt}`, LOOK);
  return fail(`${old}, though one is written every hour: delivery has stopped`, LOOK);
}

const NO_ERROR = 'the latest deliveries of logs and digests had no error';
const QUIET = 'without log file validation a trail that has nothing to deliver looks the same';

const latest = (what: 'logs' | 'digests', at: Date, { asOf }: TrailFacts): string =>
  `the latest delivery of ${what} was at ${at.toISOString()}, ${ageInWords(asOf.getTime() - at.getTime())} ago`;

const ageInWords = (age: number): string =>
  age < 2 * DAY ? `${Math.floor(age / HOUR)} hours` : `${Math.floor(age / DAY)} days`;

/**
 * Why an old digest need not be a fault; `null` where it must be: logging and validation both began before the window, and
 * the status is the owner's. An old digest shows that validation was on before, unless the trail has changed since.
 */
function whyNotCertain(trail: TrailFacts, status: TrailStatus, start: Date): string | null {
  const { startedLoggingAt: began = null, isOwners = null } = status;
  if (trail.logFileValidation !== true) return 'whether log file validation is on is not known';
  if (began === null) return 'when logging began is not known';
  if (began >= start) return `logging began at ${began.toISOString()}`;
  const changed = trail.changes?.trail ?? null;
  if (changed !== null && changed >= start)
    return `the trail changed at ${changed.toISOString()}: log file validation may be on since then`;
  if (trail.isOrganization !== false && isOwners !== true)
    return `whether this is what account ${trail.accountId}, which owns the trail, is shown is not known`;
  return null;
}
