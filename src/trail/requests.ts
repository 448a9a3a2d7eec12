import type { KeyPolicy } from '../policy/parse.ts';
import { type AccessRequest, absent, type KeyState, present } from '../policy/request.ts';
import { keyIdentity } from './arn.ts';
import type { TrailFacts } from './facts.ts';
import type { FileKind } from './logFiles.ts';
import { bucketPath } from './logPaths.ts';
import { policyNames } from './policyNames.ts';

/** CloudTrail's service principal, the same in every partition. */
export const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

export const TRAIL_CONTEXT_KEY = 'kms:EncryptionContext:aws:cloudtrail:arn';
export const S3_CONTEXT_KEY = 'kms:EncryptionContext:aws:s3:arn';

/** What CloudTrail asks of a key, each for one purpose. */
export type RequestPurpose = 'probe' | FileKind | 'describe' | 'bucket-key decrypt';

export interface CloudTrailRequest {
  readonly purpose: RequestPurpose;
  readonly request: AccessRequest;
}

/** CloudTrail's DescribeKey on creating or updating a trail; it carries no encryption context. */
export function describeRequest(trail: TrailFacts, keyArn: string, policies: readonly KeyPolicy[]): CloudTrailRequest {
  const context = {
    ...serviceContext(keyArn, policies),
    ...sourceContext(trail),
    [TRAIL_CONTEXT_KEY]: absent,
    [S3_CONTEXT_KEY]: absent,
    'kms:EncryptionContextKeys': absent,
  };
  return { purpose: 'describe', request: serviceRequest('kms:DescribeKey', keyArn, context) };
}

/** CloudTrail's Decrypt where the bucket has an S3 Bucket Key. */
export function decryptRequest(trail: TrailFacts, keyArn: string, policies: readonly KeyPolicy[]): CloudTrailRequest {
  const context = encryptionContext(trail, keyArn, policies, bucketPath(trail));
  return { purpose: 'bucket-key decrypt', request: serviceRequest('kms:Decrypt', keyArn, context) };
}

/** The whole context of a call for this trail that carries an encryption context. */
export function encryptionContext(
  trail: TrailFacts,
  keyArn: string,
  policies: readonly KeyPolicy[],
  s3Arn: KeyState,
): Readonly<Record<string, KeyState>> {
  return {
    ...serviceContext(keyArn, policies),
    ...sourceContext(trail),
    [TRAIL_CONTEXT_KEY]: present(trail.arn),
    [S3_CONTEXT_KEY]: s3Arn,
    'kms:EncryptionContextKeys': present(['aws:cloudtrail:arn', 'aws:s3:arn']),
  };
}

/** A request of CloudTrail; every condition key that the documentation does not settle is unknown. */
export function serviceRequest(
  action: string,
  keyArn: string,
  context: Readonly<Record<string, KeyState>>,
): AccessRequest {
  return { principal: { service: CLOUDTRAIL }, action, resource: keyArn, context, otherKeys: 'unknown' };
}

const sourceContext = (trail: TrailFacts): Readonly<Record<string, KeyState>> => ({
  'aws:SourceArn': present(trail.arn),
  'aws:SourceAccount': present(trail.accountId),
});

/** What was last worked out for a policy, with the key and the policies that it holds for. */
const serviceContexts = new WeakMap<
  KeyPolicy,
  { keyArn: string; policies: readonly KeyPolicy[]; context: Readonly<Record<string, KeyState>> }
>();

/**
 * What holds of every call that CloudTrail makes, whichever the trail. Keys that a service principal never carries are
 * absent, and so is each encryption context key that a policy mentions and CloudTrail does not send.
 */
export function serviceContext(keyArn: string, policies: readonly KeyPolicy[]): Readonly<Record<string, KeyState>> {
  const [first] = policies;
  const known = first === undefined ? undefined : serviceContexts.get(first);
  if (known?.keyArn === keyArn && isSame(known.policies, policies)) return known.context;
  const context = workOutServiceContext(keyArn, policies);
  if (first !== undefined) serviceContexts.set(first, { keyArn, policies, context });
  return context;
}

const isSame = (some: readonly KeyPolicy[], others: readonly KeyPolicy[]): boolean =>
  some.length === others.length && some.every((policy, index) => policy === others[index]);

function workOutServiceContext(keyArn: string, policies: readonly KeyPolicy[]): Readonly<Record<string, KeyState>> {
  const mentioned = policyNames(policies).conditionKeys.filter(isNeverSent);
  const key = keyIdentity(keyArn);
  return {
    ...Object.fromEntries([...NEVER_SENT, ...mentioned].map((name) => [name, absent])),
    'aws:PrincipalIsAWSService': present('true'),
    'aws:PrincipalServiceName': present(CLOUDTRAIL),
    'aws:SecureTransport': present('true'),
    ...(key === null ? {} : { 'aws:ResourceAccount': present(key.accountId) }),
  };
}

const NEVER_SENT = [
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
];

const NEVER_SENT_PREFIXES = ['kms:encryptioncontext:', 'aws:principaltag/', 'aws:multifactorauth'];

function isNeverSent(key: string): boolean {
  if (key === TRAIL_CONTEXT_KEY.toLowerCase() || key === S3_CONTEXT_KEY.toLowerCase()) return false;
  return NEVER_SENT_PREFIXES.some((prefix) => key.startsWith(prefix));
}
