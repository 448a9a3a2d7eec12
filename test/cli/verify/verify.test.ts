import { DescribeTrailsCommand, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { SelectResourceConfigCommand } from '@aws-sdk/client-config-service';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, KEY_ARN, OF_RAM, refused, UNSHARED } from '../../aws/support/answers.ts';
import { answerAll, cloudtrail, config, deny, kms, listed, sent, sts, TRAIL } from '../doctor/account.ts';
import { cli } from '../support.ts';

/** CloudTrail's two lookups a second are no matter of these tests. */
jest.mock('../../../src/aws/read/lookUp.ts', () => {
  const actual = jest.requireActual('../../../src/aws/read/lookUp.ts');
  return { ...actual, eventLookup: () => actual.eventLookup(0) };
});

const HERE = ['--region', 'us-east-1'];
const SHADOW = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/shadow`;
const PATH = `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}/`;

/** Through S3 alone, and for everybody of AWS. */
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'kms:*',
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
  },
});

const event = (EventId: string, path: string, minute: number, members: object = {}) => ({
  EventId,
  EventName: 'GenerateDataKey',
  EventTime: new Date(Date.UTC(2026, 10, 20, 10, minute)),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: { encryptionContext: { 'aws:cloudtrail:arn': TRAIL, 'aws:s3:arn': path } },
    resources: [{ ARN: KEY_ARN }],
    ...members,
  }),
});
const created = {
  EventId: 'created',
  EventName: 'CreateTrail',
  EventTime: new Date(Date.UTC(2026, 10, 20, 9, 0)),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'CreateTrail',
    userIdentity: { arn: 'arn:aws:iam::111122223333:user/alice' },
    requestParameters: { name: 'main', kmsKeyId: KEY_ARN },
  }),
};
const item = (trailARN: string, homeRegion: string) =>
  JSON.stringify({ configuration: { trailARN, homeRegion }, awsRegion: 'us-east-1' });

/** An account with a trail whose records settle something. */
function answerVerify(): void {
  answerAll();
  listed({ KmsKeyId: KEY_ARN });
  const shown = [TRAIL, SHADOW].map((TrailARN) => ({ TrailARN, HomeRegion: TrailARN.split(':')[3] }));
  cloudtrail.on(DescribeTrailsCommand, { includeShadowTrails: true }).resolves({ trailList: shown });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: POLICY });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  cloudtrail.on(LookupEventsCommand).callsFake(async ({ LookupAttributes: [attribute], StartTime }) => {
    if (attribute.AttributeValue === 'CreateTrail') return { Events: [created] };
    if (attribute.AttributeKey !== 'ResourceName') return { Events: [] };
    // A person's call through CloudTrail is no request of CloudTrail's own.
    const foreign = { userIdentity: { type: 'AssumedRole', invokedBy: 'cloudtrail.amazonaws.com' } };
    return StartTime === undefined
      ? { Events: [event('person', `${PATH}x`, 20, foreign), event('file', `${PATH}CloudTrail/x.json.gz`, 10)] }
      : { Events: [{ ...event('probe', PATH, 0), EventTime: new Date(Date.UTC(2026, 10, 20, 9, 0, 1)) }] };
  });
  config.on(SelectResourceConfigCommand).resolves({
    Results: [item(TRAIL, 'us-east-1'), item(SHADOW, 'eu-west-1'), '{', JSON.stringify({ awsRegion: 'us-east-1' })],
  });
}

beforeEach(answerVerify);

async function verified(...args: readonly string[]) {
  const { code, stdout, stderr } = await cli(['verify', ...HERE, '--quiet', '--format', 'json', ...args]);
  const { questions, record, ...rest } = JSON.parse(stdout || '{}');
  const answers = Object.fromEntries(
    (questions ?? []).map(({ id, answer }: { id: string; answer: string | null }) => [id, answer]),
  );
  return { code, stderr, questions, record, answers, ...rest };
}

test('each question has its answer, or what is missing', async () => {
  const { code, answers, questions, region, trails } = await verified();
  expect({ code, region, trails }).toEqual({ code: 0, region: 'us-east-1', trails: 1 });
  expect(answers).toEqual({
    'source-org-id': null,
    'source-org-paths': null,
    'via-service': 'carried',
    'caller-account': null,
    'principal-account': null,
    'aws-star': 'covers',
    'probe-path': 'folder',
    'replicas-recorded': 'recorded',
    'organization-trails-recorded': null,
  });
  for (const { settled, missing, evidence } of questions) {
    expect(missing === null).toBe(settled);
    expect(evidence.length > 0).toBe(settled);
  }
  expect(questions.find(({ id }: { id: string }) => id === 'via-service').evidence).toEqual([
    {
      ruledOut: ['absent'],
      eventId: 'file',
      time: '2026-11-20T10:10:00.000Z',
      words: `CloudTrail's GenerateDataKey for ${KEY_ARN} was allowed`,
    },
  ]);
});

