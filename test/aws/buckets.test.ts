import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { ports, refused, trail } from './support/answers.ts';

const s3 = mockClient(S3Client);
const IN_IRELAND = { 'x-amz-bucket-region': 'eu-west-1' };

beforeEach(() => {
  s3.reset();
  s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' });
  s3.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: [] } });
});

const bucket = async () => {
  const reading = await ports().bucket(trail);
  if (!reading.read) throw new Error(reading.reason);
  return reading.value;
};

describe("the bucket's Region", () => {
  it.each([
    ['200', () => s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' })],
    ['403, access denied', () => s3.on(HeadBucketCommand).rejects(refused('Unknown', 'UnknownError', 403, IN_IRELAND))],
    ['301, it lives elsewhere', () => s3.on(HeadBucketCommand).rejects(refused('Unknown', '', 301, IN_IRELAND))],
    ['400, signed for a wrong Region', () => s3.on(HeadBucketCommand).rejects(refused('Unknown', '', 400, IN_IRELAND))],
  ])('is known after %s', async (_, answer) => {
    answer();
    expect((await bucket()).region).toEqual({ read: true, value: 'eu-west-1' });
  });

  it.each([
    ['404', refused('NotFound', '', 404, IN_IRELAND), 'not-found', 'the bucket `logs` does not exist'],
    [
      '403 without the header',
      refused('Unknown', '', 403),
      'denied',
      'the role of the function lacks s3:ListBucket on arn:aws:s3:::logs',
    ],
  ])('is unread after %s, and so is the encryption', async (_, error, code, reason) => {
    s3.on(HeadBucketCommand).rejects(error);
    const unread = { read: false, code, reason };
    expect(await bucket()).toMatchObject({ region: unread, encryption: unread });
  });

  it('throws on a server error', async () => {
    s3.on(HeadBucketCommand).rejects(refused('Unknown', 'UnknownError', 503));
    await expect(bucket()).rejects.toThrow(
      'S3 HeadBucket for `arn:aws:s3:::logs` in us-east-1 failed: HTTP status 503',
    );
  });
});

describe('the default encryption', () => {
  const configured = (SSEAlgorithm: 'aws:kms' | 'AES256', BucketKeyEnabled?: boolean) => ({
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm },
          ...(BucketKeyEnabled !== undefined && { BucketKeyEnabled }),
        },
      ],
    },
  });

  it.each([
    ['aws:kms with a Bucket Key', configured('aws:kms', true), { algorithm: 'aws:kms', bucketKeyEnabled: true }],
    ['AES256', configured('AES256', false), { algorithm: 'AES256', bucketKeyEnabled: false }],
    ['a missing Bucket Key', configured('aws:kms'), { algorithm: 'aws:kms', bucketKeyEnabled: null }],
  ])('%s', async (_, answer, value) => {
    s3.on(GetBucketEncryptionCommand).resolves(answer);
    expect((await bucket()).encryption).toEqual({ read: true, value });
  });

  it('is read in the Region of the bucket', async () => {
    await bucket();
    const clients = s3.calls().map(({ thisValue }) => (thisValue as S3Client).config.region());
    expect(await Promise.all(clients)).toEqual(['us-east-1', 'us-east-1', 'eu-west-1']);
  });

  it('is S3’s own where none is configured', async () => {
    s3.on(GetBucketEncryptionCommand).rejects(refused('ServerSideEncryptionConfigurationNotFoundError', '', 404));
    expect((await bucket()).encryption).toEqual({
      read: true,
      value: { algorithm: 'AES256', bucketKeyEnabled: false },
    });
  });

  it('is unread where it is denied', async () => {
    s3.on(GetBucketEncryptionCommand).rejects(refused('AccessDenied', 'Access Denied', 403));
    expect((await bucket()).encryption).toMatchObject({
      read: false,
      code: 'denied',
      reason: 'the role of the function lacks s3:GetEncryptionConfiguration on arn:aws:s3:::logs',
    });
  });

  it('is unread where S3 names none', async () => {
    expect((await bucket()).encryption).toEqual({
      read: false,
      code: 'not-told',
      reason: 'S3 names no default encryption of the bucket `logs`',
    });
  });

  it('is unread where S3 throttles it, and it may be', async () => {
    s3.on(GetBucketEncryptionCommand).rejects(refused('SlowDown', 'Please reduce your request rate.', 503));
    const told = await ports({ throttledIsUnread: true }).bucket(trail);
    expect(told).toMatchObject({
      value: {
        region: { read: true },
        encryption: {
          read: false,
          code: 'failed',
          reason: 'S3 GetBucketEncryption answered SlowDown: Please reduce your request rate.',
        },
      },
    });
  });

  it.each([
    ['HeadBucket, which tells the Region', () => s3.on(HeadBucketCommand), 'SlowDown'],
    ['GetBucketEncryption that fails otherwise', () => s3.on(GetBucketEncryptionCommand), 'InternalError'],
  ])('%s throws all the same', async (_, on, code) => {
    on().rejects(refused(code, 'no', 503));
    await expect(ports({ throttledIsUnread: true }).bucket(trail)).rejects.toThrow(code);
  });

  it.each([
    ['throttling', refused('SlowDown', 'slow', 503)],
    ['a wrong signature', refused('SignatureDoesNotMatch', 'no', 403)],
  ])('throws on %s', async (_, error) => {
    s3.on(GetBucketEncryptionCommand).rejects(error);
    await expect(bucket()).rejects.toThrow(error.name);
  });
});

it('a bucket is read once, whatever trails deliver to it', async () => {
  const live = ports();
  await Promise.all([live.bucket(trail), live.bucket({ ...trail, name: 'other' })]);
  expect(s3.calls()).toHaveLength(3);
});

it('a trail without a bucket has nothing to read', async () => {
  expect(await ports().bucket({ ...trail, bucketName: null })).toMatchObject({ read: false });
  expect(s3.calls()).toHaveLength(0);
});
