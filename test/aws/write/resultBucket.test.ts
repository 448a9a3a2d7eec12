import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../../src/aws/clients.ts';
import { resultBucket } from '../../../src/aws/write/resultBucket.ts';
import { ACCOUNT, denied, HOME, refused } from '../support/answers.ts';

const s3 = mockClient(S3Client);
const KEY = 'results/date=2026-11-20/run=r/part-1.jsonl';
const bucket = () =>
  resultBucket(createClients(), {
    home: HOME,
    bucket: 'results',
    caller: 'the role of the function',
    signal: new AbortController().signal,
  });

beforeEach(() => s3.reset());

it('writes lines as one object, into a bucket of the own account alone', async () => {
  s3.on(PutObjectCommand).resolves({});
  await bucket().write(KEY, ['{"a":1}\n', '{"a":2}\n']);
  expect(s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input)).toEqual([
    {
      Bucket: 'results',
      Key: KEY,
      Body: '{"a":1}\n{"a":2}\n',
      ContentType: 'application/x-ndjson',
      ExpectedBucketOwner: ACCOUNT,
    },
  ]);
});

it.each([
  ['is denied', denied('s3:PutObject'), 'lacks s3:PutObject'],
  ['has no bucket', refused('NoSuchBucket', 'no bucket', 404), 'NoSuchBucket: no bucket'],
  ['is throttled', refused('SlowDown', 'reduce', 503), 'SlowDown: reduce'],
])('fails where it %s, and says where', async (_, error, said) => {
  s3.on(PutObjectCommand).rejects(error);
  const written = bucket().write(KEY, []);
  await expect(written).rejects.toMatchObject({
    name: 'InfrastructureError',
    message: expect.stringMatching(`^S3 PutObject for \`arn:aws:s3:::results/${KEY}\` in us-east-1 failed: .*${said}`),
  });
});
