import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import { inWords } from '../../facts/admission.ts';
import { type KeyReference, keyOfArn } from '../../facts/keyReference.ts';
import {
  type ErrorMember,
  isErrorMember,
  type KeyEntry,
  type Member,
  type PoliciesEntry,
} from '../../facts/members.ts';
import { isError } from '../../facts/readings.ts';
import { READINGS_OF_A_KEY } from '../../rule/concurrency.ts';
import type { Access } from '../access.ts';
import { type Call, callOf } from '../errors.ts';
import { memoize } from '../memo.ts';
import { nextMarker, required } from '../required.ts';
import { answersOf, isThrottled, readMember, readPages } from './member.ts';

/** What signs the requests for one key. */
export interface KeyAccess extends Access {
  /** Why there is no way into the key's account; `null` when the requests are signed there. */
  readonly closed: string | null;
  /** The role that would read there. */
  readonly readerArn: string;
}

interface KeyMembersSources {
  accessTo(key: KeyReference): Promise<KeyAccess>;
  /** Whether GetKeyRotationStatus is worth a call. */
  readonly readRotation: boolean;
  /**
   * Whether what decides nothing, rotation and aliases that no policy looks at, is unread rather than an error where KMS
   * throttles it to the last attempt; left out: an error.
   */
  readonly throttledIsUnread?: boolean;
  /** The resource control policies of the key's account, read beside the key; `null`: not asked for. */
  policies(accountId: string): Promise<PoliciesEntry | null>;
}

interface KeyMembersReader {
  /**
   * What a trail names: the key's entry, and before it one under the alias's ARN where it names an alias. Each key is
   * read once, in the Region of its ARN; a key that is not there, or that an alias does not lead to, has no details.
   */
  entries(named: KeyReference): Promise<readonly KeyEntry[]>;
  /** What DescribeKey answers, and nothing else. */
  described(named: KeyReference): Promise<KeyEntry>;
}

/** @throws InfrastructureError on throttling, timeouts and the like */
export function keyReader({
  accessTo,
  readRotation,
  throttledIsUnread = false,
  policies,
}: KeyMembersSources): KeyMembersReader {
  const describe = memoize(async (arn) => describeKey(await accessTo(parsed(arn)), parsed(arn)), READINGS_OF_A_KEY);
  /** @param notShown what stands in place of the members of a key that KMS shows to nobody in the account that asks */
  const membersOf = async (arn: string, notShown: ErrorMember | null) => {
    const key = parsed(arn);
    const access = await accessTo(key);
    const [Policy, AWS_RAM, Grants, KeyRotationEnabled, control] = await Promise.all([
      readPolicy(access, key, 'default'),
      readRamPolicy(access, key),
      notShown ?? readGrants(access, key),
      readRotation ? (notShown ?? readRotationStatus(access, key, throttledIsUnread)) : null,
      policies(key.accountId),
    ]);
    return { members: { Policy, Policies: { AWS_RAM }, Grants, ...(readRotation && { KeyRotationEnabled }) }, control };
  };
  const details = memoize((arn) => membersOf(arn, null), READINGS_OF_A_KEY);
  const aliasReader = (isUnread: boolean) =>
    memoize(async (arn) => readAliases(await accessTo(parsed(arn)), parsed(arn), isUnread), READINGS_OF_A_KEY);
  // Which key an alias is DescribeKey tells: its aliases decide only where a policy looks at them.
  const aliases = aliasReader(throttledIsUnread);
  const decidingAliases = aliasReader(false);

  return {
    async entries(named) {
      // Who names the key itself need not be told which one it is before the rest is asked. Four calls go out at once to one
      // host, so what decides comes first: rotation is the one that waits.
      const describing = describe(named.arn);
      const beside = named.isAlias ? null : details(named.arn);
      beside?.catch(() => undefined);
      const KeyMetadata = await describing;
      const described: KeyEntry = { KeyArn: named.arn, KeyMetadata };
      const known = named.isAlias ? null : named.arn;
      const isGone = isErrorMember(KeyMetadata) && isError(KeyMetadata.Error, 'NotFoundException');
      const arn = isErrorMember(KeyMetadata) ? known : KeyMetadata.Arn || known;
      if (arn === null || isGone) return [described];
      const isHidden = isErrorMember(KeyMetadata) && isError(KeyMetadata.Error, NOT_VISIBLE);
      const [{ members, control }, early] = await Promise.all([
        // Of what was asked beside nothing counts then, errors neither.
        isHidden ? membersOf(arn, KeyMetadata) : beside !== null && arn === named.arn ? beside : details(arn),
        named.isAlias ? aliases(arn) : null,
      ]);
      const matter = (early === null || isThrottled(early)) && looksAtAliases(members, control);
      const Aliases = matter ? await decidingAliases(arn) : early;
      const entry = { KeyArn: arn, KeyMetadata, ...members, ...(Aliases !== null && { Aliases }) };
      return arn === named.arn ? [entry] : [described, entry];
    },
    described: async ({ arn }) => ({ KeyArn: arn, KeyMetadata: await describe(arn) }),
  };
}

