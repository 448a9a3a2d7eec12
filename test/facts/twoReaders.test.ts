import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventConfigurationCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type GrantOperation,
  KeyState,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  MultiRegionKeyType,
} from '@aws-sdk/client-kms';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { startSession } from '../../src/aws/session.ts';
import { evaluateSnapshot } from '../../src/cli/evaluate/evaluateSnapshot.ts';
import { collect } from '../../src/cli/live/collect.ts';
import { type AccountAccess, reachOf } from '../../src/cli/live/reach.ts';
import { parseSnapshot } from '../../src/cli/snapshot/parse.ts';
import { collectReport } from '../../src/report/build.ts';
import { reportedTrail } from '../../src/report/reported.ts';
import { evaluateTrails } from '../../src/rule/evaluate/evaluateTrails.ts';
import { NO_EXCEPTIONS } from '../../src/rule/exceptions/exceptions.ts';
import { checkOptions, parseParameters } from '../../src/rule/parameters.ts';
import {
  ACCOUNT,
  ALIAS_ARN,
  answerPlainly,
  denied,
  FOREIGN_KEY_ARN,
  HOME,
  KEY_ARN,
  OF_RAM,
  ports,
  refused,
  UNSHARED,
  unanswered,
} from '../aws/support/answers.ts';
import { spread } from '../runs.ts';

/**
 * The Lambda reads AWS into facts, `scan` and `collect` into a snapshot that is read back: over one AWS both must come to
 * the same verdict, in the same words, or both must fail.
 */
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`;
const PARAMETERS = { requireKeyRotation: 'true' };

const cloudtrail = mockClient(CloudTrailClient);
const kms = mockClient(KMSClient);
const s3 = mockClient(S3Client);
const organizations = mockClient(OrganizationsClient);

const statement = (Sid: string, Principal: object, Action: string, Condition: object = {}) => ({
  Sid,
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  Condition,
});
const forTrail = { StringEquals: { 'aws:SourceArn': TRAIL } };
const fromTrails = {
  StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` },
};
const service = { Service: 'cloudtrail.amazonaws.com' };
const policy = (more: readonly object[] = []) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      statement('root', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'kms:*'),
      statement('encrypt', service, 'kms:GenerateDataKey*', { ...forTrail, ...fromTrails }),
      statement('describe', service, 'kms:DescribeKey', forTrail),
      ...more,
    ],
  });

function answerAsAws(key: string): void {
  for (const mock of [cloudtrail, kms, s3, organizations]) mock.reset();
  const trail = {
    TrailARN: TRAIL,
    Name: 'main',
    HomeRegion: 'us-east-1',
    S3BucketName: 'logs',
    KmsKeyId: key,
    IsMultiRegionTrail: true,
    IsOrganizationTrail: false,
    LogFileValidationEnabled: true,
    HasInsightSelectors: false,
  };
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [trail] });
  cloudtrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  const metadata = {
    Arn: key === ALIAS_ARN ? KEY_ARN.replace('eu-west-1', 'us-east-1') : key,
    KeyId: 'k',
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  } as const;
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: metadata });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: policy() });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true });
  kms.on(ListAliasesCommand).resolves({ Aliases: [{ AliasName: 'alias/trail' }] });
  answerPlainly(kms);
  s3.on(HeadBucketCommand).resolves({ BucketRegion: key === ALIAS_ARN ? 'us-east-1' : 'eu-west-1' });
  s3.on(GetBucketEncryptionCommand).rejects(refused('ServerSideEncryptionConfigurationNotFoundError', '', 404));
  organizations.on(DescribeOrganizationCommand).rejects(refused('AWSOrganizationsNotInUseException'));
}

async function byRule() {
  const live = ports({ readRotation: true, readResourceControlPolicies: true, throttledIsUnread: true });
  const parameters = parseParameters(PARAMETERS);
  const [verdict] = await evaluateTrails(await live.listTrails(), live, parameters);
  return told(reportedTrail(verdict!, checkOptions(parameters)));
}

