import { wildcardPattern } from '../../policy/pattern.ts';
import { matches } from '../../policy/patternMatch.ts';
import type { Condition } from '../../policy/statement.ts';
import { CLOUDTRAIL, S3_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import { usesBucketKey } from '../logPaths.ts';
import { distinct } from '../policyNames.ts';
import type { StatementDocument } from '../statements.ts';
import { comparesText, hasWildcards, TRAIL_KEYS } from './cloudTrailStatement.ts';
import { isHopelessAccount, isHopelessArn, type ValueSetting } from './hopelessValue.ts';
import type { PolicyChange } from './plan.ts';
import type { TrailAccess } from './trailStatements.ts';

/**
 * What is known of trails and accounts beside those that are to be allowed: values that name them are no mistakes. Others
 * are, where the key is dedicated to the trails.
 */
export interface Known extends ValueSetting {
  readonly trailArns: readonly string[];
  readonly accounts: readonly string[];
  readonly dedicated: boolean;
}

/** `segments`: only those parts of an ARN are replaced that differ; `exact`: the whole value becomes the trail's ARN. */
export type Precision = 'segments' | 'exact';

/** A condition's new key and values. */
export interface ConditionFix {
  readonly key: string;
  readonly values: readonly string[];
  readonly change: PolicyChange;
  readonly message: string;
  readonly loses: readonly StatementDocument[];
}

interface Target {
  readonly access: TrailAccess;
  readonly trails: readonly TrailFacts[];
}

/** A condition corrected so that it holds for the trails; `null` where its values do not name trails or their files. */
export function correctedCondition(
  condition: Condition,
  target: Target,
  known: Known,
  precision: Precision,
): ConditionFix | null {
  const key = condition.key.toLowerCase();
  if (!comparesText(condition, false) || condition.values.length === 0) return null;
  if (key === S3_CONTEXT_KEY.toLowerCase()) return target.access === 'describe' ? null : addPaths(condition, target);
  // DescribeKey carries no encryption context: no value can help.
  if (key.startsWith('kms:encryptioncontext:') && target.access === 'describe') return null;
  if (TRAIL_KEYS.includes(key))
    return correctValues(condition, known, isHopelessArn, (value) => trailValues(value, condition, target, precision));
  if (key === 'aws:sourceaccount')
    return correctValues(condition, known, isHopelessAccount, () =>
      distinct(target.trails.map(({ accountId }) => accountId)),
    );
  return isMisspeltTrailKey(key) ? correctKey(condition, target, known) : null;
}

/** `kms:EncryptionContext:aws-us-gov:cloudtrail:arn` and the like: CloudTrail never sends them. */
const isMisspeltTrailKey = (key: string): boolean => /^kms:encryptioncontext:.*cloudtrail.*arn$/.test(key);

function correctKey(condition: Condition, { trails }: Target, known: Known): ConditionFix | null {
  // Under the right key a value that names another trail would allow that one.
  if (!known.dedicated && condition.values.some((value) => namesOthers(value, condition, trails, known))) return null;
  return {
    key: TRAIL_CONTEXT_KEY,
    values: trails.map(({ arn }) => arn),
    change: 'condition-key-corrected',
    message: `the condition key \`${condition.key}\`, which CloudTrail never sends, becomes \`${TRAIL_CONTEXT_KEY}\` with ${list(trails.map(({ arn }) => arn))} in place of ${list(condition.values)}`,
    loses: [lost(condition, condition.values)],
  };
}

function namesOthers(value: string, condition: Condition, trails: readonly TrailFacts[], known: Known): boolean {
  if (isHopelessArn(value, condition, known)) return false;
  return !trails.some(({ arn }) => (hasWildcards(condition) ? matches(wildcardPattern(value), arn) : value === arn));
}

/**
 * A value that nothing of CloudTrail's can have is replaced, and where the key is dedicated to the trails a single one
 * that names nothing known; anything else stays, and the right value joins it.
 */
function correctValues(
  condition: Condition,
  known: Known,
  isHopeless: (value: string, condition: Condition, setting: ValueSetting) => boolean,
  replacements: (value: string) => readonly string[],
): ConditionFix {
  const { key, values } = condition;
  const isForeign = known.dedicated && values.length === 1 && !values.some((value) => isKnown(value, condition, known));
  const wrong = values.filter((value) => isForeign || isHopeless(value, condition, known));
  const right = distinct((wrong.length === 0 ? values : wrong).flatMap(replacements));
  const added = right.filter((value) => !values.includes(value));
  if (wrong.length === 0) {
    const message = `${key} also accepts ${list(added)}`;
    return { key, values: [...values, ...added], change: 'condition-value-added', message, loses: [] };
  }
  const after = distinct(values.flatMap((value) => (wrong.includes(value) ? replacements(value) : [value])));
  const message = `${key} was ${list(wrong)} and becomes ${list(right)}: ${consequence(wrong, condition, isForeign)}`;
  return { key, values: after, change: 'condition-value-corrected', message, loses: [lost(condition, wrong)] };
}

function consequence(wrong: readonly string[], condition: Condition, isForeign: boolean): string {
  if (wrong.some((value) => value.includes('*')) && !hasWildcards(condition))
    return `${condition.operator} takes \`*\` for the character itself, so ${list(wrong)} allow nothing`;
  return isForeign
    ? `whatever ${list(wrong)} names loses the access`
    : `no trail that can use the key fits ${list(wrong)}`;
}

function isKnown(value: string, condition: Condition, { trailArns, accounts }: Known): boolean {
  if (accounts.some((account) => value.split(':').includes(account))) return true;
  if (!hasWildcards(condition)) return trailArns.includes(value);
  const pattern = wildcardPattern(value);
  return trailArns.some((arn) => matches(pattern, arn));
}

function trailValues(value: string, condition: Condition, { trails }: Target, precision: Precision): readonly string[] {
  if (precision === 'exact') return trails.map(({ arn }) => arn);
  return trails.map(({ arn }) => correctedArn(value, arn, hasWildcards(condition)));
}

/** The value with those segments replaced that keep the trail's ARN from matching. */
function correctedArn(value: string, arn: string, wildcards: boolean): string {
  const segments = value.split(':');
  const right = arn.split(':');
  if (segments.length !== right.length) return arn;
  const fits = (segment: string, index: number): boolean =>
    wildcards && !segment.includes('${')
      ? matches(wildcardPattern(segment), right[index] ?? '')
      : segment === right[index];
  return segments.map((segment, index) => (fits(segment, index) ? segment : (right[index] ?? ''))).join(':');
}

/** A path that leaves out the probe or the digest files gets the whole folder of the logs beside it. */
function addPaths(condition: Condition, { trails }: Target): ConditionFix | null {
  if (!hasWildcards(condition)) return null;
  const added = distinct(trails.flatMap(pathsOf)).filter((path) => !condition.values.includes(path));
  if (added.length === 0) return null;
  return {
    key: condition.key,
    values: [...condition.values, ...added],
    change: 'condition-value-added',
    message: `${condition.key} also accepts ${list(added)}, which takes in the probe, digest files and Insights files`,
    loses: [],
  };
}

function pathsOf(trail: TrailFacts): readonly string[] {
  if (trail.bucketName === null) return [];
  const bucket = `arn:${trail.partition}:s3:::${trail.bucketName}`;
  const folder = `${bucket}/${trail.keyPrefix ? `${trail.keyPrefix}/` : ''}AWSLogs/*`;
  return usesBucketKey(trail) === false ? [folder] : [folder, bucket];
}

/** What a condition let through by some values, as a Deny for CloudTrail. */
const lost = ({ operator, key }: Condition, values: readonly string[]): StatementDocument =>
  forCloudTrail({ Action: '*', Condition: { [operator]: { [key]: values } } });

/** A Deny for CloudTrail: how an edit says what it takes away. */
export const forCloudTrail = (members: StatementDocument): StatementDocument => ({
  Effect: 'Deny',
  Principal: { Service: CLOUDTRAIL },
  Resource: '*',
  ...members,
});

export const list = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');
