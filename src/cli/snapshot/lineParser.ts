import type { KeyParts } from '../../facts/keys.ts';
import { isErrorMember } from '../../facts/members.ts';
import type { KeyPolicyParse } from '../../policy/parse.ts';
import { type BucketFacts, type Reading, read, unread } from '../../trail/facts.ts';
import { distinct } from '../../trail/policyNames.ts';
import { BadInput } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { ConvertEntry } from './entries.ts';
import { ToldLast } from './memory.ts';
import { duplicatesIn, snapshotIn } from './parse.ts';
import type { Snapshot } from './snapshot.ts';

/** Keys, buckets and accounts with policies that are remembered of earlier lines. */
const REMEMBERED = 500;
/** Accounts of which no more than a name or an id is remembered. */
const REMEMBERED_ACCOUNTS = 100_000;

/** What stands in the first line alone: it is about all of them. */
const OF_ALL_LINES = ['collectedAt', 'coverage'] as const;

const NOT_TOLD = unread('not-told', 'neither its line nor one that is remembered tells of the key');

/**
 * Parses the lines of a snapshot in JSON lines, one after the other. Each is a small snapshot; what it tells counts for
 * its own trails and for those of the lines behind it, until it is told anew or forgotten.
 *
 * A line that throws `BadInput` leaves nothing behind.
 */
export function lineParser(): (text: string, isFirst: boolean) => Snapshot {
  const keys = new ToldLast<KeyParts>();
  const buckets = new ToldLast<Reading<BucketFacts>>();
  const resourceControlPolicies = new ToldLast<Reading<readonly KeyPolicyParse[]>>();
  const organizations = new ToldLast<Reading<string | null>>();
  const accountNames = new ToldLast<string>();
  const managementAccounts = new ToldLast<true>();
  /** The keys that events show in use, by the trail's ARN. */
  const keysUsed = new ToldLast<readonly string[]>();
  const lists: Readonly<Record<string, ToldLast<unknown>>> = { keys, buckets, resourceControlPolicies };
  let ofAllLines: Pick<Snapshot, 'collectedAt' | 'coverage'> = { collectedAt: null, coverage: null };

  return (text, isFirst) => {
    const document = parseJson(text, 'the line');
    const duplicates = duplicatesIn(text);
    const texts = new Map<string, string>();
    const convertEntry: ConvertEntry = (list, name, entry, convert) => {
      // A member that is given twice is no part of the entry, and yet makes a policy invalid.
      const told = duplicates.length > 0 ? '' : JSON.stringify(entry);
      texts.set(`${list} ${name}`, told);
      const known = told === '' ? undefined : lists[list]?.knownAs(name, told);
      // INVARIANT: a list holds what was made of its own entries.
      return known === undefined ? convert() : (known as ReturnType<typeof convert>);
    };
    // Before the line, not behind it: its own trails see all that it tells.
    for (const list of [keys, buckets, resourceControlPolicies]) list.forget(REMEMBERED);
    for (const list of [organizations, accountNames, managementAccounts, keysUsed]) list.forget(REMEMBERED_ACCOUNTS);
    const line = snapshotIn(completed(document, isFirst), duplicates, convertEntry);
    const remember = <T>(list: string, told: ToldLast<T>, entries: Iterable<readonly [string, T]>): void => {
      for (const [name, value] of entries) told.tell(name, value, texts.get(`${list} ${name}`) ?? '');
    };
    if (line.keys.read) remember('keys', keys, line.keys.value);
    if (line.buckets.read) remember('buckets', buckets, line.buckets.value);
    if (line.resourceControlPolicies.read)
      remember('resourceControlPolicies', resourceControlPolicies, line.resourceControlPolicies.value);
    remember('organizations', organizations, line.organizations);
    remember('accounts', accountNames, line.accountNames);
    for (const accountId of line.managementAccounts.keys()) managementAccounts.tell(accountId, true, '');
    for (const [trailArn, arns] of line.keysUsed)
      keysUsed.tell(trailArn, distinct([...(keysUsed.values.get(trailArn) ?? []), ...arns]), '');
    if (isFirst) ofAllLines = { collectedAt: line.collectedAt, coverage: line.coverage };
    return {
      ...line,
      ...ofAllLines,
      keys: line.keys.read ? read(keys.values) : line.keys,
      keysUsed: keysUsed.values,
      otherKeys: NOT_TOLD,
      buckets: line.buckets.read ? read(buckets.values) : line.buckets,
      resourceControlPolicies: line.resourceControlPolicies.read
        ? read(resourceControlPolicies.values)
        : line.resourceControlPolicies,
      organizations: organizations.values,
      accountNames: accountNames.values,
      managementAccounts: managementAccounts.values,
    };
  };
}

/** The document with the lists that a line may leave out. Throws `BadInput` on what is for all lines and is not in the first. */
function completed(document: unknown, isFirst: boolean): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document) || isErrorMember(document))
    return document;
  const told = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
  const late = OF_ALL_LINES.find((name) => !isFirst && Object.hasOwn(told, name));
  if (late !== undefined) throw new BadInput(`\`${late}\` stands here, and is accepted in the first line alone`);
  return { version: 1, trails: [], keys: [], buckets: [], resourceControlPolicies: [], ...told };
}