async function byScan() {
  const { signal } = new AbortController();
  const own = { session: startSession(ACCOUNT, 'the role of the function', signal), clients: createClients() };
  // Each names the setting that would open another account: the only words in which they may differ.
  const reach: AccountAccess = {
    ...reachOf(own, HOME, null, signal),
    enter: async (accountId) =>
      accountId === ACCOUNT ? { access: own } : { closed: '`keyReaderRoleName` is not set' },
  };
  const places = { profile: undefined, regions: null, accounts: null, roleName: null, aggregator: null };
  const request = { ...places, throttledIsUnread: true };
  const problems: string[] = [];
  const silent = { update: () => undefined, done: () => undefined, end: () => undefined };
  const progress = { ...silent, problem: (text: string) => problems.push(text) };
  const { document, isWhole } = await collect(request, reach, progress, new Date());
  if (!isWhole) throw new Error(problems.join('; '));
  const snapshot = parseSnapshot(JSON.stringify(document), 'collected');
  const stream = await evaluateSnapshot({
    snapshot,
    parameters: PARAMETERS,
    exceptions: NO_EXCEPTIONS,
    now: new Date(),
  });
  const [trail] = (await collectReport(stream)).trails;
  return told(trail!);
}

type Reported = ReturnType<typeof reportedTrail>;
type Told = ReturnType<typeof told> | { readonly failed: string };

/** Everything that anybody is told. */
const told = ({ complianceType, annotation, findings }: Reported) => ({
  complianceType,
  annotation,
  findings: findings.map(({ check, status, severity, message, remediation, evidence }) => ({
    check,
    status,
    severity,
    message,
    remediation,
    evidence,
  })),
});

async function bothReaders(): Promise<{ readonly rule: Told; readonly scan: Told }> {
  const failed = (error: Error) => ({ failed: error.message });
  return { rule: await byRule().catch(failed), scan: await byScan().catch(failed) };
}

/** The scan names the trail that a failure costs it. */
function expectTheSame({ rule, scan }: { readonly rule: Told; readonly scan: Told }): void {
  if ('failed' in rule && 'failed' in scan) expect(scan.failed).toContain(rule.failed);
  else expect(scan).toEqual(rule);
}

const COMMANDS = {
  DescribeKey: DescribeKeyCommand,
  GetKeyPolicy: GetKeyPolicyCommand,
  GetKeyRotationStatus: GetKeyRotationStatusCommand,
  ListGrants: ListGrantsCommand,
  ListAliases: ListAliasesCommand,
} as const;
/** What is asked for the policy of AWS RAM alone is `RamPolicy`. */
const OPERATIONS: readonly (readonly (keyof typeof COMMANDS | 'RamPolicy')[])[] = [
  ['DescribeKey'],
  ['GetKeyPolicy'],
  ['RamPolicy'],
  ['GetKeyRotationStatus'],
  ['ListGrants'],
  ['ListAliases'],
  ['DescribeKey', 'GetKeyPolicy'],
  ['DescribeKey', 'GetKeyPolicy', 'ListGrants'],
];
const ENDINGS: Readonly<Record<string, Error | 'empty' | null>> = {
  OK: null,
  NotFoundException: refused('NotFoundException', 'said AWS'),
  InvalidArnException: refused('InvalidArnException', 'said AWS'),
  KMSInvalidStateException: refused('KMSInvalidStateException', 'said AWS'),
  UnsupportedOperationException: refused('UnsupportedOperationException', 'said AWS'),
  denied: denied('kms:X'),
  'denied by the key policy': denied('kms:X', 'no resource-based policy allows the kms:X action'),
  'no answer': unanswered(),
  'an empty answer': 'empty',
  DisabledException: refused('DisabledException', 'said AWS'),
};

describe.each([
  ['a key of the own account', KEY_ARN],
  ['an alias', ALIAS_ARN],
  ['a key of another account', FOREIGN_KEY_ARN],
])('%s', (_, key) => {
  describe.each(spread(OPERATIONS, 2).map((operations) => [operations.join(', '), operations] as const))(
    '%s',
    (_, operations) => {
      test.each(Object.entries(ENDINGS))('%s', async (_, ending) => {
        answerAsAws(key);
        for (const operation of operations) {
          const isRam = operation === 'RamPolicy';
          const command = (isRam ? GetKeyPolicyCommand : COMMANDS[operation]) as typeof DescribeKeyCommand;
          const on = isRam ? kms.on(command, OF_RAM as object) : kms.on(command);
          if (ending === 'empty') on.resolves({});
          else if (ending !== null) on.rejects(ending);
        }
        expectTheSame(await bothReaders());
      });
    },
  );
});

