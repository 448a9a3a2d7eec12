import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { type KeyFacts, type KeyMetadata, type Reading, type Unread, unread } from '../trail/facts.ts';
import type { KeyAlone } from './keyNamed.ts';
import { keyMetadata } from './keys.ts';
import { type ErrorMember, isErrorMember, type KeyMetadataMember } from './members.ts';
import { unreadError } from './readings.ts';

/** What AWS Config recorded of a key; each reading carries the time of the record. */
type RecordedKey = Pick<KeyFacts, 'exists' | 'metadata' | 'policy'>;

/** From BatchGetAggregateResourceConfig. */
export interface RecordedItem {
  readonly configurationItemCaptureTime?: Date | undefined;
  readonly configurationItemStatus?: string | undefined;
  /** JSON text. */
  readonly configuration?: string | undefined;
  readonly supplementaryConfiguration?: Readonly<Record<string, string>> | undefined;
}

/** Statuses of a resource that is there; any other one is of one that was deleted, or says nothing of it. */
const LIVING = new Set(['OK', 'ResourceDiscovered']);
const DELETED = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded']);

/** The facts that the recorded item of a key holds. */
export function recordedKey(item: RecordedItem | ErrorMember, arn: string): RecordedKey {
  if (isErrorMember(item)) return notRecorded(unreadError(item.Error, 'config:BatchGetAggregateResourceConfig'));
  const { configurationItemCaptureTime: capturedAt, configurationItemStatus: status = 'OK' } = item;
  if (capturedAt === undefined)
    return notRecorded(unread('not-told', `the recorded item of ${arn} does not say when it was recorded`));
  const recorded = <T>(value: T): Reading<T> => ({ read: true, value, capturedAt });
  if (DELETED.has(status)) {
    return { ...notRecorded(unread('not-found', 'the key was deleted')), exists: recorded(false) };
  }
  if (!LIVING.has(status))
    return notRecorded(unread('not-told', `the recorded item of ${arn} has the status ${status}`));
  const metadata = metadataOf(item.configuration);
  const policy = policyDocument(item.supplementaryConfiguration?.Policy);
  const without = (what: string) => unread('not-told', `the recorded item of ${arn} carries no ${what}`);
  return {
    exists: recorded(true),
    metadata: metadata === null ? without('configuration') : recorded<KeyMetadata>(metadata),
    policy: policy === null ? without('policy') : recorded<KeyPolicyParse>(parseKeyPolicy(policy)),
  };
}

const notRecorded = (reason: Unread): RecordedKey => ({ exists: reason, metadata: reason, policy: reason });

/** A key with what was recorded in place of what could not be read live, or both reasons. */
export function withRecord(live: KeyAlone, record: RecordedKey): KeyAlone {
  return {
    ...live,
    exists: either(live.exists, record.exists),
    metadata: either(live.metadata, record.metadata),
    policy: either(live.policy, record.policy),
  };
}

function either<T>(live: Reading<T>, record: Reading<T>): Reading<T> {
  if (live.read || record.read) return live.read ? live : record;
  return { ...live, reason: `${live.reason}; ${record.reason}` };
}

/** The members of DescribeKey's answer, which AWS Config spells with a small first letter. */
function metadataOf(text: string | undefined): KeyMetadata | null {
  const members = parseJson(text ?? '');
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return null;
  const member = (name: keyof KeyMetadataMember): unknown =>
    (members as Readonly<Record<string, unknown>>)[`${name.charAt(0).toLowerCase()}${name.slice(1)}`] ??
    (members as Readonly<Record<string, unknown>>)[name];
  const textOf = (name: keyof KeyMetadataMember): string | null => {
    const value = member(name);
    return typeof value === 'string' ? value : null;
  };
  const MultiRegion = member('MultiRegion');
  return keyMetadata({
    KeyState: textOf('KeyState'),
    KeyManager: textOf('KeyManager'),
    KeySpec: textOf('KeySpec'),
    CustomerMasterKeySpec: textOf('CustomerMasterKeySpec'),
    KeyUsage: textOf('KeyUsage'),
    Origin: textOf('Origin'),
    DeletionDate: dateOf(member('DeletionDate')),
    ValidTo: dateOf(member('ValidTo')),
    CreationDate: dateOf(member('CreationDate')),
    MultiRegion: typeof MultiRegion === 'boolean' ? MultiRegion : null,
  });
}

/** AWS Config writes times as ISO 8601 text or as milliseconds since 1970. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The policy's text: the history and the aggregator hand out a JSON string of it, the change event the text itself. */
function policyDocument(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const value = parseJson(text);
  return typeof value === 'string' ? value : text;
}

/** `undefined` where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
