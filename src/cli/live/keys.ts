import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import type { Access } from '../../aws/access.ts';
import type { Call } from '../../aws/errors.ts';
import type { KeyReference } from '../../aws/keyReference.ts';
import { nextMarker, required } from '../../aws/required.ts';
import { collectPages } from '../../aws/session.ts';
import { isUnreadable, type KeyEntry, type Member, type Unreadable, unreadable } from './document.ts';
import { readMember, refusedMember } from './reach.ts';

/** Entries in one page (KMS API Reference, ListGrants and ListAliases). */
const PER_PAGE = 100;

/** Answers of KMS's about the key: it is gone, it is in the wrong state, it cannot have what was asked for. */
const ANSWERS: ReadonlySet<string> = new Set([
  'InvalidArnException',
  'KMSInvalidStateException',
  'NotFoundException',
  'UnsupportedOperationException',
]);

/**
 * Reads a key, in the Region of its ARN.
 *
 * @param access of the key's own account; or else of another one, to which KMS shows a part of the key
 * @param closed why the key's own account was not entered
 * @throws InfrastructureError on throttling, timeouts and the like
 */
export async function readKey(access: Access, key: KeyReference, closed: string | null): Promise<KeyEntry | null> {
  const metadata = await describeKey(access, key);
  if (isUnreadable(metadata)) {
    const isOwn = access.session.accountId === key.accountId;
    const isMissing = metadata.Error.Code === 'NotFoundException';
    // A snapshot says that an alias does not exist by not holding it.
    if (isMissing && isOwn && key.isAlias) return null;
    if (isMissing && !isOwn) return { KeyArn: key.arn, Error: notShown(access, key, closed).Error };
    if (isMissing || key.isAlias) return { KeyArn: key.arn, Error: metadata.Error };
    return { KeyArn: key.arn, KeyMetadata: metadata, ...(await details(access, key, closed)) };
  }
  const arn = typeof metadata.Arn === 'string' && metadata.Arn !== '' ? metadata.Arn : key.arn;
  const named = key.isAlias ? { ...key, arn, isAlias: false } : key;
  return { KeyArn: arn, KeyMetadata: metadata, ...(await details(access, named, closed)) };
}

/** KMS answers the same to other accounts, whether a key is gone or not shared with them: it proves nothing. */
const notShown = ({ session }: Access, key: KeyReference, closed: string | null): Unreadable =>
  unreadable(
    'NotVisibleAcrossAccounts',
    `KMS shows ${key.arn} to nobody in account ${session.accountId}: it may be gone or not be shared; ${closed}`,
  );

type Details = Pick<Exclude<KeyEntry, Unreadable>, 'Policy' | 'KeyRotationEnabled' | 'Aliases' | 'Grants'>;

async function details(access: Access, key: KeyReference, closed: string | null): Promise<Details> {
  const foreign = closed === null ? null : onlyInside(key, closed);
  const [Policy, KeyRotationEnabled, Aliases, Grants] = await Promise.all([
    foreign ?? readPolicy(access, key),
    readRotation(access, key),
    foreign ?? readAliases(access, key),
    readGrants(access, key),
  ]);
  return { Policy, KeyRotationEnabled, Aliases, Grants };
}

/** GetKeyPolicy and ListAliases do not work across accounts (KMS API Reference). */
const onlyInside = (key: KeyReference, closed: string): Unreadable =>
  unreadable('NotReadableAcrossAccounts', `it is read in account ${key.accountId} only: ${closed}`);

function describeKey(access: Access, key: KeyReference): Promise<Member<Readonly<Record<string, unknown>>>> {
  const call = kmsCall('DescribeKey', key);
  return readMember(
    access,
    call,
    (options) => kms(access, key).send(new DescribeKeyCommand({ KeyId: key.arn }), options),
    (answer) => ({ ...required(call, answer, 'KeyMetadata') }),
    ANSWERS,
  );
}

function readPolicy(access: Access, key: KeyReference): Promise<Member<string>> {
  const call = kmsCall('GetKeyPolicy', key);
  return readMember(
    access,
    call,
    (options) => kms(access, key).send(new GetKeyPolicyCommand({ KeyId: key.arn, PolicyName: 'default' }), options),
    (answer) => required(call, answer, 'Policy'),
    ANSWERS,
  );
}

function readRotation(access: Access, key: KeyReference): Promise<Member<boolean>> {
  const call = kmsCall('GetKeyRotationStatus', key);
  return readMember(
    access,
    call,
    (options) => kms(access, key).send(new GetKeyRotationStatusCommand({ KeyId: key.arn }), options),
    (answer) => required(call, answer, 'KeyRotationEnabled'),
    ANSWERS,
  );
}

function readGrants(access: Access, key: KeyReference) {
  const call = kmsCall('ListGrants', key);
  return readPages(access, call, async (options, page) => {
    const command = new ListGrantsCommand({ KeyId: key.arn, Limit: PER_PAGE, ...page });
    const answer = await kms(access, key).send(command, options);
    const items = required(call, answer, 'Grants').map(
      (grant): Readonly<Record<string, unknown>> => ({ ...grant, Operations: required(call, grant, 'Operations') }),
    );
    return { items, next: nextMarker(call, answer) };
  });
}

function readAliases(access: Access, key: KeyReference) {
  const call = kmsCall('ListAliases', key);
  return readPages(access, call, async (options, page) => {
    const command = new ListAliasesCommand({ KeyId: key.arn, Limit: PER_PAGE, ...page });
    const answer = await kms(access, key).send(command, options);
    const items = required(call, answer, 'Aliases').map((alias) => required(call, alias, 'AliasName'));
    return { items, next: nextMarker(call, answer) };
  });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Every page, or why one of them was refused. */
async function readPages<T>(
  { session }: Access,
  call: Call,
  send: (options: { abortSignal: AbortSignal }, page: { readonly Marker?: string }) => Promise<Page<T>>,
): Promise<Member<readonly T[]>> {
  let refusal: Unreadable | null = null;
  const items = await collectPages<T>(call, async (Marker) => {
    const answer = await session.ask(call, (options) => send(options, Marker === undefined ? {} : { Marker }));
    if (answer.ok) return answer.output;
    refusal = refusedMember(session, call, answer, ANSWERS);
    return { items: [], next: undefined };
  });
  return refusal ?? items;
}

const kms = ({ clients }: Access, { region }: KeyReference): KMSClient => clients.get(KMSClient, region);

const kmsCall = (operation: string, key: KeyReference): Call => ({
  service: 'KMS',
  operation,
  permission: `kms:${operation}`,
  subject: key.arn,
  region: key.region,
});