/** An account in an organization with a resource control policy, and a key policy that looks at everything else. */
function answerAsOrganization(): void {
  answerAsAws(KEY_ARN);
  const inOrganization = { StringLike: { 'aws:PrincipalOrgID': 'o-*' } };
  const named = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/trail' } };
  const readers = [
    statement('readers', { AWS: '*' }, 'kms:Decrypt', inOrganization),
    statement('aliased', { AWS: '*' }, 'kms:DescribeKey', named),
  ];
  kms.on(GetKeyPolicyCommand).resolves({ Policy: policy(readers) });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  const Organization = { Id: 'o-exampleorgid', MasterAccountId: '999999999999' };
  organizations.on(DescribeOrganizationCommand).resolves({ Organization });
  organizations.on(ListParentsCommand).resolves({ Parents: [{ Id: 'r-root', Type: 'ROOT' }] });
  organizations.on(ListPoliciesForTargetCommand).resolves({ Policies: [{ Id: 'p-own' }] });
  const deny = { ...statement('control', { AWS: '*' }, 'kms:ScheduleKeyDeletion'), Effect: 'Deny' };
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
  organizations.on(DescribePolicyCommand).resolves({ Policy: { Content } });
}

describe('what surrounds a key', () => {
  type Command = typeof DescribeKeyCommand;
  const on = (client: unknown, command: unknown) => (client as typeof kms).on(command as Command);
  describe.each([
    ['nothing', null, null],
    ['GetTrailStatus', cloudtrail, GetTrailStatusCommand],
    ['HeadBucket', s3, HeadBucketCommand],
    ['GetBucketEncryption', s3, GetBucketEncryptionCommand],
    ['DescribeOrganization', organizations, DescribeOrganizationCommand],
    ['ListParents', organizations, ListParentsCommand],
    ['ListPoliciesForTarget', organizations, ListPoliciesForTargetCommand],
    ['DescribePolicy', organizations, DescribePolicyCommand],
    ['ListAliases', kms, ListAliasesCommand],
  ])('%s', (_, client, command) => {
    test.each<[string, Error | 'empty']>([
      ['denied', denied('x:X')],
      ['denied without a word', refused('AccessDenied', '', 403)],
      ['denied without a code', refused('Unknown', 'UnknownError', 403)],
      ['TrailNotFoundException', refused('TrailNotFoundException', 'said AWS')],
      ['not found', refused('NotFound', '', 404)],
      ['NoSuchBucket', refused('NoSuchBucket', 'said AWS', 404)],
      ['AWSOrganizationsNotInUseException', refused('AWSOrganizationsNotInUseException', 'said AWS')],
      ['TargetNotFoundException', refused('TargetNotFoundException', 'said AWS')],
      ['throttling', refused('ThrottlingException', 'Rate exceeded')],
      ['an empty answer', 'empty'],
    ])('%s', async (_, ending) => {
      answerAsOrganization();
      if (client !== null && ending === 'empty') on(client, command).resolves({});
      else if (client !== null) on(client, command).rejects(ending);
      expectTheSame(await bothReaders());
    });
  });
});

