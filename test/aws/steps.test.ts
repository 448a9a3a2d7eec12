import type { AwsClients } from '../../src/aws/clients.ts';
import { startSession } from '../../src/aws/session.ts';
import { collect } from '../../src/cli/live/collect.ts';
import { reachOf } from '../../src/cli/live/reach.ts';
import type { LiveRequest } from '../../src/cli/live/request.ts';
import { NO_KNOWN_CHANGES, trailEvaluator } from '../../src/rule/evaluate/evaluateTrails.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { ACCOUNT, HOME, OTHER_ACCOUNT, ports, refused, trail, UNSHARED } from './support/answers.ts';
import { type Answers, inRounds } from './support/rounds.ts';

/** What each step of reading costs is AWS's matter; how many follow one another is ours. */

const REGIONS = Array.from({ length: 17 }, (_, number) => `eu-west-${number + 1}`);
const keyOf = (account: string, region = 'us-east-1') => `arn:aws:kms:${region}:${account}:key/1234abcd`;
const trailOf = (account: string) => ({
  TrailARN: `arn:aws:cloudtrail:us-east-1:${account}:trail/main`,
  HomeRegion: 'us-east-1',
  S3BucketName: `logs-${account}`,
  KmsKeyId: keyOf(account),
});
const policy = { Version: '2012-10-17', Statement: [] };

const answers: Answers = {
  DescribeRegions: () => ({ Regions: REGIONS.map((RegionName) => ({ RegionName })) }),
  DescribeTrails: () => ({
    trailList: [trailOf(ACCOUNT)],
  }),
  GetTrailStatus: () => ({ IsLogging: true }),
  DescribeKey: ({ KeyId }) => ({ KeyMetadata: { Arn: KeyId, KeyId: 'k', KeyState: 'Enabled' } }),
  GetKeyPolicy: ({ PolicyName }) => (PolicyName === 'AWS_RAM' ? UNSHARED : { Policy: JSON.stringify(policy) }),
  ListGrants: () => ({ Grants: [] }),
  GetKeyRotationStatus: () => ({ KeyRotationEnabled: true }),
  HeadBucket: () => ({ BucketRegion: 'us-east-1' }),
  GetBucketEncryption: () => refused('ServerSideEncryptionConfigurationNotFoundError', '', 404),
  DescribeOrganization: () => refused('AWSOrganizationsNotInUseException'),
  ListAccounts: () => ({
    Accounts: [ACCOUNT, OTHER_ACCOUNT].map((Id) => ({ Id, Name: Id, Status: 'ACTIVE', State: 'ACTIVE' })),
  }),
  AssumeRole: () => ({ Credentials: { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't' } }),
};

/** Rounds of a scan behind GetCallerIdentity, which is one more. */
const scanned = (request: Partial<LiveRequest>, other: Answers = {}) =>
  inRounds({ ...answers, ...other }, (clients) => {
    const { signal } = new AbortController();
    const own = { session: startSession(ACCOUNT, 'me', signal), clients: clients as AwsClients };
    return collect(
      { profile: undefined, regions: null, accounts: null, roleName: null, aggregator: null, ...request },
      reachOf(own, HOME, request.roleName ?? null, signal),
      { update: () => undefined, done: () => undefined, problem: fail, end: () => undefined },
      new Date(),
    );
  });

const fail = (text: string): never => {
  throw new Error(text);
};

const OF_A_TRAIL = [
  'DescribeKey',
  'DescribeOrganization',
  'DescribeOrganization',
  'GetBucketEncryption',
  'GetKeyPolicy',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetTrailStatus',
  'HeadBucket',
  'ListGrants',
];

const LISTING = ['ListAccounts', 'AssumeRole', 'DescribeTrails'];

test('a scan of one trail: the caller, the list, and everything else at once', async () => {
  expect(await scanned({})).toEqual([['DescribeTrails'], OF_A_TRAIL]);
});

test('a scan of 17 Regions: one step more, for their names', async () => {
  const rounds = await scanned({ regions: 'all' });
  expect(rounds).toEqual([['DescribeRegions'], Array(17).fill('DescribeTrails'), OF_A_TRAIL]);
});

test('a scan of an organization: its accounts, a role in each, the lists, and everything else', async () => {
  let asked = 0;
  const DescribeTrails = () => {
    asked += 1;
    return { trailList: [trailOf(asked === 1 ? ACCOUNT : OTHER_ACCOUNT)] };
  };
  const rounds = await scanned({ accounts: 'organization', roleName: 'audit' }, { DescribeTrails });
  // The own account needs no role: its trails are read while others are entered.
  expect(rounds.map((round) => round.filter((name) => LISTING.includes(name)))).toEqual([
    ['ListAccounts'],
    ['AssumeRole', 'DescribeTrails'],
    ['DescribeTrails'],
    [],
  ]);
  expect(rounds[2]).toEqual(expect.arrayContaining(OF_A_TRAIL));
  expect(rounds[3]).toEqual(expect.arrayContaining(['DescribeKey', 'GetKeyPolicy', 'GetTrailStatus', 'HeadBucket']));
});

test('an evaluation by the rule: everything at once, with seven calls', async () => {
  const rounds = await inRounds(answers, async (clients) => {
    const evaluate = trailEvaluator(ports({}, clients), parseParameters({}), []);
    const of = { ...trail, kmsKeyId: keyOf(ACCOUNT), bucketName: 'logs' };
    await evaluate(of, NO_KNOWN_CHANGES);
  });
  expect(rounds).toEqual([
    [
      'DescribeKey',
      'GetBucketEncryption',
      'GetKeyPolicy',
      'GetKeyPolicy',
      'GetTrailStatus',
      'HeadBucket',
      'ListGrants',
    ],
  ]);
});
