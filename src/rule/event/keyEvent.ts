import * as v from 'valibot';
import { keyIdentity } from '../../trail/arn.ts';
import { InvalidInvocationError } from '../errors.ts';
import { quote } from '../quote.ts';
import type { ChangedKey } from './keyChange.ts';
import { type InputError, optionalText, parseWith, text } from './schema.ts';

/** KMS calls that make a key work or stop, or decide whom it works for. */
export const KEY_EVENTS: ReadonlySet<string> = new Set([
  'CancelKeyDeletion',
  'DeleteImportedKeyMaterial',
  'DisableKey',
  'EnableKey',
  'ImportKeyMaterial',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
]);

/** A call to KMS that CloudTrail recorded. */
interface KeyEvent {
  readonly eventName: string;
  readonly key: ChangedKey;
}

const eventSchema = v.object(
  {
    source: v.literal('aws.kms', '`aws.kms`'),
    account: optionalText,
    region: optionalText,
    detail: v.object(
      {
        eventName: text,
        errorCode: optionalText,
        awsRegion: optionalText,
        recipientAccountId: optionalText,
        requestParameters: v.nullish(v.object({ keyId: optionalText }, 'a JSON object'), null),
        resources: v.nullish(
          v.array(v.object({ ARN: optionalText, type: optionalText }, 'a JSON object'), 'a list'),
          null,
        ),
      },
      'a JSON object',
    ),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/** Whether an event is one of KMS that EventBridge sends ("AWS API Call via CloudTrail"). */
export const isKeyEvent = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'source' in event && event.source === 'aws.kms';

/**
 * Reads an event of KMS as EventBridge hands it on (AWS KMS Developer Guide, "Logging AWS KMS API calls with AWS
 * CloudTrail").
 *
 * @returns `null` when nothing changed: KMS refused the call, or it is none of `KEY_EVENTS`
 * @throws InvalidInvocationError naming the member
 */
export function parseKeyEvent(event: unknown): KeyEvent | null {
  const { detail, account, region } = parseWith(eventSchema, event, 'event', (member, problem) =>
    invalid(member.replace(/^event\./, ''), problem),
  );
  const { eventName, errorCode } = detail;
  if (errorCode !== null || !KEY_EVENTS.has(eventName)) return null;
  const reference = detail.requestParameters?.keyId ?? null;
  const arns = [...(detail.resources ?? []).map(({ ARN }) => ARN), reference];
  const identity = arns.map((arn) => keyIdentity(arn ?? '')).find((found) => found !== null);
  if (identity !== undefined && identity !== null) {
    return { eventName, key: { accountId: identity.accountId, region: identity.region, keyId: identity.keyId } };
  }
  const accountId = detail.recipientAccountId ?? account;
  const keyRegion = detail.awsRegion ?? region;
  // These calls take a key's id or ARN, and no alias.
  if (reference === null || !/^[\w-]+$/.test(reference) || accountId === null || keyRegion === null)
    throw invalid('detail.requestParameters.keyId', `is ${quote(reference)}, accepted is the id or the ARN of a key`);
  return { eventName, key: { accountId, region: keyRegion, keyId: reference } };
}