describe('throttled to the last attempt', () => {
  const throttled = refused('ThrottlingException', 'Rate exceeded');
  const named = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/trail' } };
  const looks = () =>
    kms.on(GetKeyPolicyCommand).resolves({ Policy: policy([statement('aliased', { AWS: '*' }, 'kms:*', named)]) });
  test.each<[string, string, () => unknown, string | null]>([
    ['rotation', KEY_ARN, () => kms.on(GetKeyRotationStatusCommand).rejects(throttled), 'key-rotates'],
    ['encryption', KEY_ARN, () => s3.on(GetBucketEncryptionCommand).rejects(throttled), 'cloudtrail-can-decrypt'],
    ['aliases', ALIAS_ARN, () => kms.on(ListAliasesCommand).rejects(throttled), null],
  ])('%s: the trail has its verdict, and a finding says why it is not known', async (_, key, answer, check) => {
    answerAsAws(key);
    const before = await bothReaders();
    answer();
    const both = await bothReaders();
    expectTheSame(both);
    if ('failed' in both.rule || 'failed' in before.rule) throw new Error('no verdict');
    expect(both.rule.complianceType).toBe(before.rule.complianceType);
    const unknown = both.rule.findings.filter(({ message }) => message.includes('ThrottlingException'));
    expect(unknown.map(({ check: of, status }) => [of, status])).toEqual(check === null ? [] : [[check, 'unknown']]);
  });

  test.each([KEY_ARN, ALIAS_ARN])('aliases that a policy looks at cost the verdict of a trail with %s', async (key) => {
    answerAsAws(key);
    looks();
    kms.on(ListAliasesCommand).rejects(throttled);
    const both = await bothReaders();
    expectTheSame(both);
    expect(both.rule).toEqual({ failed: expect.stringContaining('ThrottlingException') });
  });
});

describe('which events a trail delivers', () => {
  /** The policy lets log files and digests in, and no other kind of file. */
  function answerAsPinned(trail: object): void {
    answerAsAws(KEY_ARN);
    const folder = `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}`;
    const paths = [`${folder}/`, `${folder}/CloudTrail/*`, `${folder}/CloudTrail-Digest/*`];
    const deny = statement('folders', service, 'kms:GenerateDataKey*', {
      StringNotLike: { 'kms:EncryptionContext:aws:s3:arn': paths },
    });
    kms.on(GetKeyPolicyCommand).resolves({ Policy: policy([{ ...deny, Effect: 'Deny' }]) });
    const trailList = [{ TrailARN: TRAIL, HomeRegion: 'us-east-1', S3BucketName: 'logs', KmsKeyId: KEY_ARN, ...trail }];
    cloudtrail.on(DescribeTrailsCommand).resolves({ trailList });
    cloudtrail.on(GetEventSelectorsCommand).resolves({ AdvancedEventSelectors: [] });
    cloudtrail.on(GetEventConfigurationCommand).resolves({ AggregationConfigurations: [] });
  }
  const known = { IsOrganizationTrail: false, HasInsightSelectors: false };
  const statusOf = ({ rule }: { readonly rule: Told }) =>
    'failed' in rule ? rule.failed : rule.findings.find(({ check }) => check === 'cloudtrail-can-encrypt')?.status;

  test.each([
    ['no selectors of its own', { ...known, HasCustomEventSelectors: false }, 1, 'pass'],
    ['selectors of its own', { ...known, HasCustomEventSelectors: true }, 2, 'pass'],
    ['selectors that nobody tells of', known, 2, 'pass'],
    ['Insights that nobody tells of', { IsOrganizationTrail: false, HasCustomEventSelectors: false }, 1, 'unknown'],
  ])('%s', async (_, trail, calls, status) => {
    answerAsPinned(trail);
    const both = await bothReaders();
    expectTheSame(both);
    expect(statusOf(both)).toBe(status);
    const asked = cloudtrail.calls().filter(({ args }) => 'TrailName' in args[0].input);
    expect(asked).toHaveLength(2 * calls);
  });

  test('nothing is asked where no policy looks at the path', async () => {
    answerAsAws(KEY_ARN);
    expectTheSame(await bothReaders());
    expect(cloudtrail.calls().filter(({ args }) => 'TrailName' in args[0].input)).toEqual([]);
  });

  const category = (name: string) => ({ FieldSelectors: [{ Field: 'eventCategory', Equals: [name] }] });
  test.each<[string, 'selectors' | 'configuration', object | Error, string]>([
    ['NetworkActivity', 'selectors', { AdvancedEventSelectors: [category('NetworkActivity')] }, 'fail'],
    ['an unknown category', 'selectors', { AdvancedEventSelectors: [category('New')] }, 'unknown'],
    ['an empty answer', 'selectors', {}, 'unknown'],
    ['selectors denied', 'selectors', denied('cloudtrail:GetEventSelectors'), 'unknown'],
    ['aggregation', 'configuration', { AggregationConfigurations: [{ Templates: ['API_ACTIVITY'] }] }, 'fail'],
    ['configuration denied', 'configuration', denied('cloudtrail:GetEventConfiguration'), 'unknown'],
    ['TrailNotFoundException', 'configuration', refused('TrailNotFoundException', 'said AWS'), 'unknown'],
    ['no such call', 'configuration', refused('UnknownOperationException', 'said AWS'), 'unknown'],
  ])('%s', async (_, what, ending, status) => {
    answerAsPinned({ ...known, HasCustomEventSelectors: true });
    const command = what === 'selectors' ? GetEventSelectorsCommand : GetEventConfigurationCommand;
    const on = cloudtrail.on(command as typeof GetEventSelectorsCommand);
    if (ending instanceof Error) on.rejects(ending);
    else on.resolves(ending);
    const both = await bothReaders();
    expectTheSame(both);
    expect(statusOf(both)).toBe(status);
  });

  test('throttling costs the trail its verdict', async () => {
    answerAsPinned(known);
    cloudtrail.on(GetEventConfigurationCommand).rejects(refused('ThrottlingException', 'Rate exceeded'));
    const both = await bothReaders();
    expectTheSame(both);
    expect(both.rule).toEqual({ failed: expect.stringContaining('ThrottlingException') });
  });
});

