import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Home } from '../access.ts';
import type { AwsClients } from '../clients.ts';
import { callOf } from '../errors.ts';
import { startSession } from '../session.ts';

interface ResultBucketBinding {
  readonly home: Home;
  /** Of the function's own account and Region; its default encryption is what encrypts. */
  readonly bucket: string;
  /** How to name the principal of the clients where AWS's messages do not. */
  readonly caller: string;
  /** Aborts when the invocation's time is nearly up. */
  readonly signal: AbortSignal;
}

/** Writes the lines of runs into a bucket. @throws InfrastructureError when S3 does not take them */
export function resultBucket(clients: AwsClients, { home, bucket, caller, signal }: ResultBucketBinding) {
  const session = startSession(home.accountId, caller, signal);
  return {
    async write(Key: string, lines: readonly string[]): Promise<void> {
      const call = callOf('S3', 'PutObject', `arn:${home.partition}:s3:::${bucket}/${Key}`, home.region);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key,
        Body: lines.join(''),
        ContentType: 'application/x-ndjson',
        // A bucket of that name in other hands is handed nothing.
        ExpectedBucketOwner: home.accountId,
      });
      await session.demand(call, (options) => clients.get(S3Client, home.region).send(command, options));
    },
  };
}
