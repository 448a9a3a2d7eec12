import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { runStore } from '../../src/aws/runStore.ts';
import { denied, HOME } from './support/answers.ts';

const s3 = mockClient(S3Client);
const store = () =>
  runStore(createClients(), {
    home: HOME,
    bucket: 'runs',
    run: 'run-1',
    caller: 'the role of the function',
    signal: new AbortController().signal,
  });

beforeEach(() => {
  s3.reset();
});

it('writes under the run, as JSON', async () => {
  s3.on(PutObjectCommand).resolves({});
  await store().write('items.json', [{ index: 0 }]);
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
    Bucket: 'runs',
    Key: 'runs/run-1/items.json',
    Body: '[{"index":0}]',
    ContentType: 'application/json',
  });
});

it('reads what it wrote', async () => {
  const Body = { transformToString: async () => '{"a":1}' } as never;
  s3.on(GetObjectCommand, { Bucket: 'runs', Key: 'runs/run-1/listed.json' }).resolves({ Body });
  expect(await store().read('listed.json')).toEqual({ a: 1 });
});

it('names what is there, page by page, without the run', async () => {
  s3.on(ListObjectsV2Command)
    .resolvesOnce({ Contents: [{ Key: 'runs/run-1/results/0.json' }], NextContinuationToken: 'more' })
    .resolves({ Contents: [{ Key: 'runs/run-1/results/1.json' }] });
  expect(await store().list('results/')).toEqual(['results/0.json', 'results/1.json']);
  expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input)).toEqual([
    { Bucket: 'runs', Prefix: 'runs/run-1/results/' },
    { Bucket: 'runs', Prefix: 'runs/run-1/results/', ContinuationToken: 'more' },
  ]);
});

it('of a run without results there is none', async () => {
  s3.on(ListObjectsV2Command).resolves({});
  expect(await store().list('results/')).toEqual([]);
});

it('a refusal fails the step, and names the permission', async () => {
  s3.on(PutObjectCommand).rejects(denied('s3:PutObject'));
  await expect(store().write('items.json', [])).rejects.toThrow(
    /^S3 PutObject for `arn:aws:s3:::runs\/runs\/run-1\/items.json` in us-east-1 failed: .*s3:PutObject/,
  );
});
