import type { RecordedTrail } from '../../../src/rule/central/centralTrails.ts';
import { configurationOf } from '../../../src/rule/event/describeTrail.ts';
import { type KeyFacts, read, type TrailDescription, type TrailStatus, unread } from '../../../src/trail/facts.ts';
import { trailNamed } from '../facts.ts';
import { defaultPolicy, goodPolicy, keyFacts } from '../memoryPorts.ts';

export const HOME_REGION = 'us-east-1';
export const OTHER_REGION = 'eu-west-1';
export const REGIONS = [HOME_REGION, OTHER_REGION];
/** Owns the organization trail; records nothing with AWS Config. */
export const MANAGEMENT = '100000000000';
/** Where the function runs. */
export const FUNCTION_ACCOUNT = '100000000001';
/** Owns the key that many trails share. */
export const LOG_ARCHIVE = '100000000002';
export const START = new Date('2026-11-20T00:00:00Z');

/** What the verdict on a trail must be, known from how the trail was made. */
export interface Expected {
  readonly complianceType: 'COMPLIANT' | 'NON_COMPLIANT';
  /** How the annotation of a failed trail begins. */
  readonly annotation: RegExp;
}

export interface EstateTrail {
  readonly trail: TrailDescription;
  readonly status: TrailStatus;
  expected: Expected;
}

/** An organization in memory. */
export interface Estate {
  readonly members: readonly string[];
  readonly trails: ReadonlyMap<string, EstateTrail>;
  /** By ARN; changes when a key does. */
  readonly keys: Map<string, KeyFacts>;
  readonly organizationTrail: TrailDescription;
}

const RIGHT: Expected = {
  complianceType: 'COMPLIANT',
  annotation: /^(|below the minimum severity: .*|not known: .*)$/,
};
const wrong = (annotation: RegExp): Expected => ({ complianceType: 'NON_COMPLIANT', annotation });
export const DISABLED = wrong(/^key-usable: /);

/** Admits CloudTrail for trails of one account. */
function policyFor(trailAccount: string, keyAccount: string) {
  const text = JSON.stringify(goodPolicy).replaceAll('111122223333', trailAccount);
  return JSON.parse(text.replace(`iam::${trailAccount}:root`, `iam::${keyAccount}:root`)) as object;
}

const keyArn = (accountId: string, region: string, number: number): string =>
  `arn:aws:kms:${region}:${accountId}:key/00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What the third trail of an account suffers from, in turn. */
const AILMENTS: readonly {
  readonly expected: Expected;
  readonly key: ((arn: string, account: string) => KeyFacts) | null;
  readonly delivers?: boolean;
}[] = [
  { expected: RIGHT, key: (arn, account) => keyFacts(arn, policyFor(account, account)) },
  { expected: wrong(/^trail-encrypted: /), key: null },
  { expected: DISABLED, key: (arn, account) => keyFacts(arn, policyFor(account, account), { state: 'Disabled' }) },
  { expected: wrong(/^cloudtrail-can-encrypt: /), key: (arn) => keyFacts(arn, defaultPolicy) },
  { expected: wrong(/^key-exists: /), key: goneKey },
  { expected: wrong(/^UNDECIDED: cloudtrail-can-encrypt: /), key: unreadPolicy, delivers: false },
  {
    expected: wrong(/^key-customer-managed: /),
    key: (arn, account) => keyFacts(arn, policyFor(account, account), { manager: 'AWS' }),
  },
];

function goneKey(arn: string): KeyFacts {
  const gone = unread('not-found', 'the key does not exist');
  return { ...keyFacts(arn), exists: read(false), metadata: gone, policy: gone, grants: gone, rotation: gone };
}

function unreadPolicy(arn: string): KeyFacts {
  return { ...keyFacts(arn), policy: unread('denied', 'arn:aws:iam::1:role/reader lacks kms:GetKeyPolicy') };
}

/**
 * An organization of so many member accounts with three trails each: a multi-Region trail with a key of its own, one
 * with the log archive's key, and one in another Region that is well or ill. The management account has an organization
 * trail.
 */
export function estateOf(accounts: number): Estate {
  const members = Array.from({ length: accounts }, (_, index) => String(200_000_000_000 + index));
  const keys = new Map<string, KeyFacts>();
  const trails = new Map<string, EstateTrail>();
  const add = (name: string, described: Partial<TrailDescription>, expected: Expected, delivers = true) => {
    const trail = trailNamed(name, { ...described, bucketName: `logs-${described.homeRegion}` });
    const latestDeliveryTime = delivers ? START : null;
    const status = { isLogging: true, latestDeliveryTime, latestDeliveryError: null, latestDigestDeliveryError: null };
    trails.set(trail.arn, { trail, status, expected });
    return trail;
  };

  const shared = keyArn(LOG_ARCHIVE, HOME_REGION, 1);
  keys.set(shared, keyFacts(shared, policyFor('*', LOG_ARCHIVE)));
  const organizationKey = keyArn(LOG_ARCHIVE, HOME_REGION, 2);
  keys.set(organizationKey, keyFacts(organizationKey, policyFor(MANAGEMENT, LOG_ARCHIVE)));
  const organizationTrail = add(
    'organization',
    { accountId: MANAGEMENT, homeRegion: HOME_REGION, kmsKeyId: organizationKey, isOrganization: true },
    RIGHT,
  );

  for (const [index, accountId] of members.entries()) {
    const own = keyArn(accountId, HOME_REGION, index);
    keys.set(own, keyFacts(own, policyFor(accountId, accountId)));
    add('own', { accountId, homeRegion: HOME_REGION, kmsKeyId: own, isMultiRegion: true }, RIGHT);
    add('shared', { accountId, homeRegion: HOME_REGION, kmsKeyId: shared, isMultiRegion: false }, RIGHT);
    const { expected, key, delivers } = AILMENTS[index % AILMENTS.length]!;
    const third = keyArn(accountId, OTHER_REGION, index);
    if (key !== null) keys.set(third, key(third, accountId));
    const kmsKeyId = key === null ? null : third;
    add('third', { accountId, homeRegion: OTHER_REGION, kmsKeyId, isMultiRegion: false }, expected, delivers);
  }
  return { members, trails, keys, organizationTrail };
}

/** The key of an account's first trail stops working. */
export function disableKey(estate: Estate, { arn, kmsKeyId }: TrailDescription): void {
  const key = estate.keys.get(kmsKeyId ?? '');
  const known = estate.trails.get(arn);
  if (key === undefined || known === undefined || !key.metadata.read) throw new Error(`${arn} has no key to disable`);
  estate.keys.set(key.reference, { ...key, metadata: read({ ...key.metadata.value, state: 'Disabled' }) });
  known.expected = DISABLED;
}

/** What every account and Region recorded: trails, shadows of multi-Region trails, replicas of the organization trail. */
export function recordsOf(estate: Estate): readonly RecordedTrail[] {
  const record = (trail: TrailDescription, accountId: string, region: string): RecordedTrail => ({
    accountId,
    region,
    arn: trail.arn,
    resourceId: trail.name,
    capturedAt: START,
    configuration: configurationOf(trail),
  });
  const owned = [...estate.trails.values()].filter(({ trail }) => trail.accountId !== MANAGEMENT);
  return [
    ...owned.flatMap(({ trail }) =>
      (trail.isMultiRegion ? REGIONS : [trail.homeRegion]).map((region) => record(trail, trail.accountId, region)),
    ),
    ...estate.members.flatMap((accountId) =>
      REGIONS.map((region) => record(estate.organizationTrail, accountId, region)),
    ),
  ];
}
