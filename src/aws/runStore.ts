import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { RunStore } from '../rule/central/steps.ts';
import type { Home } from './access.ts';
import type { AwsClients } from './clients.ts';
import { callOf } from './errors.ts';
import { required } from './required.ts';
import { collectPages, startSession } from './session.ts';

interface RunStoreBinding {
  readonly home: Home;
  readonly bucket: string;
  /** The run: its objects lie under `runs/RUN/`. */
  readonly run: string;
  /** How to name the principal of the clients where AWS's messages do not. */
  readonly caller: string;
  readonly signal: AbortSignal;
}

/** What the steps of a run keep, as JSON in a bucket of the function's own account and Region. */
export function runStore(clients: AwsClients, { home, bucket, run, caller, signal }: RunStoreBinding): RunStore {
  const session = startSession(home.accountId, caller, signal);
  const s3 = () => clients.get(S3Client, home.region);
  const folder = `runs/${run}/`;
  const callFor = (operation: string, key = '', permission?: string) =>
    callOf('S3', operation, `arn:${home.partition}:s3:::${bucket}${key && `/${key}`}`, home.region, permission);

  return {
    async write(name, value) {
      const Key = `${folder}${name}`;
      const object = { Bucket: bucket, Key, Body: JSON.stringify(value), ContentType: 'application/json' };
      await session.demand(callFor('PutObject', Key), (options) => s3().send(new PutObjectCommand(object), options));
    },
    async read(name) {
      const Key = `${folder}${name}`;
      const call = callFor('GetObject', Key);
      // The body belongs to the answer: it counts towards the time of the request.
      const text = await session.demand(call, async (options) => {
        const answer = await s3().send(new GetObjectCommand({ Bucket: bucket, Key }), options);
        return required(call, answer, 'Body').transformToString();
      });
      return JSON.parse(text) as unknown;
    },
    list(prefix) {
      const call = callFor('ListObjectsV2', '', 's3:ListBucket');
      return collectPages(call, async (ContinuationToken) => {
        const asked = { Bucket: bucket, Prefix: `${folder}${prefix}`, ...(ContinuationToken && { ContinuationToken }) };
        const page = await session.demand(call, (options) => s3().send(new ListObjectsV2Command(asked), options));
        const items = (page.Contents ?? []).map((object) => required(call, object, 'Key').slice(folder.length));
        return { items, next: page.NextContinuationToken };
      });
    },
  };
}
