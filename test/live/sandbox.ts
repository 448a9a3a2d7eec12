import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';

/** The shortest waiting period that KMS takes (KMS API Reference, ScheduleKeyDeletion). */
const DELETION_DAYS = 7;
/** KMS takes a while until a new policy holds everywhere (KMS Developer Guide, "Eventual consistency"). */
const ANSWERS_IN_A_ROW = 3;
const ATTEMPTS = 12;

export interface Sandbox {
  readonly trailArn: string;
  readonly trailName: string;
  readonly bucketName: string;
  readonly keyArn: string;
  /** Gives the key this policy; resolves to KMS's reason when KMS does not take it. */
  writePolicy(policy: unknown): Promise<string | null>;
  /** Whether UpdateTrail takes the key; the trail is without a key again afterwards. */
  tryKey(): Promise<'accepted' | 'refused'>;
  /** Removes everything, once however often it is called; resolves to what a person must remove, one line each. */
  remove(): Promise<readonly string[]>;
}

/**
 * One bucket, one key and one trail that never logs, named alike so that leftovers are found.
 *
 * @param pause milliseconds between two questions to CloudTrail
 */
export async function openSandbox(account: string, region: string, pause: number): Promise<Sandbox> {
  const name = `cloudtrail-kms-rule-live-${randomBytes(4).toString('hex')}`;
  const trailArn = `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
  const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined;
  const s3 = new S3Client({ region, forcePathStyle });
  const kms = new KMSClient({ region });
  const cloudTrail = new CloudTrailClient({ region });
  const undo: { readonly what: string; readonly run: () => Promise<unknown> }[] = [];

  let removal: Promise<readonly string[]> | undefined;
  const remove = () => {
    removal ??= undoAll();
    return removal;
  };
  const undoAll = async () => {
    const left: string[] = [];
    for (const { what, run } of undo.reverse()) {
      await run().catch((error: Error) => left.push(`${what}: ${error.name}: ${error.message}`));
    }
    return left;
  };

  try {
    const location = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await s3.send(new CreateBucketCommand({ Bucket: name, ...(location as object) }));
    undo.push({ what: `bucket ${name}`, run: () => removeBucket(s3, name) });
    const bucketPolicy = JSON.stringify(policyOfBucket(name, account, trailArn));
    await s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: bucketPolicy }));

    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: name }));
    const keyArn = KeyMetadata?.Arn ?? '';
    const deletion = new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId, PendingWindowInDays: DELETION_DAYS });
    undo.push({ what: `key ${keyArn}`, run: () => kms.send(deletion) });

    await cloudTrail.send(new CreateTrailCommand({ Name: name, S3BucketName: name }));
    undo.push({ what: `trail ${trailArn}`, run: () => cloudTrail.send(new DeleteTrailCommand({ Name: name })) });

    const ask = async (): Promise<'accepted' | 'refused'> => {
      try {
        await cloudTrail.send(new UpdateTrailCommand({ Name: name, KmsKeyId: keyArn }));
      } catch (error) {
        if ((error as Error).name === 'InsufficientEncryptionPolicyException') return 'refused';
        throw error;
      }
      await cloudTrail.send(new UpdateTrailCommand({ Name: name, KmsKeyId: '' }));
      return 'accepted';
    };

    return {
      trailArn,
      trailName: name,
      bucketName: name,
      keyArn,
      remove,
      writePolicy: async (policy) => {
        try {
          // KMS itself refuses a policy that would lock the caller out: the key can always be removed again.
          const Policy = JSON.stringify(policy);
          await kms.send(new PutKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default', Policy }));
          return null;
        } catch (error) {
          if ((error as Error).name === 'MalformedPolicyDocumentException') return (error as Error).message;
          throw error;
        }
      },
      tryKey: async () => {
        const answers: ('accepted' | 'refused')[] = [];
        while (answers.length < ATTEMPTS) {
          await sleep(pause);
          answers.push(await ask());
          const last = answers.slice(-ANSWERS_IN_A_ROW);
          const [first] = last;
          if (first && last.length === ANSWERS_IN_A_ROW && last.every((answer) => answer === first)) return first;
        }
        throw new Error(`CloudTrail's answer about ${keyArn} does not settle: ${answers.join(' ')}`);
      },
    };
  } catch (error) {
    for (const what of await remove()) console.error(`remove by hand: ${what}`);
    throw error;
  }
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
}

/** "Amazon S3 bucket policy for CloudTrail". */
function policyOfBucket(bucket: string, account: string, trailArn: string) {
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  const source = { 'aws:SourceArn': trailArn };
  const owned = { 's3:x-amz-acl': 'bucket-owner-full-control', ...source };
  const allow = (Action: string, Resource: string, StringEquals: object) => ({
    Effect: 'Allow',
    Principal,
    Action,
    Resource,
    Condition: { StringEquals },
  });
  return {
    Version: '2012-10-17',
    Statement: [
      allow('s3:GetBucketAcl', `arn:aws:s3:::${bucket}`, source),
      allow('s3:PutObject', `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`, owned),
    ],
  };
}
