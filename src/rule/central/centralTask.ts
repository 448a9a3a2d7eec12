import * as v from 'valibot';
import { trailIdentity } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { InvalidInvocationError, InvalidParameterError } from '../errors.ts';
import { type ChangedKey, keyUse } from '../event/keyChange.ts';
import { isKeyEvent, parseKeyEvent } from '../event/keyEvent.ts';
import { type InputError, parseWith } from '../event/schema.ts';
import { quote } from '../quote.ts';

/** One part of the trails, where one invocation's time is not enough for all. */
interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** Which trails one run of the central evaluation evaluates. */
export interface CentralTask {
  /** Only trails that may use this key, after it changed; `null`: whatever their key. */
  readonly key: ChangedKey | null;
  readonly shard: Shard;
  /** Beside an organization rule, which evaluates every other trail. */
  readonly organizationTrailsOnly: boolean;
  /** ARNs of organization trails that are to be there: one that is not seen is reported as without a verdict. */
  readonly expectedTrails: readonly string[];
  /** Somebody vouches that the trails that are missing were deleted: they may be many, and where nobody can ask. */
  readonly trailsWereDeleted?: boolean;
}

/** What the function's environment says of every run. */
type CentralSettings = Pick<CentralTask, 'organizationTrailsOnly' | 'expectedTrails'>;

const WHOLE: Shard = { index: 0, of: 1 };
const MOST_SHARDS = 100;

const shardNumber = (least: number, accepted: string) =>
  v.pipe(v.number(accepted), v.integer(accepted), v.minValue(least, accepted), v.maxValue(MOST_SHARDS, accepted));

const eventSchema = v.looseObject(
  {
    shard: v.optional(
      v.strictObject(
        {
          index: shardNumber(0, 'a whole number from 0'),
          of: shardNumber(1, `a whole number from 1 to ${MOST_SHARDS}`),
        },
        'a JSON object with `index` and `of`',
      ),
    ),
    trailsWereDeleted: v.optional(v.literal(true, '`true`')),
    invokingEvent: v.optional(v.never()),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * Reads the event of the central function: that of a schedule (`{}` will do), `{"shard":{"index":0,"of":4}}` where the
 * trails are shared out among several schedules, `{"trailsWereDeleted":true}` by hand, or an event of KMS, after which the trails of one key are evaluated.
 *
 * @returns `null` when nothing is to be evaluated: a call to KMS that changed nothing
 * @throws InvalidInvocationError naming the member
 */
export function parseCentralTask(event: unknown, settings: CentralSettings): CentralTask | null {
  if (isKeyEvent(event)) {
    const changed = parseKeyEvent(event);
    // Every organization trail that is missing is the schedule's to tell.
    return changed === null ? null : { ...settings, expectedTrails: [], key: changed.key, shard: WHOLE };
  }
  const { shard = WHOLE, trailsWereDeleted } = parseWith(eventSchema, event, 'event', (member, problem) =>
    invalid(member.replace(/^event\./, ''), member === 'event.invokingEvent' ? OF_CONFIG : problem),
  );
  if (shard.index >= shard.of)
    throw invalid(
      'shard.index',
      `is \`${shard.index}\`, accepted is a whole number below \`shard.of\`, \`${shard.of}\``,
    );
  return { ...settings, key: null, shard, ...(trailsWereDeleted && { trailsWereDeleted }) };
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
export function isOfTask(trail: TrailDescription, { key, shard, organizationTrailsOnly }: CentralTask): boolean {
  if (organizationTrailsOnly && trail.isOrganization !== true) return false;
  if (key !== null && keyUse(trail, key) === 'no') return false;
  return isOfShard(trail.arn, shard);
}

/** Whether a trail falls to a part. */
export const isOfShard = (trailArn: string, { index, of }: Shard): boolean => of === 1 || hash(trailArn) % of === index;

/** Spreads ARNs evenly, and the same one always to the same place (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
