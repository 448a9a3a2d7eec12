import type { KeyPolicy } from '../policy/parse.ts';
import { type AccessRequest, absent, type KeyState, matching, present, unknown } from '../policy/request.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import { requestContext } from './conditionKeys/context.ts';
import { ANY_ORGANIZATION, organizationPaths } from './conditionKeys/domains.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { type FileKind, filesOf } from './logFiles.ts';
import { bucketArn, exampleFile, objectPath } from './logPaths.ts';

/** What CloudTrail asks of the bucket that a trail delivers to. */
export interface BucketRequest {
  /** `null`: the bucket itself. */
  readonly file: FileKind | null;
  /** Why nobody knows whether the trail has such files; `null` where it does. */
  readonly doubt: string | null;
  readonly request: AccessRequest;
}

/** A trail, its key, and the policy of its bucket. */
export interface BucketSubject {
  readonly trail: TrailFacts;
  readonly key: KeyFacts;
  readonly policy: KeyPolicy;
}

/** PutObject of each kind of file that the trail writes, and GetBucketAcl (CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail). */
export const bucketRequests = (subject: BucketSubject): readonly BucketRequest[] => [
  { file: null, doubt: null, request: bucketRequest(subject, 's3:GetBucketAcl', bucketArn(subject.trail)) },
  ...filesOf(subject.trail).map(({ kind, doubt }) => ({ file: kind, doubt, request: putObject(subject, kind) })),
];

function putObject(subject: BucketSubject, kind: FileKind): AccessRequest {
  const { trail } = subject;
  const request = bucketRequest(subject, 's3:PutObject', exampleFile(trail, kind), uploadContext(subject));
  return { ...request, resources: objectPath(trail, kind) };
}

const bucketRequest = (
  subject: BucketSubject,
  action: string,
  resource: string,
  asked: AccessRequest['context'] = {},
): AccessRequest => ({
  principal: { service: CLOUDTRAIL },
  action,
  resource,
  context: { ...commonContext(subject, action), ...asked },
  otherKeys: 'unknown',
});

/** What every request of CloudTrail's carries, with the bucket's own in place of what the table says of the key's. */
function commonContext({ trail, key, policy }: BucketSubject, action: string): AccessRequest['context'] {
  const subject = { trail, key, keyArn: key.arn ?? key.reference, policies: [policy] };
  const region =
    trail.bucket.read && trail.bucket.value.region.read ? present(trail.bucket.value.region.value) : unknown;
  return {
    ...requestContext(subject, 'cloudTrail', action),
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': matching('############'),
    's3:ResourceAccount': matching('############'),
    'aws:ResourceOrgID': unknown,
    'aws:ResourceOrgPaths': unknown,
    'aws:SourceOrgID': sourceOrganization(trail),
    'aws:SourceOrgPaths': organizationPaths(trail.organizationId),
    // AWS takes nothing older (AWS General Reference, TLS).
    's3:TlsVersion': matching('1.2', '1.3'),
    ...Object.fromEntries(UPLOAD_HEADERS.map((name) => [name, absent])),
  };
}

/** Documented for deliveries to S3, though not for calls to KMS (AWS Control Tower User Guide, Amazon S3 bucket policy in the audit account). */
function sourceOrganization({ organizationId, isOrganization }: TrailFacts): KeyState {
  if (organizationId.read) return organizationId.value === null ? absent : present(organizationId.value);
  return isOrganization === true ? matching(ANY_ORGANIZATION) : unknown;
}

/** Headers of uploads that CloudTrail does not send, and no other request has. */
const UPLOAD_HEADERS = [
  's3:x-amz-acl',
  's3:x-amz-copy-source',
  's3:x-amz-grant-full-control',
  's3:x-amz-grant-read',
  's3:x-amz-grant-read-acp',
  's3:x-amz-grant-write',
  's3:x-amz-grant-write-acp',
  's3:x-amz-metadata-directive',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:x-amz-server-side-encryption-customer-algorithm',
];

/** What an upload carries beside it. */
const uploadContext = ({ key }: BucketSubject): AccessRequest['context'] => ({
  's3:x-amz-acl': present('bucket-owner-full-control'),
  's3:x-amz-server-side-encryption': present('aws:kms'),
  's3:x-amz-server-side-encryption-aws-kms-key-id': key.arn === null ? unknown : present(key.arn),
});
