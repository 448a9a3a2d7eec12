// Slow: `npm run quick` leaves it out.
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
} from '@aws-sdk/client-kms';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../../src/aws/clients.ts';
import { startSession } from '../../../src/aws/session.ts';
import { evaluateSnapshot } from '../../../src/cli/evaluate/evaluateSnapshot.ts';
import { collect } from '../../../src/cli/live/collect.ts';
import { reachOf } from '../../../src/cli/live/reach.ts';
import type { LiveRequest } from '../../../src/cli/live/request.ts';
import { placesInWords, type UnreadPlace } from '../../../src/cli/live/unreadPlaces.ts';
import { parseSnapshot } from '../../../src/cli/snapshot/parse.ts';
import { collectReport } from '../../../src/report/build.ts';
import { NO_EXCEPTIONS } from '../../../src/rule/exceptions/exceptions.ts';
import {
  ACCOUNT,
  ALIAS_ARN,
  answerPlainly,
  denied,
  FOREIGN_KEY_ARN,
  KEY_ARN,
  OF_RAM,
  refused,
  UNSHARED,
  unanswered,
} from '../../aws/support/answers.ts';

/** CloudTrail's two lookups a second are no matter of these tests. */
jest.mock('../../../src/aws/read/lookUp.ts', () => {
  const actual = jest.requireActual('../../../src/aws/read/lookUp.ts');
  return { ...actual, eventLookup: () => actual.eventLookup(0) };
});

