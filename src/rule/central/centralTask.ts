import * as v from 'valibot';
import { trailIdentity } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { InvalidInvocationError, InvalidParameterError } from '../errors.ts';
import { type ChangedKey, keyUse } from '../event/keyChange.ts';
import { isKeyEvent, parseKeyEvent } from '../event/keyEvent.ts';
import { type InputError, parseWith } from '../event/schema.ts';
import { quote } from '../quote.ts';
import { isOrganizationTrail } from './centralTrails.ts';

/** Which trails one run of the central evaluation evaluates. */
export interface CentralTask {
  /** Only trails that may use this key, after it changed; `null`: whatever their key. */
  readonly key: ChangedKey | null;
  /** Beside an organization rule, which evaluates every other trail. */
  readonly organizationTrailsOnly: boolean;
  /** ARNs of organization trails that are to be there: one that is not seen is reported as without a verdict. */
  readonly expectedTrails: readonly string[];
  /** Somebody vouches that the trails that are missing were deleted: they may be many, and where nobody can ask. */
  readonly trailsWereDeleted?: boolean;
}

/** What the function's environment says of every run. */
export type CentralSettings = Pick<CentralTask, 'organizationTrailsOnly' | 'expectedTrails'>;

const eventSchema = v.looseObject(
  {
    trailsWereDeleted: v.optional(v.literal(true, '`true`')),
    invokingEvent: v.optional(v.never()),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * Reads the event of the central function: that of a schedule, or an event of KMS, after which the trails of one key are evaluated.
 *
 * @returns `null` when nothing is to be evaluated: a call to KMS that changed nothing
 * @throws InvalidInvocationError naming the member
 */
export function parseCentralTask(event: unknown, settings: CentralSettings): CentralTask | null {
  if (!isKeyEvent(event)) return parseSchedule(event, settings);
  const changed = parseKeyEvent(event);
  // Every organization trail that is missing is the schedule's to tell.
  return changed === null ? null : { ...settings, expectedTrails: [], key: changed.key };
}

/**
 * Reads the event of a schedule (`{}` will do), or `{"trailsWereDeleted":true}` by hand.
 *
 * @throws InvalidInvocationError naming the member
 */
export function parseSchedule(event: unknown, settings: CentralSettings): CentralTask {
  const { trailsWereDeleted } = parseWith(eventSchema, event, 'event', (member, problem) =>
    invalid(member.replace(/^event\./, ''), member === 'event.invokingEvent' ? OF_CONFIG : problem),
  );
  return { ...settings, key: null, ...(trailsWereDeleted && { trailsWereDeleted }) };
}

const OF_CONFIG = 'is of an AWS Config rule, accepted is the event of a schedule: the rule has a function of its own';

/**
 * Reads the settings of the function's environment.
 *
 * @throws InvalidParameterError naming the variable
 */
export function centralSettings(environment: Readonly<Record<string, string | undefined>>): CentralSettings {
  const only = environment.ORGANIZATION_TRAILS_ONLY?.trim() || 'false';
  if (only !== 'true' && only !== 'false')
    throw new InvalidParameterError('ORGANIZATION_TRAILS_ONLY', `is ${quote(only)}, accepted is \`true\` or \`false\``);
  const expected = (environment.EXPECTED_ORGANIZATION_TRAILS ?? '').split(',').map((arn) => arn.trim());
  const expectedTrails = [...new Set(expected.filter((arn) => arn !== ''))];
  const wrong = expectedTrails.find((arn) => trailIdentity(arn) === null);
  if (wrong !== undefined)
    throw new InvalidParameterError(
      'EXPECTED_ORGANIZATION_TRAILS',
      `holds ${quote(wrong)}, accepted is a comma-separated list of ARNs of trails`,
    );
  return { organizationTrailsOnly: only === 'true', expectedTrails };
}

/** Whether a run evaluates a trail. */
export function isOfTask(trail: TrailDescription, { key, organizationTrailsOnly }: CentralTask): boolean {
  if (organizationTrailsOnly && !isOrganizationTrail(trail)) return false;
  return key === null || keyUse(trail, key) !== 'no';
}
