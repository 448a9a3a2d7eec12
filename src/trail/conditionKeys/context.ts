import type { KeyPolicy } from '../../policy/parse.ts';
import { type AccessRequest, absent, type KeyState } from '../../policy/request.ts';
import type { RequestSubject } from '../keyPolicySubject.ts';
import { policyNames } from '../policyNames.ts';
import type { ConditionKey } from './carried.ts';
import { CONDITION_KEYS } from './table.ts';

/** Who makes a request. */
type Requester = 'cloudTrail' | 'principal';

/** What the table says of the condition keys that the policies mention, in a request for one action. */
export function requestContext(
  subject: RequestSubject,
  requester: Requester,
  action: string,
): Readonly<Record<string, KeyState>> {
  const context: Record<string, KeyState> = {};
  for (const { name, key } of mentioned(subject.policies)) {
    const state = stateOf(key, subject, requester, action);
    if (state !== null) context[name] = state;
  }
  return context;
}

/** Which of the keys that some operations alone carry a request for an action carries, of those that the policies mention. */
export const carriedBy = (policies: readonly KeyPolicy[], action: string): string =>
  mentioned(policies)
    .flatMap(({ key }) => (key.actions === undefined ? [] : [Number(key.actions.includes(action))]))
    .join('');

/** The keys that the policies mention and CloudTrail's requests for an action never carry. */
export function neverSent(policies: readonly KeyPolicy[], action: string): AccessRequest['context'] {
  const rows = mentioned(policies).filter(
    ({ key }) => key.cloudTrail.is === 'absent' || key.actions?.includes(action) === false,
  );
  return Object.fromEntries(rows.map(({ name }) => [name, absent]));
}

/** `null` where nothing is known, or the question itself says. */
function stateOf(
  { actions, ...carried }: ConditionKey,
  subject: RequestSubject,
  requester: Requester,
  action: string,
): KeyState | null {
  if (actions?.includes(action) === false) return absent;
  const one = carried[requester];
  if (one.is === 'absent') return absent;
  return 'state' in one ? one.state(subject) : null;
}

interface Mentioned {
  readonly name: string;
  readonly key: ConditionKey;
}

const EXACT: ReadonlyMap<string, ConditionKey> = new Map(CONDITION_KEYS.map((key) => [key.name.toLowerCase(), key]));
const PREFIXES = CONDITION_KEYS.filter(({ name }) => name.endsWith('*')).map((key) => ({
  prefix: key.name.slice(0, -1).toLowerCase(),
  key,
}));

/** By policy: its questions are asked again and again. */
const kept = new WeakMap<KeyPolicy, readonly Mentioned[]>();

function mentioned(policies: readonly KeyPolicy[]): readonly Mentioned[] {
  const [only] = policies;
  if (only !== undefined && policies.length === 1) return mentionedIn(only);
  return [...new Map(policies.flatMap(mentionedIn).map((row) => [row.name, row])).values()];
}

function mentionedIn(policy: KeyPolicy): readonly Mentioned[] {
  const known = kept.get(policy);
  if (known !== undefined) return known;
  const rows = policyNames([policy]).conditionKeys.flatMap((name): readonly Mentioned[] => {
    const exact = EXACT.get(name);
    if (exact !== undefined) return [{ name: exact.name, key: exact }];
    const row = PREFIXES.find(({ prefix }) => name.startsWith(prefix));
    return row === undefined ? [] : [{ name, key: row.key }];
  });
  kept.set(policy, rows);
  return rows;
}