/** Whether a policy compares the key's aliases. */
const looksAtAliases = ({ Policy, Policies }: Partial<KeyEntry>, control: PoliciesEntry | null): boolean =>
  /kms:ResourceAliases/i.test(JSON.stringify([Policy, Policies, control?.Policies]));

function parsed(arn: string): KeyReference {
  const key = keyOfArn(arn);
  if (key === null) throw new Error(`\`${arn}\` is no key ARN`);
  return key;
}

const NOT_VISIBLE = 'NotVisibleAcrossAccounts';

async function describeKey(access: KeyAccess, key: KeyReference) {
  const call = callOf('KMS', 'DescribeKey', key.arn, key.region);
  const metadata = await readMember(
    access,
    call,
    (options) => kms(access, key).send(new DescribeKeyCommand({ KeyId: key.arn }), options),
    (answer) => required(call, answer, 'KeyMetadata'),
    new Set(['InvalidArnException', 'NotFoundException']),
  );
  const { session } = access;
  const isHidden = isErrorMember(metadata) && isError(metadata.Error, 'NotFoundException');
  if (!isHidden || key.accountId === session.accountId) return metadata;
  // Only the key's own account and Region know that there is no such key; to others KMS hides it.
  const what = `KMS shows \`${key.arn}\` to nobody in account ${session.accountId}: it may be gone or not be shared`;
  return session.notRead(call, NOT_VISIBLE, what);
}

/** A key that vanished, changed its state or is not to be found. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'InvalidArnException',
  'KMSInvalidStateException',
  'NotFoundException',
]);

/** The policy that AWS RAM writes for a key that is shared through it; `null`: there is none. */
async function readRamPolicy(access: KeyAccess, key: KeyReference): Promise<Member<string> | null> {
  const member = await readPolicy(access, key, 'AWS_RAM');
  return isErrorMember(member) && isError(member.Error, 'NotFoundException') ? null : member;
}

async function readPolicy(access: KeyAccess, key: KeyReference, PolicyName: string): Promise<Member<string>> {
  const call = callOf('KMS', 'GetKeyPolicy', key.arn, key.region);
  return (
    acrossAccounts(access, call, key) ??
    readMember(
      access,
      call,
      (options) => kms(access, key).send(new GetKeyPolicyCommand({ KeyId: key.arn, PolicyName }), options),
      (answer) => required(call, answer, 'Policy'),
      NO_ANSWER,
    )
  );
}

/** GetKeyPolicy and ListAliases do not work across accounts (KMS API Reference). */
function acrossAccounts({ session, closed, readerArn }: KeyAccess, call: Call, key: KeyReference) {
  if (key.accountId === session.accountId) return null;
  const role = `${call.operation} does not work across accounts: it takes a role in account ${key.accountId}`;
  const what = `${role} with ${call.permission} on ${key.arn} (${closed})${inWords(readerArn)}`;
  return session.notRead(call, 'NotReadableAcrossAccounts', what);
}

function readRotationStatus(access: KeyAccess, key: KeyReference, isUnread: boolean): Promise<Member<boolean>> {
  const call = callOf('KMS', 'GetKeyRotationStatus', key.arn, key.region);
  return readMember(
    access,
    call,
    (options) => kms(access, key).send(new GetKeyRotationStatusCommand({ KeyId: key.arn }), options),
    (answer) => required(call, answer, 'KeyRotationEnabled'),
    answersOf(new Set([...NO_ANSWER, 'UnsupportedOperationException']), isUnread),
  );
}

/** Entries in one page (KMS API Reference, ListGrants and ListAliases). */
const PER_PAGE = 100;

function readGrants(access: KeyAccess, key: KeyReference) {
  const call = callOf('KMS', 'ListGrants', key.arn, key.region);
  return readPages(
    access,
    call,
    async (options, Marker) => {
      const command = new ListGrantsCommand({ KeyId: key.arn, Limit: PER_PAGE, ...(Marker && { Marker }) });
      const answer = await kms(access, key).send(command, options);
      const items = required(call, answer, 'Grants').map((grant) => ({
        ...grant,
        Operations: required(call, grant, 'Operations'),
      }));
      return { items, next: nextMarker(call, answer) };
    },
    NO_ANSWER,
  );
}

/** The names of a key's aliases. */
export async function readAliases(
  access: KeyAccess,
  key: KeyReference,
  throttledIsUnread = false,
): Promise<Member<readonly string[]>> {
  const call = callOf('KMS', 'ListAliases', key.arn, key.region);
  return (
    acrossAccounts(access, call, key) ??
    readPages(
      access,
      call,
      async (options, Marker) => {
        const command = new ListAliasesCommand({ KeyId: key.arn, Limit: PER_PAGE, ...(Marker && { Marker }) });
        const answer = await kms(access, key).send(command, options);
        const items = required(call, answer, 'Aliases').map((alias) => required(call, alias, 'AliasName'));
        return { items, next: nextMarker(call, answer) };
      },
      answersOf(NO_ANSWER, throttledIsUnread),
    )
  );
}

const kms = ({ clients }: Access, { region }: KeyReference): KMSClient => clients.get(KMSClient, region);
