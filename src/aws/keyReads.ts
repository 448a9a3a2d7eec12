import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListGrantsCommand,
  type KeyMetadata as SdkKeyMetadata,
} from '@aws-sdk/client-kms';
import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import {
  type Grant,
  type KeyFacts,
  type KeyMetadata,
  type KeyRotation,
  type Reading,
  read,
  type Unread,
  unread,
} from '../trail/facts.ts';
import type { Access } from './access.ts';
import { admission, inWords } from './admission.ts';
import type { Call, Refusal } from './errors.ts';
import type { KeyReference } from './keyReference.ts';
import { nextMarker, required } from './required.ts';
import { collectPages, type Session } from './session.ts';

/** What signs the requests for one key. */
export interface KeyAccess extends Access {
  /** Why there is no role in the key's account; `null` when the requests are signed there. */
  readonly closed: string | null;
  /** The role that would read there. */
  readonly readerArn: string;
}

/** Grants in one page (KMS API Reference, ListGrants). */
const GRANTS_PER_PAGE = 100;

export async function describeKey(
  { session, clients }: KeyAccess,
  key: KeyReference,
): Promise<Pick<KeyFacts, 'exists' | 'metadata' | 'arn'>> {
  const call = kmsCall('DescribeKey', key);
  const answer = await session.ask(call, (options) =>
    clients.get(KMSClient, key.region).send(new DescribeKeyCommand({ KeyId: key.arn }), options),
  );
  const knownArn = key.isAlias ? null : key.arn;
  if (answer.ok) {
    const KeyMetadata = required(call, answer.output, 'KeyMetadata');
    return { exists: read(true), metadata: read(keyMetadata(KeyMetadata)), arn: KeyMetadata.Arn || knownArn };
  }
  switch (answer.refusal.code) {
    case 'NotFoundException':
      // Only the key's own account and Region know that there is no such key; to others KMS hides it.
      if (key.accountId === session.accountId) {
        return { exists: read(false), metadata: unread('not-found', 'the key does not exist'), arn: knownArn };
      }
      return notKnown(
        unread(
          'not-found',
          `KMS shows \`${key.arn}\` to nobody in account ${session.accountId}: it may be gone or not be shared`,
        ),
        knownArn,
      );
    case 'InvalidArnException':
      return notKnown(unread('invalid', `KMS does not take \`${key.arn}\`: ${answer.refusal.message}`), knownArn);
    default:
      return notKnown(deniedOrThrow(session, call, answer.refusal, key), knownArn);
  }
}

const notKnown = (reason: Unread, arn: string | null) => ({ exists: reason, metadata: reason, arn });

function keyMetadata(metadata: SdkKeyMetadata): KeyMetadata {
  return {
    state: metadata.KeyState || null,
    manager: metadata.KeyManager || null,
    spec: metadata.KeySpec || metadata.CustomerMasterKeySpec || null,
    usage: metadata.KeyUsage || null,
    origin: metadata.Origin || null,
    deletionDate: metadata.DeletionDate ?? null,
    validTo: metadata.ValidTo ?? null,
    isMultiRegion: metadata.MultiRegion ?? null,
  };
}

export async function readPolicy(
  { session, clients, ...entry }: KeyAccess,
  key: KeyReference,
): Promise<Reading<KeyPolicyParse>> {
  if (key.accountId !== session.accountId) {
    return unread(
      'denied',
      `GetKeyPolicy does not work across accounts: it takes a role in account ${key.accountId} with kms:GetKeyPolicy ` +
        `on ${key.arn} (${entry.closed})${inWords(entry.readerArn)}`,
    );
  }
  const call = kmsCall('GetKeyPolicy', key);
  const answer = await session.ask(call, (options) =>
    clients
      .get(KMSClient, key.region)
      .send(new GetKeyPolicyCommand({ KeyId: key.arn, PolicyName: 'default' }), options),
  );
  if (!answer.ok) return goneOrUnread(session, call, answer.refusal, key);
  return read(parseKeyPolicy(required(call, answer.output, 'Policy')));
}

export async function readGrants(
  { session, clients }: KeyAccess,
  key: KeyReference,
): Promise<Reading<readonly Grant[]>> {
  const call = kmsCall('ListGrants', key);
  let refused: Unread | null = null;
  const grants = await collectPages<Grant>(call, async (Marker) => {
    const answer = await session.ask(call, (options) =>
      clients
        .get(KMSClient, key.region)
        .send(new ListGrantsCommand({ KeyId: key.arn, Limit: GRANTS_PER_PAGE, ...(Marker && { Marker }) }), options),
    );
    if (!answer.ok) {
      refused = goneOrUnread(session, call, answer.refusal, key);
      return { items: [], next: undefined };
    }
    const items = required(call, answer.output, 'Grants').map((grant) => ({
      grantId: grant.GrantId ?? '',
      granteePrincipal: grant.GranteePrincipal || grant.GranteeServicePrincipal || '',
      operations: required(call, grant, 'Operations'),
      issuingAccount: grant.IssuingAccount || null,
      retiringPrincipal: grant.RetiringPrincipal || null,
    }));
    return { items, next: nextMarker(call, answer.output) };
  });
  return refused ?? read(grants);
}

export async function readRotation({ session, clients }: KeyAccess, key: KeyReference): Promise<Reading<KeyRotation>> {
  const call = kmsCall('GetKeyRotationStatus', key);
  const answer = await session.ask(call, (options) =>
    clients.get(KMSClient, key.region).send(new GetKeyRotationStatusCommand({ KeyId: key.arn }), options),
  );
  if (answer.ok) {
    return read(required(call, answer.output, 'KeyRotationEnabled') ? 'on' : 'off');
  }
  if (answer.refusal.code === 'UnsupportedOperationException') return read('unsupported');
  return goneOrUnread(session, call, answer.refusal, key);
}

/** A key that vanished, changed its state or is not to be found leaves the fact unread. */
function goneOrUnread(session: Session, call: Call, refusal: Refusal, key: KeyReference): Unread {
  if (NO_ANSWER.has(refusal.code))
    return unread('failed', `KMS ${call.operation} answered ${refusal.code}: ${refusal.message}`);
  return deniedOrThrow(session, call, refusal, key);
}

/** In its own account a statement of the key policy is enough; across accounts it takes more than one. */
function deniedOrThrow(session: Session, call: Call, refusal: Refusal, key: KeyReference): Unread {
  const denied = session.unreadOrThrow(call, refusal);
  if (session.accountId !== key.accountId) return denied;
  return { ...denied, reason: `${denied.reason}${admission(refusal, session.caller)}` };
}

const NO_ANSWER: ReadonlySet<string> = new Set([
  'InvalidArnException',
  'KMSInvalidStateException',
  'NotFoundException',
]);

const kmsCall = (operation: string, key: KeyReference): Call => ({
  service: 'KMS',
  operation,
  permission: `kms:${operation}`,
  subject: key.arn,
  region: key.region,
});