const NOW = new Date('2026-11-20T10:30:00Z');
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`;

const cloudtrail = mockClient(CloudTrailClient);
const ec2 = mockClient(EC2Client);
const kms = mockClient(KMSClient);
const s3 = mockClient(S3Client);
const sts = mockClient(STSClient);
const organizations = mockClient(OrganizationsClient);

beforeEach(() => {
  for (const mock of [cloudtrail, ec2, kms, s3, sts, organizations]) mock.reset();
  listed({ KmsKeyId: KEY_ARN });
  cloudtrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: '{"Version":"2012-10-17","Statement":[]}' });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true });
  kms.on(ListAliasesCommand).resolves({ Aliases: [{ AliasName: 'alias/trail' }] });
  answerPlainly(kms);
  s3.on(HeadBucketCommand).resolves({ BucketRegion: 'us-east-1' });
  s3.on(GetBucketEncryptionCommand).rejects(refused('ServerSideEncryptionConfigurationNotFoundError', '', 404));
  organizations.on(DescribeOrganizationCommand).rejects(refused('AWSOrganizationsNotInUseException'));
});

/** DescribeTrails lists these, each with an ARN and a bucket. */
function listed(...trails: readonly Readonly<Record<string, unknown>>[]): void {
  const trailList = trails.map((trail) => ({
    TrailARN: TRAIL,
    HomeRegion: 'us-east-1',
    S3BucketName: 'logs',
    ...trail,
  }));
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList });
}

async function collected(request: Partial<LiveRequest> = {}) {
  const problems: string[] = [];
  const { signal } = new AbortController();
  const own = { session: startSession(ACCOUNT, 'arn:aws:iam::111122223333:user/me', signal), clients: createClients() };
  const home = { accountId: ACCOUNT, partition: 'aws', region: 'us-east-1' };
  const { document, isWhole, replicas, unreadPlaces } = await collect(
    { profile: undefined, regions: null, accounts: null, roleName: null, aggregator: null, ...request },
    reachOf(own, home, request.roleName ?? null, signal),
    {
      update: () => undefined,
      done: () => undefined,
      problem: (text) => problems.push(text),
      end: () => undefined,
    },
    NOW,
  );
  const snapshot = parseSnapshot(JSON.stringify(document), 'collected');
  const stream = await evaluateSnapshot({ snapshot, parameters: {}, exceptions: NO_EXCEPTIONS, now: NOW });
  const { trails } = await collectReport(stream);
  const status = (check: string) => trails[0]?.findings.find((finding) => finding.check === check)?.status;
  return { document, isWhole, replicas, unreadPlaces, problems, trails, status };
}

test('members are what the AWS APIs return', async () => {
  const { document, isWhole } = await collected();
  expect(document).toEqual({
    version: 1,
    collectedAt: '2026-11-20T10:30:00.000Z',
    trails: [
      {
        Trail: { TrailARN: TRAIL, HomeRegion: 'us-east-1', S3BucketName: 'logs', KmsKeyId: KEY_ARN },
        Status: { IsLogging: true },
      },
    ],
    keys: [
      {
        KeyArn: KEY_ARN,
        KeyMetadata: { Arn: KEY_ARN, KeyId: 'k', KeyState: 'Enabled' },
        Policy: '{"Version":"2012-10-17","Statement":[]}',
        Policies: { AWS_RAM: null },
        KeyRotationEnabled: true,
        Grants: [],
      },
    ],
    buckets: [{ Name: 'logs', Region: 'us-east-1', SSEAlgorithm: 'AES256', BucketKeyEnabled: false }],
    resourceControlPolicies: [{ AccountId: ACCOUNT, Policies: [] }],
    organizations: [
      {
        AccountId: ACCOUNT,
        Id: { Error: { Code: 'AWSOrganizationsNotInUseException', Message: '', Request: expect.anything() } },
        ManagementAccountId: null,
      },
    ],
    accounts: [],
    coverage: {
      accounts: [
        {
          accountId: ACCOUNT,
          name: null,
          regions: [{ region: 'us-east-1', status: 'read', trails: 1, reason: null }],
        },
      ],
    },
  });
  expect(isWhole).toBe(true);
});

describe('the policy of the bucket', () => {
  const AS_ASKED = { alsoRead: ['bucket-policy'] } as const;
  const ALLOWING =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}';
  const ID = 'bucket-admits-delivery';

  test('is not asked for by default', async () => {
    const { document, status } = await collected();
    expect(document.buckets[0]).not.toHaveProperty('Policy');
    expect(s3.commandCalls(GetBucketPolicyCommand)).toHaveLength(0);
    expect(status(ID)).toBe('not-applicable');
  });

  test('is read once for the trails that share it, and evaluated', async () => {
    listed({ KmsKeyId: KEY_ARN }, { KmsKeyId: KEY_ARN, TrailARN: `${TRAIL}-2` });
    s3.on(GetBucketPolicyCommand).resolves({ Policy: ALLOWING });
    const { document, status } = await collected(AS_ASKED);
    expect(document.buckets).toEqual([expect.objectContaining({ Name: 'logs', Policy: ALLOWING })]);
    expect(s3.commandCalls(GetBucketPolicyCommand)).toHaveLength(1);
    expect(status(ID)).toBe('pass');
  });

  test.each<[string, Error, string]>([
    ['there is none', refused('NoSuchBucketPolicy', '', 404), 'fail'],
    ['it is denied', refused('AccessDenied', 'Access Denied', 403), 'unknown'],
    [
      'the bucket is of another account',
      refused('MethodNotAllowed', 'not allowed against this resource', 405),
      'unknown',
    ],
  ])('%s', async (_, error, expected) => {
    s3.on(GetBucketPolicyCommand).rejects(error);
    const { status, isWhole } = await collected(AS_ASKED);
    expect({ status: status(ID), isWhole }).toEqual({ status: expected, isWhole: true });
  });

  test('cannot be read where the bucket cannot be found', async () => {
    s3.on(HeadBucketCommand).rejects(refused('NotFound', '', 404));
    const { status } = await collected(AS_ASKED);
    expect(status(ID)).toBe('unknown');
  });
});

describe("the key's own events", () => {
  const AS_ASKED = { alsoRead: ['key-events'] } as const;
  /** Open: nobody documents whether CloudTrail's requests carry it. */
  const OPEN =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}}';
  const ID = 'cloudtrail-can-encrypt';
  const event = (folder: string, EventName = 'GenerateDataKey') => ({
    EventId: folder,
    EventName,
    EventTime: new Date('2026-11-20T10:00:00Z'),
    Username: 'Alice',
    CloudTrailEvent: JSON.stringify({
      eventSource: 'kms.amazonaws.com',
      sourceIPAddress: 'AWS Internal',
      userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
      requestParameters: {
        encryptionContext: {
          'aws:cloudtrail:arn': TRAIL,
          'aws:s3:arn': `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}/${folder}/us-east-1/2026/11/20/x.json.gz`,
        },
      },
      resources: [{ ARN: KEY_ARN }],
    }),
  });
  const asked = () => cloudtrail.commandCalls(LookupEventsCommand).map(({ args: [command] }) => command.input);

  beforeEach(() => {
    kms.on(GetKeyPolicyCommand).resolves({ Policy: OPEN });
    kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [event('CloudTrail'), event('CloudTrail-Digest')] });
    kms.on(GetKeyLastUsageCommand).resolves({});
  });

  test('of a key that was never used are not looked up, and the finding says so', async () => {
    const created = new Date('2026-11-20T08:00:00Z');
    kms.on(GetKeyLastUsageCommand).resolves({ KeyLastUsage: {}, TrackingStartDate: created, KeyCreationDate: created });
    const { document, trails, status } = await collected(AS_ASKED);
    expect(document.keys[0]).not.toHaveProperty('KeyEvents');
    expect({ asked: asked(), status: status(ID) }).toEqual({ asked: [], status: 'unknown' });
    expect(trails[0]?.findings.find(({ check }) => check === ID)?.message).toContain(
      'KMS records that the key was never used with success since it was created at 2026-11-20T08:00:00.000Z',
    );
  });

  test('are not asked for by default', async () => {
    const { document, status } = await collected();
    expect(document.keys[0]).not.toHaveProperty('KeyEvents');
    expect({ asked: asked(), status: status(ID) }).toEqual({ asked: [], status: 'unknown' });
  });

  test('are asked for once, by the key as resource, and settle what is open', async () => {
    listed({ KmsKeyId: KEY_ARN }, { KmsKeyId: KEY_ARN, TrailARN: `${TRAIL}-2` });
    const { document, status } = await collected(AS_ASKED);
    const LookupAttributes = [{ AttributeKey: 'ResourceName', AttributeValue: KEY_ARN }];
    expect(asked()).toEqual([{ LookupAttributes, MaxResults: 50 }]);
    expect(status(ID)).toBe('pass');
    expect(JSON.stringify(document.keys)).not.toMatch(/Alice|AWS Internal/);
  });

  test('of no more than two pages, and only those that tell something', async () => {
    cloudtrail
      .on(LookupEventsCommand)
      .resolvesOnce({ Events: [event('a', 'Decrypt'), event('CloudTrail')], NextToken: 'two' })
      .resolves({ Events: [event('CloudTrail-Digest'), event('b', 'PutKeyPolicy')], NextToken: 'three' });
    const { document } = await collected(AS_ASKED);
    expect(asked().map(({ NextToken }) => NextToken)).toEqual([undefined, 'two']);
    const { KeyEvents } = document.keys[0]!;
    expect((KeyEvents as readonly { EventId: string }[]).map(({ EventId }) => EventId)).toEqual([
      'CloudTrail',
      'CloudTrail-Digest',
      'b',
    ]);
  });

  test.each<[string, Error]>([
    ['denied', denied('cloudtrail:LookupEvents')],
    ['not offered', refused('UnsupportedOperationException')],
  ])('that are %s leave it open', async (_, error) => {
    cloudtrail.on(LookupEventsCommand).rejects(error);
    const { trails, isWhole } = await collected(AS_ASKED);
    const finding = trails[0]?.findings.find(({ check }) => check === ID);
    expect({ isWhole, status: finding?.status }).toEqual({ isWhole: true, status: 'unknown' });
    expect(finding?.message).toContain("; the key's events were not read: ");
  });

  test('that CloudTrail could not be asked for are no fact', async () => {
    cloudtrail.on(LookupEventsCommand).rejects(refused('ThrottlingException'));
    const { isWhole, problems } = await collected(AS_ASKED);
    expect(isWhole).toBe(false);
    expect(problems[0]).toContain('CloudTrail LookupEvents');
  });

  test('are shown in the account of the key alone', async () => {
    listed({ KmsKeyId: FOREIGN_KEY_ARN });
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } });
    const { document } = await collected(AS_ASKED);
    expect(asked()).toEqual([]);
    expect(document.keys[0]?.KeyEvents).toMatchObject({ Error: { Code: 'NotEntered' } });
  });

  test('are not asked for where there is no key', async () => {
    kms.on(DescribeKeyCommand).rejects(refused('NotFoundException'));
    await collected(AS_ASKED);
    expect(asked()).toEqual([]);
  });
});

describe('what changed trail and key', () => {
  const AS_ASKED = { alsoRead: ['history'] } as const;
  const ADMIN = `arn:aws:iam::${ACCOUNT}:role/admin`;
  const REFUSING = '{"Version":"2012-10-17","Statement":[]}';
  const ALLOWING =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}}';
  const written = (id: string, hour: number, policy: string) => ({
    EventId: id,
    EventName: 'PutKeyPolicy',
    EventTime: new Date(Date.UTC(2026, 10, 19, hour)),
    CloudTrailEvent: JSON.stringify({
      eventSource: 'kms.amazonaws.com',
      eventName: 'PutKeyPolicy',
      sourceIPAddress: '192.0.2.1',
      userIdentity: { arn: ADMIN },
      requestParameters: { keyId: KEY_ARN, policy },
      resources: [{ ARN: KEY_ARN }],
    }),
  });
  const byName = (AttributeValue: string) =>
    cloudtrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }] });

  beforeEach(() => {
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [] });
    byName('PutKeyPolicy').resolves({ Events: [written('bad', 9, REFUSING), written('good', 8, ALLOWING)] });
  });

  test('is not asked for by default', async () => {
    const { document, trails } = await collected();
    expect(document.keys[0]).not.toHaveProperty('ChangeEvents');
    expect(document.trails[0]).not.toHaveProperty('ChangeEvents');
    expect(cloudtrail.commandCalls(LookupEventsCommand)).toHaveLength(0);
    expect(trails[0]?.findings.filter((finding) => 'since' in finding)).toEqual([]);
  });

  test('tells since when a check fails, and who broke it', async () => {
    const { document, trails } = await collected(AS_ASKED);
    const finding = trails[0]?.findings.find(({ check }) => check === 'cloudtrail-can-encrypt');
    expect(finding).toMatchObject({
      status: 'fail',
      since: { eventId: 'bad', eventName: 'PutKeyPolicy', by: ADMIN, isCause: true },
    });
    expect(JSON.stringify(document)).not.toContain('192.0.2.1');
  });

  test('that is denied leaves it unknown, and every finding as it is', async () => {
    cloudtrail.on(LookupEventsCommand).rejects(denied('cloudtrail:LookupEvents'));
    byName('PutKeyPolicy').rejects(denied('cloudtrail:LookupEvents'));
    const { trails, isWhole } = await collected(AS_ASKED);
    const { trails: plain } = await collected();
    const told = (list: typeof trails) =>
      list[0]?.findings.map(({ check, status, message }) => [check, status, message]);
    expect(isWhole).toBe(true);
    expect(trails[0]?.findings.flatMap(({ since }) => (since ? [since] : []))).toEqual([]);
    expect(told(trails)).toEqual(told(plain));
  });
});

test('a key that one trail could not read is read again for another trail', async () => {
  listed({ KmsKeyId: KEY_ARN }, { KmsKeyId: KEY_ARN, TrailARN: `${TRAIL}-2` });
  kms
    .on(GetKeyPolicyCommand)
    .rejectsOnce(refused('ThrottlingException'))
    .resolves({ Policy: '{"Version":"2012-10-17","Statement":[]}' });
  const { document, isWhole } = await collected();
  // Whichever of the two asked first.
  expect(document.trails).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ Error: expect.objectContaining({ Code: 'ThrottlingException' }) }),
      expect.objectContaining({ Trail: expect.anything() }),
    ]),
  );
  expect(document.keys.map(({ KeyArn }) => KeyArn)).toEqual([KEY_ARN]);
  expect(isWhole).toBe(false);
});

test('a trail that is listed twice is collected once', async () => {
  listed({ KmsKeyId: KEY_ARN }, { KmsKeyId: KEY_ARN });
  expect((await collected()).document.trails).toHaveLength(1);
});

describe('what a refusal means for the key', () => {
  test.each<[string, string, () => void, Readonly<Record<string, string>>]>([
    [
      'not found in its own account: it does not exist',
      KEY_ARN,
      () => kms.on(DescribeKeyCommand).rejects(refused('NotFoundException')),
      { 'key-exists': 'fail' },
    ],
    [
      'not found from another account: unknown',
      FOREIGN_KEY_ARN,
      () => kms.rejects(refused('NotFoundException')),
      { 'key-exists': 'unknown', 'cloudtrail-can-encrypt': 'unknown' },
    ],
    [
      'shown to another account: there, its policy unknown',
      FOREIGN_KEY_ARN,
      () =>
        kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } }),
      { 'key-exists': 'pass', 'cloudtrail-can-encrypt': 'unknown' },
    ],
    [
      'DescribeKey denied, the policy read: there',
      KEY_ARN,
      () => kms.on(DescribeKeyCommand).rejects(denied('kms:DescribeKey')),
      { 'key-exists': 'pass', 'key-usable': 'unknown', 'cloudtrail-can-encrypt': 'fail' },
    ],
    [
      'everything denied: unknown',
      KEY_ARN,
      () => kms.rejects(denied('kms:DescribeKey')),
      { 'key-exists': 'unknown', 'cloudtrail-can-encrypt': 'unknown', 'grants-bounded': 'unknown' },
    ],
    ['an alias that KMS resolves', ALIAS_ARN, () => undefined, { 'key-exists': 'pass' }],
    [
      'an alias that does not exist',
      ALIAS_ARN,
      () => kms.on(DescribeKeyCommand).rejects(refused('NotFoundException')),
      { 'key-exists': 'fail' },
    ],
    [
      'an alias that may not be resolved: unknown',
      ALIAS_ARN,
      () => kms.on(DescribeKeyCommand).rejects(denied('kms:DescribeKey')),
      { 'key-exists': 'unknown' },
    ],
    ['an ARN that is no key', 'arn:aws:s3:::logs', () => undefined, { 'key-exists': 'fail' }],
  ])('%s', async (_, KmsKeyId, prepare, expected) => {
    listed({ KmsKeyId });
    // The alias lives in us-east-1, and so does its key.
    if (KmsKeyId === ALIAS_ARN) {
      const Arn = KEY_ARN.replace('eu-west-1', 'us-east-1');
      kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn, KeyId: 'k', KeyState: 'Enabled' } });
    }
    prepare();
    const { status, isWhole, problems } = await collected();
    expect(Object.fromEntries(Object.keys(expected).map((check) => [check, status(check)]))).toEqual(expected);
    expect({ isWhole, problems }).toEqual({ isWhole: true, problems: [] });
  });
});

describe('what is no answer is no verdict: the trail is named and missing', () => {
  test.each<[string, () => void, RegExp]>([
    ['a timeout', () => kms.on(GetKeyPolicyCommand).rejects(unanswered()), /GetKeyPolicy.*TimeoutError/],
    [
      'throttling',
      () => cloudtrail.on(GetTrailStatusCommand).rejects(refused('ThrottlingException', 'Rate exceeded')),
      /GetTrailStatus.*ThrottlingException/,
    ],
    ['credentials that ended', () => s3.on(HeadBucketCommand).rejects(refused('ExpiredToken', 'x')), /ExpiredToken/],
  ])('%s', async (_, prepare, expected) => {
    prepare();
    const { document, trails, isWhole, problems } = await collected();
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems[0]).toContain(TRAIL);
    expect(document.trails).toEqual([{ Error: { Code: expect.any(String), Message: expect.stringContaining(TRAIL) } }]);
    expect({ trails, isWhole }).toEqual({ trails: [], isWhole: false });
  });
});

describe('an account whose trails cannot be listed is named, and the document is not whole', () => {
  test.each<[string, Partial<LiveRequest>, () => void, RegExp]>([
    [
      'a denied list',
      {},
      () => cloudtrail.on(DescribeTrailsCommand).rejects(denied('cloudtrail:DescribeTrails')),
      /^account 111122223333 in us-east-1 could not be read: .*cloudtrail:DescribeTrails/,
    ],
    [
      'a trail without an ARN',
      {},
      () => cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [{ Name: 'main' }] }),
      /without a usable ARN: `main`/,
    ],
    [
      'Regions that may not be listed',
      { regions: 'all' },
      () => ec2.on(DescribeRegionsCommand).rejects(denied('ec2:DescribeRegions')),
      /^account 111122223333 could not be read: .*ec2:DescribeRegions/,
    ],
    [
      'no Region at all',
      { regions: 'all' },
      () => ec2.on(DescribeRegionsCommand).resolves({ Regions: [] }),
      /EC2 named no Region/,
    ],
    [
      'a role that is missing',
      { accounts: ['444455556666'], roleName: 'Reader' },
      () => sts.on(AssumeRoleCommand).rejects(denied('sts:AssumeRole')),
      /^account 444455556666 could not be read: .*sts:AssumeRole/,
    ],
  ])('%s', async (_, request, prepare, expected) => {
    prepare();
    const { document, trails, isWhole, problems } = await collected(request);
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(document.trails).toEqual([{ Error: expect.anything() }]);
    expect({ trails, isWhole }).toEqual({ trails: [], isWhole: false });
  });
});

describe('a Region that a policy closes is told apart from a failure', () => {
  const how = (text: string) =>
    refused('AccessDeniedException', `User: me is not authorized to perform: cloudtrail:DescribeTrails ${text}`);
  const answers: Readonly<Record<string, Error>> = {
    'eu-west-1': how('with an explicit deny in a service control policy'),
    'eu-west-2': how('with an explicit deny in a service control policy'),
    'eu-west-3': how('because no identity-based policy allows the cloudtrail:DescribeTrails action'),
    'me-south-1': refused('UnrecognizedClientException', 'The security token included in the request is invalid'),
    'us-west-1': refused('UnrecognizedClientException', 'The security token included in the request is invalid'),
  };
  const regions = ['us-east-1', ...Object.keys(answers)];
  beforeEach(() => {
    cloudtrail.on(DescribeTrailsCommand).callsFake(async (_, client) => {
      const refusal = answers[await client().config.region()];
      if (refusal !== undefined) throw refusal;
      return { trailList: [] };
    });
  });

  test('by kind, and the document is not whole all the same', async () => {
    ec2
      .on(DescribeRegionsCommand)
      .resolves({ Regions: regions.filter((one) => one !== 'me-south-1').map((RegionName) => ({ RegionName })) });
    const { isWhole, document, problems, unreadPlaces } = await collected({ regions });
    expect(problems.at(-1)).toBe('not read: 2 Regions denied by a service control policy, 1 not enabled, 2 failed');
    expect(problems).toContain(`account ${ACCOUNT} in me-south-1 could not be read: the Region is not enabled`);
    expect(problems.find((text) => text.includes('eu-west-1'))).toContain(
      'an explicit deny in a service control policy',
    );
    expect(unreadPlaces.map(({ region, status, deniedBy }) => [region, status, deniedBy]).toSorted()).toEqual([
      ['eu-west-1', 'denied', 'scp'],
      ['eu-west-2', 'denied', 'scp'],
      ['eu-west-3', 'failed', null],
      ['me-south-1', 'disabled', null],
      ['us-west-1', 'failed', null],
    ]);
    expect(isWhole).toBe(false);
    expect(document.trails).toHaveLength(5);
  });

  test('who may not ask which Regions are enabled does not know', async () => {
    ec2.on(DescribeRegionsCommand).rejects(denied('ec2:DescribeRegions'));
    const { problems } = await collected({ regions });
    expect(problems.at(-1)).toBe('not read: 2 Regions denied by a service control policy, 3 failed');
  });
});

test.each<[string, readonly Pick<UnreadPlace, 'region' | 'status' | 'deniedBy'>[], string]>([
  ['failures alone need no line', [{ region: 'r', status: 'failed', deniedBy: null }], ''],
  ['one Region', [{ region: 'r', status: 'disabled', deniedBy: null }], '1 Region not enabled'],
  [
    'Regions and accounts',
    [
      { region: null, status: 'failed', deniedBy: null },
      { region: 'r', status: 'failed', deniedBy: null },
      { region: 'r', status: 'denied', deniedBy: 'endpoint' },
    ],
    '1 Region denied by a VPC endpoint policy, 1 failed; 1 account failed',
  ],
])('what was not read, in words: %s', (_, places, words) => {
  const error = { Code: 'x', Message: 'x' };
  expect(placesInWords(places.map((place) => ({ ...place, accountId: ACCOUNT, error })))).toBe(words);
});

test('a key is read through the role in its own account', async () => {
  listed({ KmsKeyId: FOREIGN_KEY_ARN });
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date('2099-01-01') },
  });
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } });
  const { document } = await collected({ roleName: '/audit/Reader' });
  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input.RoleArn).toBe(
    'arn:aws:iam::444455556666:role/audit/Reader',
  );
  expect(document.keys).toMatchObject([{ KeyArn: FOREIGN_KEY_ARN, Policy: expect.any(String) }]);
});

test('a role that is missing in the account of a key makes its policy unknown, and is no failure', async () => {
  listed({ KmsKeyId: FOREIGN_KEY_ARN });
  sts.on(AssumeRoleCommand).rejects(denied('sts:AssumeRole'));
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } });
  const { document, isWhole } = await collected({ roleName: 'Reader' });
  expect(document.keys).toMatchObject([
    { Policy: { Error: { Code: 'NotReadableAcrossAccounts', Message: expect.stringContaining('sts:AssumeRole') } } },
  ]);
  expect(isWhole).toBe(true);
});

describe('where no trail lives', () => {
  const shown = (...arns: readonly string[]) =>
    cloudtrail
      .on(DescribeTrailsCommand, { includeShadowTrails: true })
      .resolves({ trailList: arns.map((TrailARN) => ({ TrailARN })) });

  test('replicas are counted', async () => {
    listed();
    shown(TRAIL.replace('us-east-1', 'eu-west-1'), TRAIL.replace(ACCOUNT, '999999999999'));
    expect(await collected()).toMatchObject({ replicas: 2, isWhole: true, trails: [] });
  });

  test('and there may be none', async () => {
    listed();
    expect(await collected({ regions: ['us-east-1', 'eu-west-1'] })).toMatchObject({ replicas: 0, isWhole: true });
  });

  test("a trail that lives there makes them nobody's concern", async () => {
    shown(TRAIL);
    expect(await collected()).toMatchObject({ replicas: 0 });
    expect(cloudtrail.commandCalls(DescribeTrailsCommand)).toHaveLength(1);
  });
});
