import * as v from 'valibot';
import { describeEventDataStore } from '../../facts/eventDataStores.ts';
import { isErrorMember } from '../../facts/members.ts';
import { keysUsed } from '../../facts/previousKeys.ts';
import { duplicateMembers } from '../../policy/duplicateMembers.ts';
import { BadInput } from '../errors.ts';
import { parseJson } from '../json.ts';
import {
  bucketsOf,
  type ConvertEntry,
  convertEach,
  keysOf,
  organizationsOf,
  policyParser,
  resourceControlPoliciesOf,
} from './entries.ts';
import { snapshotSchema } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { trailsOf } from './trails.ts';

/** Places where a policy document stands as an object: there a repeated member makes the policy invalid, not the file. */
const IN_A_POLICY =
  /^(?:buckets\[\d+\]\.Policy|keys\[\d+\]\.(?:Policy|Policies\.AWS_RAM)|resourceControlPolicies\[\d+\]\.Policies\[\d+\])\./;

/**
 * Parses the text of a snapshot file.
 *
 * Throws `BadInput` with one sentence that names the file and the member: text that is not JSON, another version, a
 * member that is missing, repeated or of the wrong type, or two different descriptions of one thing.
 */
export function parseSnapshot(text: string, file: string): Snapshot {
  const document = parseJson(text, file);
  try {
    return snapshotIn(document, duplicatesIn(text));
  } catch (error) {
    throw error instanceof BadInput ? new BadInput(`snapshot \`${file}\`: ${error.message}`) : error;
  }
}

/** Members that the text of a snapshot gives twice, as paths: in a policy alone, or else it throws `BadInput`. */
export function duplicatesIn(text: string): readonly string[] {
  const duplicates = [...duplicateMembers(text)];
  const outside = duplicates.find((path) => !IN_A_POLICY.test(path));
  if (outside !== undefined) throw new BadInput(`\`${outside}\` is given twice`);
  return duplicates;
}

/** A document as a snapshot. Throws `BadInput` that names the member. */
export function snapshotIn(document: unknown, duplicates: readonly string[], convertEntry = convertEach): Snapshot {
  return snapshotOf(checked(document), duplicates, convertEntry);
}

function snapshotOf(
  raw: v.InferOutput<typeof snapshotSchema>,
  duplicates: readonly string[],
  convertEntry: ConvertEntry,
): Snapshot {
  const parsePolicy = policyParser(duplicates);
  const { trails, unreadTrails } = trailsOf(raw.trails);
  const keys = keysOf(raw.keys, parsePolicy, convertEntry);
  return {
    collectedAt: raw.collectedAt,
    trails,
    unreadTrails,
    keys,
    keysUsed: keysUsed(keys.read ? keys.value.values() : []),
    otherKeys: null,
    buckets: bucketsOf(raw.buckets, parsePolicy, convertEntry),
    resourceControlPolicies: resourceControlPoliciesOf(raw.resourceControlPolicies, parsePolicy, convertEntry),
    ...organizationsOf(raw.organizations, trails),
    eventDataStores: (raw.eventDataStores ?? []).map(describeEventDataStore),
    accountNames: accountNames(raw.accounts),
    coverage: raw.coverage,
    ssmParameters: isErrorMember(raw.ssmParameters) ? [] : (raw.ssmParameters ?? []),
  };
}

/** Names are for people: where they could not be read, there are none. */
function accountNames(accounts: v.InferOutput<typeof snapshotSchema>['accounts']): ReadonlyMap<string, string> {
  const named = accounts === null || isErrorMember(accounts) ? [] : accounts;
  return new Map(named.flatMap(({ AccountId, Name }) => (Name === null ? [] : [[AccountId, Name]])));
}

function checked(document: unknown): v.InferOutput<typeof snapshotSchema> {
  const version = (document as { version?: unknown } | null)?.version;
  if (typeof document === 'object' && version !== undefined && version !== 1) {
    throw new BadInput(`\`version\` is \`${JSON.stringify(version)}\`, but only version 1 is understood`);
  }
  const result = v.safeParse(snapshotSchema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = pathOf(issue);
  if (place === '') throw new BadInput(`the document ${issue.message}`);
  const missing = issue.kind === 'schema' && issue.received === 'undefined';
  throw new BadInput(
    `\`${place}\` ${missing ? 'is missing' : `${issue.message}, but is \`${shortened(issue.input)}\``}`,
  );
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? [])
    .map(({ key }, depth) => (typeof key === 'number' ? `[${key}]` : depth === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

function shortened(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