describe('what lets others in beside the key policy', () => {
  const STRANGER = { AWS: 'arn:aws:iam::999988887777:root' };
  const grant = { GrantId: 'g', KeyId: KEY_ARN, Operations: ['GenerateDataKey', 'Decrypt'] as GrantOperation[] };
  test.each<[string, () => void]>([
    ['a share through AWS RAM', () => sharedBy(JSON.stringify({ Statement: [statement('s', STRANGER, 'kms:*')] }))],
    ['a share with everybody', () => sharedBy(JSON.stringify({ Statement: [statement('s', { AWS: '*' }, 'kms:*')] }))],
    ['a share that cannot be parsed', () => sharedBy('{')],
    [
      'a grant to a service, for a source of a stranger',
      () => granted({ GranteeServicePrincipal: service.Service, Constraints: { SourceArn: STRANGERS_TRAIL } }),
    ],
    [
      'a grant to a service, for this trail',
      () => granted({ GranteeServicePrincipal: service.Service, Constraints: { SourceArn: TRAIL } }),
    ],
    [
      'a grant to a service with a retiring service and an encryption context',
      () =>
        granted({
          GranteeServicePrincipal: service.Service,
          RetiringServicePrincipal: service.Service,
          Constraints: { SourceArn: STRANGERS_TRAIL, EncryptionContextEquals: { a: 'b' } },
        }),
    ],
    ['a constraint that nobody knows', () => granted({ GranteePrincipal: STRANGER.AWS, Constraints: FUTURE })],
    ['replicas', () => kms.on(DescribeKeyCommand).resolves({ KeyMetadata: REPLICATED })],
  ])('%s', async (_, answer) => {
    answerAsAws(KEY_ARN);
    answer();
    const { rule, scan } = await bothReaders();
    expect(rule).not.toHaveProperty('failed');
    expectTheSame({ rule, scan });
  });

  const STRANGERS_TRAIL = 'arn:aws:cloudtrail:us-east-1:999988887777:trail/x';
  const FUTURE = { SourceVpc: 'vpc-1' } as object;
  const REPLICATED = {
    Arn: KEY_ARN,
    KeyId: 'k',
    KeyState: KeyState.Enabled,
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: MultiRegionKeyType.PRIMARY,
      PrimaryKey: { Arn: KEY_ARN, Region: 'eu-west-1' },
      ReplicaKeys: [{ Arn: KEY_ARN.replace('eu-west-1', 'eu-west-2'), Region: 'eu-west-2' }],
    },
  };

  const sharedBy = (Policy: string) => kms.on(GetKeyPolicyCommand, OF_RAM).resolves({ Policy });
  const granted = (members: object) => kms.on(ListGrantsCommand).resolves({ Grants: [{ ...grant, ...members }] });
});