test('the record that may be sent tells answers, and nothing of the account', async () => {
  const { record } = await verified();
  expect(record).toEqual({
    tool: 'cloudtrail-kms-rule',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    partition: 'aws',
    answers: expect.objectContaining({
      'via-service': { answer: 'carried', evidence: 1 },
      'source-org-id': { answer: null, evidence: 0 },
    }),
  });
  expect(JSON.stringify(record)).not.toMatch(/\d{12}|arn:|main|alice|created|us-east/);
});

test('in words, with the record at the end, and nothing written', async () => {
  const { stdout } = await cli(['verify', ...HERE, '--quiet']);
  expect(stdout).toMatch(new RegExp(`^Account ${ACCOUNT} in us-east-1: 1 trail\n`));
  expect(stdout).toMatch(
    /\nsettled {2}via-service\n {9}Do CloudTrail's requests to KMS carry `kms:ViaService`\?\n {9}→ they carry/,
  );
  expect(stdout).toMatch(/\nopen {5}source-org-id\n[^\n]*\n {9}missing: no request was seen/);
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toHaveProperty('answers');
  expect(sent().filter((name) => !/^(Get|List|Describe|Lookup|Select|Head)/.test(name))).toEqual([]);
});

test.each<[string, () => void, number, string, RegExp]>([
  ['events are denied', () => deny('LookupEvents'), 0, 'via-service', /lacks cloudtrail:LookupEvents/],
  [
    'AWS Config is denied',
    () => deny('SelectResourceConfig'),
    0,
    'replicas-recorded',
    /lacks config:SelectResourceConfig/,
  ],
  ['there is no trail', () => listed(), 0, 'aws-star', /no trail here has a key of this account/],
])('%s: the questions stay open, with what is missing', async (_, prepare, code, id, missing) => {
  prepare();
  const outcome = await verified();
  expect(outcome.code).toBe(code);
  expect(outcome.questions.find((one: { id: string }) => one.id === id)).toMatchObject({
    settled: false,
    missing: expect.stringMatching(missing),
  });
});

test('throttling is no answer', async () => {
  config.on(SelectResourceConfigCommand).rejects(refused('ThrottlingException', 'Rate exceeded'));
  expect(await verified()).toMatchObject({ code: 3, stderr: expect.stringContaining('Config SelectResourceConfig') });
});

test('no credentials: exit code 3', async () => {
  sts
    .on(GetCallerIdentityCommand)
    .rejects(Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }));
  expect(await verified()).toMatchObject({ code: 3, stderr: expect.stringContaining('no AWS credentials were found') });
});

test.each(['nowhere', 'us-east-1,eu-west-1', ''])('`%s` is no Region', async (region) => {
  const { code, stderr } = await cli(['verify', '--region', region]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`\`--region\` is \`${region}\``) });
});
