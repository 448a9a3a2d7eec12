import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateKeyCommand, DisableKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** The account that moto answers for. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** A trail as the tests need it: enough to write its Config item. */
export interface Trail {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly bucket: string;
  readonly keyArn: string | null;
}

export interface TrailOptions {
  /** `undefined`: AWS's own policy for this trail; `null`: no key at all; a string is written as it is. */
  readonly policy?: unknown;
  readonly keyArn?: string;
  readonly region?: string;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const OWN: AwsCredentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };

/** Real resources in moto, made with the real SDK. */
export interface Account {
  createKey(policy: unknown, region?: string): Promise<string>;
  disableKey(arn: string): Promise<void>;
  createTrail(name: string, options?: TrailOptions): Promise<Trail>;
  deleteTrail(trail: Trail): Promise<void>;
}

/** @param credentials of an account of its own: moto tells accounts apart by the role that they came from */
export function accountAt(endpoint: string, credentials = OWN): Account {
  const config = (region: string) => ({ region, endpoint, credentials });
  const createKey = async (policy: unknown, region = REGION) => {
    const kms = new KMSClient(config(region));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: 'ENCRYPT_DECRYPT' }));
    const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
    await kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: 'default', Policy }));
    return KeyMetadata?.Arn ?? '';
  };
  return {
    createKey,
    disableKey: async (arn) => {
      // moto takes no ARN here.
      await new KMSClient(config(regionOf(arn))).send(new DisableKeyCommand({ KeyId: arn.split('/')[1] }));
    },
    createTrail: async (name, { policy = awsPolicy(trailArn(name)), keyArn, region = REGION } = {}) => {
      const bucket = `logs-of-${name}-${region}`.toLowerCase();
      const s3 = new S3Client({ ...config(region), forcePathStyle: true });
      const location = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
      await s3.send(new CreateBucketCommand({ Bucket: bucket, ...(location as object) }));
      const key = keyArn ?? (policy === null ? null : await createKey(policy, region));
      const cloudtrail = new CloudTrailClient(config(region));
      const { TrailARN } = await cloudtrail.send(
        new CreateTrailCommand({ Name: name, S3BucketName: bucket, ...(key === null ? {} : { KmsKeyId: key }) }),
      );
      await cloudtrail.send(new StartLoggingCommand({ Name: TrailARN }));
      return { name, arn: TrailARN ?? '', region, bucket, keyArn: key };
    },
    deleteTrail: async (trail) => {
      await new CloudTrailClient(config(trail.region)).send(new DeleteTrailCommand({ Name: trail.arn }));
    },
  };
}

export const trailArn = (name: string, region = REGION, account = ACCOUNT): string =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;

const regionOf = (arn: string): string => arn.split(':')[3] ?? REGION;

/** The policy that AWS publishes for the key of a trail, or of several ("Configure AWS KMS key policies for CloudTrail"). */
export const awsPolicy = (arn: string | readonly string[], account = ACCOUNT, administrator = account) => ({
  Version: '2012-10-17',
  Statement: [
    statement('Administer', { AWS: `arn:aws:iam::${administrator}:root` }, 'kms:*'),
    statement('Encrypt', { Service: 'cloudtrail.amazonaws.com' }, 'kms:GenerateDataKey*', {
      StringEquals: { 'aws:SourceArn': arn },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${account}:trail/*` },
    }),
    statement('Describe', { Service: 'cloudtrail.amazonaws.com' }, 'kms:DescribeKey', {
      StringEquals: { 'aws:SourceArn': arn },
    }),
    statement('Read', { AWS: `arn:aws:iam::${account}:role/auditor` }, 'kms:Decrypt', {
      Null: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'false' },
    }),
  ],
});

function statement(Sid: string, Principal: object, Action: string, Condition?: object) {
  return { Sid, Effect: 'Allow', Principal, Action, Resource: '*', ...(Condition ? { Condition } : {}) };
}
