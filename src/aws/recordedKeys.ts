import {
  type BaseConfigurationItem,
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { InvalidParameterError } from '../rule/errors.ts';
import { type KeyMetadata, type Reading, type Unread, unread } from '../trail/facts.ts';
import type { Access, Home } from './access.ts';
import type { Call } from './errors.ts';
import type { KeyReference } from './keyReference.ts';
import { required } from './required.ts';

/** What AWS Config recorded of a key; each reading carries the time of the record. */
export interface RecordedKey {
  readonly exists: Reading<boolean>;
  readonly metadata: Reading<KeyMetadata>;
  readonly policy: Reading<KeyPolicyParse>;
}

const KEY_TYPE = 'AWS::KMS::Key';

/**
 * Reads the item of a key from a Config aggregator in the function's own account and Region: key facts without any role
 * in the key's account (AWS Config API Reference, BatchGetAggregateResourceConfig).
 *
 * @throws InvalidParameterError when there is no such aggregator
 */
export async function readRecordedKey(
  { session, clients }: Access,
  place: Home,
  aggregatorName: string,
  key: KeyReference,
): Promise<RecordedKey> {
  const call: Call = {
    service: 'Config',
    operation: 'BatchGetAggregateResourceConfig',
    permission: 'config:BatchGetAggregateResourceConfig',
    subject: key.arn,
    region: place.region,
  };
  const answer = await session.ask(call, (options) =>
    clients.get(ConfigServiceClient, place.region).send(
      new BatchGetAggregateResourceConfigCommand({
        ConfigurationAggregatorName: aggregatorName,
        ResourceIdentifiers: [
          {
            SourceAccountId: key.accountId,
            SourceRegion: key.region,
            ResourceId: key.arn.split('/').at(-1),
            ResourceType: KEY_TYPE,
          },
        ],
      }),
      options,
    ),
  );
  if (!answer.ok) {
    if (answer.refusal.code !== 'NoSuchConfigurationAggregatorException') {
      return notRecorded(session.unreadOrThrow(call, answer.refusal));
    }
    const where = `account ${place.accountId} in ${place.region}`;
    throw new InvalidParameterError('aggregatorName', `is \`${aggregatorName}\`, which is no aggregator of ${where}`);
  }
  const [item] = required(call, answer.output, 'BaseConfigurationItems');
  if (item === undefined)
    return notRecorded(unread('not-found', `the aggregator \`${aggregatorName}\` holds no item of ${key.arn}`));
  return recordedKey(item, key.arn);
}

const notRecorded = (reason: Unread): RecordedKey => ({ exists: reason, metadata: reason, policy: reason });

/** Statuses of a resource that is there; any other one is of one that was deleted, or says nothing of it. */
const LIVING = new Set(['OK', 'ResourceDiscovered']);
const DELETED = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded']);

/** The facts that an item holds. */
export function recordedKey(item: BaseConfigurationItem, arn: string): RecordedKey {
  const { configurationItemCaptureTime: capturedAt, configurationItemStatus: status = 'OK' } = item;
  if (capturedAt === undefined)
    return notRecorded(unread('not-told', `the recorded item of ${arn} does not say when it was recorded`));
  const recorded = <T>(value: T): Reading<T> => ({ read: true, value, capturedAt });
  if (DELETED.has(status)) {
    return { ...notRecorded(unread('not-found', 'the key was deleted')), exists: recorded(false) };
  }
  if (!LIVING.has(status))
    return notRecorded(unread('not-told', `the recorded item of ${arn} has the status ${status}`));
  const configuration = parseObject(item.configuration);
  const policy = policyDocument(item.supplementaryConfiguration?.Policy);
  return {
    exists: recorded(true),
    metadata:
      configuration === null
        ? unread('not-told', `the recorded item of ${arn} carries no configuration`)
        : recorded(metadataOf(configuration)),
    policy:
      policy === null
        ? unread('not-told', `the recorded item of ${arn} carries no policy`)
        : recorded(parseKeyPolicy(policy)),
  };
}

/** The members of DescribeKey's answer, with a small first letter. */
function metadataOf(configuration: Readonly<Record<string, unknown>>): KeyMetadata {
  const member = (name: string): unknown =>
    configuration[name] ?? configuration[`${name.charAt(0).toUpperCase()}${name.slice(1)}`];
  const text = (name: string): string | null => {
    const value = member(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const multiRegion = member('multiRegion');
  return {
    state: text('keyState'),
    manager: text('keyManager'),
    spec: text('keySpec') ?? text('customerMasterKeySpec'),
    usage: text('keyUsage'),
    origin: text('origin'),
    deletionDate: dateOf(member('deletionDate')),
    validTo: dateOf(member('validTo')),
    isMultiRegion: typeof multiRegion === 'boolean' ? multiRegion : null,
  };
}

/** AWS Config writes times as ISO 8601 text or as milliseconds since 1970. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | null {
  const value = parseJson(text ?? '');
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
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
