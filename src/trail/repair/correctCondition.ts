import { matches, wildcardPattern } from '../../policy/pattern.ts';
import type { Condition } from '../../policy/statement.ts';
import { CLOUDTRAIL, S3_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import { usesBucketKey } from '../logPaths.ts';
import { distinct } from '../policyNames.ts';
import type { StatementDocument } from '../statements.ts';
import { comparesText, hasWildcards, TRAIL_KEYS } from './cloudTrailStatement.ts';
import type { PolicyChange } from './plan.ts';
import type { TrailAccess } from './trailStatements.ts';

/** What is known of trails and accounts beside those that are to be allowed: values that name them are no mistakes. */
export interface Known {
  readonly trailArns: readonly string[];
  readonly accounts: readonly string[];
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
    return correctValues(condition, known, (value) => trailValues(value, condition, target, precision));
  if (key === 'aws:sourceaccount')
    return correctValues(condition, known, () => distinct(target.trails.map(({ accountId }) => accountId)));
  return isMisspeltTrailKey(key) ? correctKey(condition, target) : null;
}

/** `kms:EncryptionContext:aws-us-gov:cloudtrail:arn` and the like: CloudTrail never sends them. */
const isMisspeltTrailKey = (key: string): boolean => /^kms:encryptioncontext:.*cloudtrail.*arn$/.test(key);

function correctKey(condition: Condition, { trails }: Target): ConditionFix {
  return {
    key: TRAIL_CONTEXT_KEY,
    values: trails.map(({ arn }) => arn),
    change: 'condition-key-corrected',
    message: `the condition key \`${condition.key}\`, which CloudTrail never sends, becomes \`${TRAIL_CONTEXT_KEY}\` with ${list(trails.map(({ arn }) => arn))} in place of ${list(condition.values)}`,
    loses: [lost(condition, condition.values)],
  };
}

/** A single value that names nothing known is a mistake and is replaced; anything else stays, and the right value joins it. */
function correctValues(
  condition: Condition,
  known: Known,
  replacements: (value: string) => readonly string[],
): ConditionFix {
  const { key, values } = condition;
  const isMistake = values.length === 1 && !values.some((value) => isKnown(value, condition, known));
  const right = distinct(values.flatMap(replacements));
  const added = right.filter((value) => !values.includes(value));
  if (!isMistake) {
    const message = `${key} also accepts ${list(added)}`;
    return { key, values: [...values, ...added], change: 'condition-value-added', message, loses: [] };
  }
  const message = `${key} was ${list(values)} and becomes ${list(right)}: ${consequence(values.join(), condition)}`;
  return { key, values: right, change: 'condition-value-corrected', message, loses: [lost(condition, values)] };
}

function consequence(value: string, condition: Condition): string {
  return value.includes('*') && !hasWildcards(condition)
    ? `${condition.operator} takes \`*\` for the character itself, so \`${value}\` let nothing in`
    : `whatever \`${value}\` names loses the access`;
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
