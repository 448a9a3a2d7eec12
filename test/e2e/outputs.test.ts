import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, awsPolicy } from './support/account.ts';
import { answerAsAws, trailsOf } from './support/aws.ts';
import { cli } from './support/cli.ts';
import type { Report } from './support/estate.ts';
import { unlisted } from './support/permissions.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const REGION = 'us-east-1';
const OTHER = '444455556666';
const SIEM = `arn:aws:iam::${OTHER}:role/siem`;
const LOG_GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:trail:*`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:trail`;
const [TRAIL] = trailsOf([ACCOUNT], [REGION], 1);
const keyArn = (digit: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${digit.repeat(8)}-2222-3333-4444-555555555555`;
const [TOPIC_KEY, OLD_KEY] = [keyArn('a'), keyArn('b')];
const OF_TRAIL = awsPolicy(TRAIL?.arn ?? '');
/** The trail's key lets a SIEM read that has a tag, which nobody knows. */
const KEY_POLICY = {
  ...OF_TRAIL,
  Statement: [
    ...OF_TRAIL.Statement,
    {
      Sid: 'Readers',
      Effect: 'Allow',
      Principal: { AWS: SIEM },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'siem' } },
    },
  ],
};
/** Only the account's own IAM policies: the topic's key refuses CloudTrail. */
const WITHOUT_CLOUDTRAIL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

const STORE_STATEMENT = {
  Sid: 'Store',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
  Resource: '*',
};

describe('a trail whose other outputs, older logs and reader are in trouble', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire(null);
  });
  after(() => wire.close());

  beforeEach(() => {
    wire.reset();
    answerAsAws(wire, [TRAIL!]);
    const { arn: TrailARN, name: Name, bucket: S3BucketName, keyArn: KmsKeyId } = TRAIL!;
    const named = { TrailARN, Name, S3BucketName, KmsKeyId, HomeRegion: REGION, LogFileValidationEnabled: true };
    wire.on('cloudtrail', 'DescribeTrails', () =>
      ok({ trailList: [{ ...named, CloudWatchLogsLogGroupArn: LOG_GROUP, SnsTopicARN: TOPIC }] }),
    );
    wire.on('logs', 'DescribeLogGroups', () => ok({ logGroups: [{ logGroupName: 'trail', arn: LOG_GROUP }] }));
    wire.on('sns', 'GetTopicAttributes', () => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>KmsMasterKeyId</key>
        <value>${TOPIC_KEY}</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`,
    }));
    wire.on('config', 'GetResourceConfigHistory', ({ body }) =>
      body.nextToken
        ? ok({ configurationItems: [{ configuration: JSON.stringify({ kmsKeyId: OLD_KEY }) }] })
        : ok({ configurationItems: [{ configuration: JSON.stringify({ kmsKeyId: KmsKeyId }) }], nextToken: 'older' }),
    );
    wire.on('cloudtrail', 'LookupEvents', () => ok({ Events: [] }));
    wire.on('kms', 'DescribeKey', ({ body: { KeyId } }) =>
      ok({
        KeyMetadata: {
          ...{ Arn: KeyId, KeyId: String(KeyId).split('/')[1], KeyManager: 'CUSTOMER', Origin: 'AWS_KMS' },
          ...{ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' },
          ...(KeyId === OLD_KEY
            ? { KeyState: 'PendingDeletion', DeletionDate: 1_900_000_000 }
            : { KeyState: 'Enabled' }),
        },
      }),
    );
    wire.on('kms', 'GetKeyPolicy', ({ body: { KeyId } }) =>
      ok({ Policy: JSON.stringify(KeyId === TOPIC_KEY ? WITHOUT_CLOUDTRAIL : KEY_POLICY) }),
    );
    wire.on('kms', 'Decrypt', () =>
      refuse(
        'AccessDeniedException',
        'x is not authorized because no resource-based policy allows the kms:Decrypt action',
      ),
    );
  });

  const scan = async (...more: readonly string[]) => {
    const parameters = JSON.stringify({ requiredReaders: SIEM });
    const args = ['scan', '--regions', REGION, '--format', 'json', '--parameters', parameters, ...more];
    const { stdout, stderr, code } = await cli(args, {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: REGION,
    });
    assert.equal(code === 2 || code === null, false, stderr);
    const { trails } = JSON.parse(stdout) as Report;
    return Object.fromEntries(
      (trails[0]?.findings ?? []).map(({ check, status, message }) => [check, { status, message }]),
    );
  };
  const calls = () => wire.requests.map(({ service, operation }) => `${service} ${operation}`).toSorted();
  const statuses = (found: Awaited<ReturnType<typeof scan>>) =>
    ['log-group-encrypted', 'topic-admits-cloudtrail', 'previous-keys-kept', 'required-readers-can-decrypt'].map(
      (check) => found[check]?.status,
    );

  it('by default nothing of it is read', async (test) => {
    assert.deepEqual(statuses(await scan()), ['not-applicable', 'not-applicable', 'not-applicable', 'unknown']);
    assert.deepEqual(unlisted(wire.requests, 'scan'), []);
    test.diagnostic(`${wire.requests.length} requests`);
    for (const one of ['logs', 'sns', 'config', 'AssumeRole', 'Decrypt'])
      assert.equal(calls().filter((call) => call.includes(one)).length, 0, one);
  });

  it('asked for, each of them is found, by the calls that it takes and no others', async (test) => {
    await scan();
    const byDefault = calls();
    const found = await scan('--read', 'log-group,topic,previous-keys', '--decrypt-as', SIEM);
    assert.deepEqual(statuses(found), ['fail', 'fail', 'fail', 'fail']);
    for (const { message } of Object.values(found).filter(({ status }) => status === 'fail')) test.diagnostic(message);
    assert.match(
      found['required-readers-can-decrypt']?.message ?? '',
      /tried as it with `DryRun`, kms:Decrypt was refused/,
    );
    const added = [...calls()];
    // The first scan's, and as many of the second.
    for (const call of [...byDefault, ...byDefault]) added.splice(added.indexOf(call), 1);
    test.diagnostic(`${byDefault.length} requests by default, and ${added.length}: ${added.join(', ')}`);
    assert.deepEqual(added, [
      'cloudtrail LookupEvents',
      'cloudtrail LookupEvents',
      'config GetResourceConfigHistory',
      'config GetResourceConfigHistory',
      'kms Decrypt',
      'kms DescribeKey',
      'kms DescribeKey',
      'kms GetKeyPolicy',
      'kms GetKeyPolicy AWS_RAM',
      'kms GetKeyRotationStatus',
      'kms ListGrants',
      'logs DescribeLogGroups',
      'sns GetTopicAttributes',
      'sts AssumeRole',
    ]);
    // The role's own permission is tried; everything else stands in the table.
    assert.deepEqual(unlisted(wire.requests, 'scan'), ['kms Decrypt']);
    const [decrypt] = wire.calls('kms', 'Decrypt');
    assert.equal(decrypt?.accessKey, `ASIA${OTHER}`);
    assert.deepEqual(decrypt?.body, {
      KeyId: TRAIL?.keyArn,
      DryRun: true,
      DryRunModifiers: ['IGNORE_CIPHERTEXT'],
      EncryptionContext: {
        'aws:cloudtrail:arn': TRAIL?.arn,
        'aws:s3:arn': `arn:aws:s3:::${TRAIL?.bucket}/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/YYYY/MM/DD/FILE.json.gz`,
      },
    });
  });

  for (const [read, service, operation, check, permission] of [
    ['log-group', 'logs', 'DescribeLogGroups', 'log-group-encrypted', 'logs:DescribeLogGroups'],
    ['topic', 'sns', 'GetTopicAttributes', 'topic-admits-cloudtrail', 'sns:GetTopicAttributes'],
    ['previous-keys', 'config', 'GetResourceConfigHistory', 'previous-keys-kept', 'config:GetResourceConfigHistory'],
  ] as const)
    it(`without ${permission} it is unknown, and says so`, async () => {
      const message = `User: x is not authorized to perform: ${permission} on resource: y`;
      wire.on(service, operation, () =>
        service === 'sns'
          ? {
              status: 403,
              body: `<ErrorResponse><Error><Code>AuthorizationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
            }
          : refuse('AccessDeniedException', message),
      );
      const found = (await scan('--read', read))[check];
      assert.equal(found?.status, 'unknown');
      assert.match(found?.message ?? '', new RegExp(`lacks ${permission}`));
    });

  it('where AWS Config records nothing, the event that gave the trail another key tells of the old one', async (test) => {
    wire.on('config', 'GetResourceConfigHistory', () => refuse('ResourceNotDiscoveredException', 'never recorded'));
    wire.on('cloudtrail', 'LookupEvents', ({ body }) => {
      const [{ AttributeValue }] = body.LookupAttributes as [{ readonly AttributeValue: string }];
      const CloudTrailEvent = JSON.stringify({
        eventSource: 'cloudtrail.amazonaws.com',
        requestParameters: { name: TRAIL?.name, kmsKeyId: 'alias/before' },
        responseElements: { name: TRAIL?.name, kmsKeyId: OLD_KEY },
      });
      const event = { EventId: 'e-1', EventName: AttributeValue, EventTime: Date.now() / 1_000, CloudTrailEvent };
      return ok({ Events: AttributeValue === 'UpdateTrail' ? [event] : [] });
    });
    const found = await scan('--read', 'previous-keys');
    const { status, message } = found['previous-keys-kept'] ?? {};
    assert.equal(status, 'fail');
    assert.match(
      message ?? '',
      /is to be deleted.*read: the trail's events of the last 90 days; not AWS Config's history/,
    );
    test.diagnostic(message ?? '');
    assert.deepEqual(unlisted(wire.requests, 'scan'), []);
  });

  it('event data stores: one without a key makes the exit code 1, beside a trail that passes', async () => {
    const arnOf = (name: string) => `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/${name}`;
    wire.on('cloudtrail', 'ListEventDataStores', () =>
      ok({ EventDataStores: ['good', 'bare'].map((name) => ({ EventDataStoreArn: arnOf(name) })) }),
    );
    wire.on('cloudtrail', 'GetEventDataStore', ({ body: { EventDataStore } }) =>
      ok({ EventDataStoreArn: EventDataStore, ...(EventDataStore === arnOf('good') && { KmsKeyId: TOPIC_KEY }) }),
    );
    const forStores = { ...OF_TRAIL, Statement: [...OF_TRAIL.Statement, STORE_STATEMENT] };
    wire.on('kms', 'GetKeyPolicy', ({ body: { KeyId } }) =>
      ok({ Policy: JSON.stringify(KeyId === TOPIC_KEY ? forStores : OF_TRAIL) }),
    );
    const args = ['scan', '--regions', REGION, '--format', 'json', '--read', 'event-data-stores'];
    const { stdout, code } = await cli(args, {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: REGION,
    });
    const { trails, eventDataStores } = JSON.parse(stdout) as {
      readonly trails: readonly { readonly standing: string }[];
      readonly eventDataStores: readonly { readonly eventDataStoreArn: string; readonly standing: string }[];
    };
    assert.equal(code, 1);
    assert.deepEqual(
      trails.map(({ standing }) => standing),
      ['compliant'],
    );
    assert.deepEqual(
      eventDataStores.map((one) => [one.eventDataStoreArn, one.standing]),
      [
        [arnOf('good'), 'compliant'],
        [arnOf('bare'), 'non-compliant'],
      ],
    );
    assert.deepEqual(unlisted(wire.requests, 'scan'), []);
    assert.equal(wire.calls('cloudtrail', 'ListEventDataStores').length, 1);
    assert.equal(wire.calls('cloudtrail', 'GetEventDataStore').length, 2);
  });
});
