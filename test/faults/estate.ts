import { awsPolicy, REGION } from '../e2e/support/account.ts';
import { chance, pick } from './chance.ts';

/** What is the matter with a trail; each decides its verdict at the rule's default parameters. */
export type TrailKind = 'healthy' | 'bare' | 'foreign' | 'disabled' | 'public' | 'managed' | 'gone' | 'granted';

export interface EstateTrail {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly kind: TrailKind;
  readonly truth: 'COMPLIANT' | 'NON_COMPLIANT';
  readonly bucket: string;
  readonly key: EstateKey | null;
  readonly isOrganization?: boolean;
}

export interface EstateKey {
  readonly arn: string;
  readonly kind: TrailKind;
  /** As it is now. */
  policy: string;
  /** By page. */
  readonly grants: readonly (readonly object[])[];
}

export interface Estate {
  readonly trails: readonly EstateTrail[];
  readonly keys: ReadonlyMap<string, EstateKey>;
}

export interface EstateOptions {
  /** Whose trails they are, in turn. */
  readonly accounts: readonly string[];
  readonly count: number;
  /** Beside the first one, which is healthy. */
  readonly kinds?: readonly TrailKind[];
}

const KINDS: readonly TrailKind[] = [
  'healthy',
  'healthy',
  'bare',
  'foreign',
  'disabled',
  'public',
  'managed',
  'gone',
  'granted',
];

/** Beyond so many trails the others have no key, or that of the first one. */
const DISTINCT = 8;
/** Of healthy trails so many have the key of the first one. */
const SHARED = 0.25;
const STRANGER = '999999999999';

/** Trails with names of their own for each seed, so that nothing of one run can be taken for another's. */
export function makeEstate(seed: number, { accounts, count, kinds = KINDS }: EstateOptions): Estate {
  const plans = Array.from({ length: count }, (_, index) => {
    const kind = index === 0 ? 'healthy' : pick(index < DISTINCT ? kinds : PLAIN, seed, 'kind', index);
    const accountId = accounts[index % accounts.length] ?? '';
    const name = `t${index}-${seed}`;
    const isFirsts = kind === 'healthy' && accountId === accounts[0] && index > 0;
    const shares = isFirsts && (index >= DISTINCT || chance(seed, 'shared', index) < SHARED);
    return { kind, accountId, name, arn: `arn:aws:cloudtrail:${REGION}:${accountId}:trail/${name}`, index, shares };
  });
  const keys = new Map<string, EstateKey>();
  const sharing = plans.filter(({ shares, index }) => shares || index === 0).map(({ arn }) => arn);
  const trails = plans.map(({ kind, accountId, name, arn, index, shares }): EstateTrail => {
    const id = `${hex(seed, 8)}-0000-4000-8000-${hex(shares ? 0 : index, 12)}`;
    const keyArn = `arn:aws:kms:${REGION}:${accountId}:key/${id}`;
    if (kind !== 'bare' && !keys.has(keyArn))
      keys.set(keyArn, makeKey(keyArn, kind, accountId, index === 0 ? sharing : [arn]));
    return {
      name,
      arn,
      accountId,
      kind,
      truth: kind === 'healthy' ? 'COMPLIANT' : 'NON_COMPLIANT',
      bucket: `logs-${seed}-${index % DISTINCT}`,
      key: keys.get(keyArn) ?? null,
    };
  });
  return { trails, keys };
}

const PLAIN: readonly TrailKind[] = ['healthy', 'bare'];

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');

function makeKey(arn: string, kind: TrailKind, account: string, trails: readonly string[]): EstateKey {
  const policy = awsPolicy(
    kind === 'foreign' ? trails.map((trail) => trail.replace(account, STRANGER)) : trails,
    account,
  );
  const open = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
  const grant = (GrantId: string, who: string, operation: string) => ({
    GrantId,
    KeyId: arn,
    GranteePrincipal: `arn:aws:iam::${who}:role/somebody`,
    Operations: [operation],
    IssuingAccount: `arn:aws:iam::${account}:root`,
  });
  return {
    arn,
    kind,
    policy: JSON.stringify(kind === 'public' ? { ...policy, Statement: [...policy.Statement, open] } : policy),
    // What is wrong stands on the second page.
    grants: kind === 'granted' ? [[grant('1', account, 'Encrypt')], [grant('2', STRANGER, 'Decrypt')]] : [[]],
  };
}
