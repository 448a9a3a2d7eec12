import { type AccessRequest, absent, unknown } from '../policy/request.ts';
import type { Check, CheckOptions, FindingOf } from './check.ts';
import { type CheckResult, fail, notApplicable, pass, undecided } from './checkResult.ts';
import { whenPolicyRead } from './defineCheck.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { CheckId } from './finding.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { readIt } from './remedies.ts';
import { missingPermissionOf } from './remedy/remedy.ts';
import { serviceRequest } from './requests.ts';
import * as access from './serviceAccess.ts';

/**
 * An event data store is evaluated as a trail of which nothing is known but its key: what the checks say of the key holds for it too,
 * and what CloudTrail asks of the key it asks otherwise.
 */

/** What is asked about an event data store in words of its own, and what to do where that fails. */
export const OF_EVENT_DATA_STORES: Partial<Record<CheckId, { readonly remediation: string }>> = {
  'trail-encrypted': {
    remediation:
      'Give the event data store a key with `aws cloudtrail update-event-data-store --kms-key-id`; it can be neither changed nor taken away later. Its policy has to let `cloudtrail.amazonaws.com` use `kms:GenerateDataKey` and `kms:Decrypt` first.',
  },
  'cloudtrail-can-encrypt': {
    remediation:
      'Add a statement that lets `cloudtrail.amazonaws.com` use `kms:GenerateDataKey`, without `aws:SourceArn` and `aws:SourceAccount`: in key policies for event data stores AWS does not support them.',
  },
  'cloudtrail-can-decrypt': {
    remediation:
      'Add a statement that lets `cloudtrail.amazonaws.com` use `kms:Decrypt`, without `aws:SourceArn` and `aws:SourceAccount`: in key policies for event data stores AWS does not support them.',
  },
  'cloudtrail-can-describe': {
    remediation: 'Add a statement that lets `cloudtrail.amazonaws.com` use `kms:DescribeKey`, without a condition.',
  },
};

/** Checks of the key, and of who else can use it, whatever CloudTrail encrypts with it. */
const OF_THE_KEY: ReadonlySet<CheckId> = new Set([
  ...(['key-exists', 'key-usable', 'key-customer-managed', 'key-symmetric', 'key-approved', 'key-rotates'] as const),
  ...(['public-excluded', 'public-metadata-excluded', 'named-accounts-trusted', 'grants-bounded'] as const),
  ...(['administration-bounded', 'key-administrable', 'service-least-privilege'] as const),
  ...(['policy-well-formed', 'policy-writable'] as const),
]);

/** Whether the check says anything of an event data store. */
export const appliesToEventDataStores = (id: CheckId): boolean =>
  OF_THE_KEY.has(id) || Object.hasOwn(OF_EVENT_DATA_STORES, id);

/**
 * A check's finding on an event data store; without a remedy but a permission that whoever reads lacks, for the steps of a repair are those
 * of a trail.
 */
export function evaluateEventDataStore<Id extends CheckId>(
  check: Check<Id>,
  trail: TrailFacts,
  key: KeyFacts | null,
  options: CheckOptions,
): FindingOf<Id> {
  const { id, severity } = check;
  const signed = (result: CheckResult): FindingOf<Id> => ({
    ...result,
    ...{ check: id, severity, remedy: missingPermissionOf(result.remedy) === null ? [] : result.remedy },
  });
  const { unread: why = null, refused } = trail.eventDataStore ?? {};
  if (!appliesToEventDataStores(id)) return signed(notApplicable('it says nothing of an event data store'));
  if (why !== null) return signed(undecided(why, refused === undefined ? [] : readIt(refused)));
  if (id === 'trail-encrypted') return signed(encrypted(trail));
  if (key === null) return signed(notApplicable('the event data store names no KMS key'));
  const action = ACTIONS[id];
  if (action === undefined) return signed(check.evaluate(trail, key, options));
  return signed(whenPolicyRead((subject) => ask(subject, action))(trail, key, options));
}

const encrypted = ({ kmsKeyId }: TrailFacts): CheckResult =>
  kmsKeyId === null
    ? fail(
        'the event data store names no KMS key, so its events are encrypted with one of AWS that nobody can look at',
        [],
      )
    : pass(`the event data store names KMS key \`${kmsKeyId}\``);

/** CloudTrail generates data keys to store events, and decrypts them for queries. */
const ACTIONS: Partial<Record<CheckId, string>> = {
  'cloudtrail-can-encrypt': 'kms:GenerateDataKey',
  'cloudtrail-can-decrypt': 'kms:Decrypt',
  'cloudtrail-can-describe': 'kms:DescribeKey',
};

function ask(subject: KeyPolicySubject, action: string): CheckResult {
  const all = access.answers(subject, [{ purpose: 'event data store', request: requestOf(subject, action) }]);
  const evidence = access.evidenceOf(all);
  const denied = access.deniedOf(all);
  if (denied.length > 0) return fail(`CloudTrail may not ${action}: ${access.refusalsInWords(denied)}`, [], evidence);
  if (access.unknownOf(all).length > 0)
    return undecided(`whether CloudTrail may ${action} is open: ${access.doubtsInWords(all)}`, [], evidence);
  return pass(`CloudTrail may ${action} for the event data store`, evidence);
}

/**
 * The two keys that name a source are not supported in key policies for event data stores (AWS CloudTrail User Guide, Configure AWS KMS key
 * policies for CloudTrail). Which encryption context these requests carry is not documented.
 */
function requestOf(subject: KeyPolicySubject, action: string): AccessRequest {
  const { context, ...request } = serviceRequest(subject, action);
  const asked = Object.entries(context).map(([name, state]) => [name, OPEN.test(name) ? unknown : state] as const);
  return {
    ...request,
    context: { ...Object.fromEntries(asked), 'aws:SourceArn': absent, 'aws:SourceAccount': absent },
  };
}

const OPEN = /^kms:EncryptionContext/i;
