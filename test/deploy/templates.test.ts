import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { lambdaBuilds } from '../../scripts/lambdaBuilds.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { PARAMETER_NAMES } from '../../src/rule/parameterTable.ts';

const root = join(__dirname, '../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
/** In the short form of CloudFormation's functions: packs are written in the long one, which AWS Config's own use. */
const shortTextOf = (file: string) => {
  const inner = (text: string) => text.replace(/\{ 'Fn::(\w+)': (\[[^{}]*\]) \}/g, '!$1 $2');
  const references = textOf(file).replace(/\{ Ref: '?([\w:]+)'? \}/g, '!Ref $1');
  return inner(inner(references)).replace(/\n +Fn::If:\n/g, ' !If\n');
};
// The tags are left aside: `!Ref X` reads as `X`.
const templateOf = (file: string) => parse(shortTextOf(file), { logLevel: 'error' });
const templateName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const DOCUMENTATION = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => textOf(`docs/${file}`))
  .join('\n');
const TEMPLATES = readdirSync(join(root, 'deploy')).filter((file) => file.endsWith('.yaml'));

test('the central functions take in event data stores only where somebody says so, and by no further permission', () => {
  const { Parameters, Resources } = templateOf('deploy/central.yaml');
  expect(Parameters.EvaluateEventDataStores).toMatchObject({ Default: 'false', AllowedValues: ['true', 'false'] });
  for (const name of ['CentralFunction', 'KeyEventFunction'])
    expect(Resources[name].Properties.Environment.Variables.EVALUATE_EVENT_DATA_STORES).toBe('EvaluateEventDataStores');
  expect(textOf('deploy/central.yaml')).not.toMatch(/cloudtrail:(List|Get)EventDataStore/);
});

test.each(TEMPLATES)('%s parses, is named by the documentation, and every reference leads somewhere', (file) => {
  const text = shortTextOf(`deploy/${file}`);
  const { Parameters, Resources, Conditions = {} } = templateOf(`deploy/${file}`);
  expect(DOCUMENTATION).toContain(`deploy/${file}`);
  const known = new Set([...Object.keys(Parameters), ...Object.keys(Resources)]);
  const references = [...text.matchAll(/!Ref ([A-Za-z]+)\b(?!:)/g)].map(([, name = '']) => name);
  expect(references.filter((name) => name !== 'AWS' && !known.has(name))).toEqual([]);
  const used = new Set(
    [...text.matchAll(/!Ref (\w+)|\$\{(\w+)[.}]|- (\w+)$|\[(\w+),/gm)].flatMap((match) => match.slice(1)),
  );
  expect(Object.keys(Parameters).filter((name) => !used.has(name))).toEqual([]);
  const conditioned = new Set(
    [...text.matchAll(/(?:!If \[|Condition: |!Condition |- )(\w+)/g)].map(([, name = '']) => name),
  );
  expect(Object.keys(Conditions).filter((name) => !conditioned.has(name))).toEqual([]);
});

test.each(['template.yaml', 'deploy/remediation/runbooks.yaml', ...TEMPLATES.map((file) => `deploy/${file}`)])(
  '%s says of every parameter what it is for',
  (file) => {
    const { Parameters } = templateOf(file) as { readonly Parameters: Readonly<Record<string, object>> };
    expect(Object.keys(Parameters)).not.toEqual([]);
    for (const [name, parameter] of Object.entries(Parameters))
      expect({ name, ...parameter }).toMatchObject({ name, Description: expect.stringMatching(/^\S.{9,}/) });
  },
);

describe.each(['organization-conformance-pack.yaml', 'conformance-pack.yaml'])('%s', (file) => {
  const { Parameters, Resources } = templateOf(`deploy/${file}`);
  const rule = Resources.CloudTrailKms.Properties;

  // AWS Config Developer Guide, "Service limits"; PutOrganizationConformancePack.
  it('is within the limits of a pack', () => {
    expect(Buffer.byteLength(textOf(`deploy/${file}`))).toBeLessThanOrEqual(51_200);
    expect(Object.keys(Parameters).length).toBeLessThanOrEqual(60);
  });

  it.each(PARAMETER_NAMES)('holds %s, left out when empty', (name) => {
    expect(Parameters[templateName(name)]).toMatchObject({ Type: 'String', Description: expect.any(String) });
    expect(rule.InputParameters[name]).toEqual([`Has${templateName(name)}`, templateName(name), 'AWS::NoValue']);
  });

  it('hands over no other parameter, and defaults that the rule accepts', () => {
    expect(Object.keys(rule.InputParameters).sort()).toEqual([...PARAMETER_NAMES].sort());
    const defaults = PARAMETER_NAMES.map((name) => [name, Parameters[templateName(name)].Default]);
    expect(() => parseParameters(Object.fromEntries(defaults))).not.toThrow();
  });
});

test("the organization rule's default parameters are accepted", () => {
  const { Parameters } = templateOf('deploy/organization-rule.yaml');
  expect(parseParameters(JSON.parse(Parameters.RuleParameters.Default)).memberRoleName).toBe(
    templateOf('deploy/member-role.yaml').Parameters.RoleName.Default,
  );
});

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The statements of a role, those under a condition too. */
const statementsOf = (role: { Properties: { Policies: unknown[] } }): readonly Statement[] =>
  role.Properties.Policies.flatMap((policy) => (Array.isArray(policy) ? policy.slice(1, 2) : [policy]))
    .flatMap((policy) => (policy as { PolicyDocument: { Statement: unknown[] } }).PolicyDocument.Statement)
    .flatMap((statement) => (Array.isArray(statement) ? statement.slice(1, 2) : [statement])) as readonly Statement[];

const actionsOf = (role: { Properties: { Policies: unknown[] } }): readonly string[] =>
  statementsOf(role).flatMap(({ Action }) => Action);

/** The requests of adapters, as IAM names them. */
function requestsOf(...adapters: readonly string[]): readonly string[] {
  const SERVICES: Readonly<Record<string, string>> = {
    'client-cloudtrail': 'cloudtrail',
    'client-config-service': 'config',
    'client-kms': 'kms',
    'client-organizations': 'organizations',
    'client-s3': 's3',
    'client-securityhub': 'securityhub',
    'client-ssm': 'ssm',
    'client-sts': 'sts',
  };
  const IAM_NAMES: Readonly<Record<string, string>> = {
    's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
    's3:ListObjectsV2': 's3:ListBucket',
  };
  return adapters.flatMap((adapter) => {
    const text = textOf(`src/aws/${adapter}.ts`);
    const service = SERVICES[/@aws-sdk\/(client-[\w-]+)/.exec(text)?.[1] ?? ''];
    const commands = [...new Set(text.match(/\b[A-Z]\w+(?=Command\()/g) ?? [])];
    // HeadBucket names the bucket's Region even to a principal without s3:ListBucket.
    return commands
      .filter((name) => name !== 'HeadBucket')
      .map((name) => IAM_NAMES[`${service}:${name}`] ?? `${service}:${name}`);
  });
}

describe('the member role', () => {
  const { MemberRole } = templateOf('deploy/member-role.yaml').Resources;
  const actions = actionsOf(MemberRole);

  it('covers what is asked with its credentials, and nothing else', () => {
    const asked = requestsOf(
      'read/trail',
      'read/trailEvents',
      'read/bucket',
      'read/key',
      'read/organization',
      'configRecords',
      'ruleStarts',
      'read/eventDataStores',
    );
    expect([...new Set(actions)].sort()).toEqual([...new Set(asked)].sort());
  });

  it('reads key policies of its own account alone', () => {
    const statements = statementsOf(MemberRole).filter(({ Action }) => [Action].flat().includes('kms:GetKeyPolicy'));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    expect(statements.map(({ Resource }) => Resource)).toEqual(['arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*']);
  });

  it('is bound to resources wherever IAM can', () => {
    const everywhere = statementsOf(MemberRole).filter(({ Resource }) => Resource === '*');
    expect(everywhere.flatMap(({ Action }) => Action)).toEqual([
      'cloudtrail:DescribeTrails',
      'kms:ListAliases',
      'organizations:DescribeOrganization',
      'config:DescribeConfigRules',
      'config:GetResourceConfigHistory',
      'config:PutEvaluations',
      'cloudtrail:ListEventDataStores',
    ]);
  });

  it('lists event data stores only where somebody says so', () => {
    const { Parameters } = templateOf('deploy/member-role.yaml');
    expect(Parameters.ReadsEventDataStores).toMatchObject({ Default: 'false' });
    const [condition, { PolicyName }] = MemberRole.Properties.Policies.at(-1);
    expect([condition, PolicyName]).toEqual(['ListsEventDataStores', 'read-event-data-stores']);
  });

  it('trusts the roles of the functions alone, in the organization', () => {
    const [{ Principal, Condition }] = MemberRole.Properties.AssumeRolePolicyDocument.Statement;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    expect(Principal).toEqual({ AWS: 'arn:${AWS::Partition}:iam::${FunctionAccountId}:root' });
    expect(Condition).toEqual({
      ArnEquals: { 'aws:PrincipalArn': 'FunctionRoleArns' },
      StringEquals: {
        'aws:PrincipalOrgID': 'OrganizationId',
        'sts:ExternalId': ['HasExternalId', 'ExternalId', 'AWS::NoValue'],
      },
    });
  });
});

describe('central.yaml', () => {
  const { Parameters, Resources } = templateOf('deploy/central.yaml');
  const environment = (name: string) => Resources[name].Properties.Environment.Variables;

  it('hands every rule parameter to both functions, in JSON that holds with the defaults', () => {
    const text: string = environment('CentralFunction').RULE_PARAMETERS;
    expect(environment('KeyEventFunction').RULE_PARAMETERS).toBe(text);
    expect(Object.keys(JSON.parse(text)).sort()).toEqual([...PARAMETER_NAMES].sort());
    const filled = text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => Parameters[name].Default);
    expect(parseParameters(JSON.parse(filled))).toEqual(parseParameters({ aggregatorName: 'cloudtrail-kms-rule' }));
  });

  it('takes for every rule parameter only text that cannot break out of the JSON', () => {
    for (const name of PARAMETER_NAMES) {
      const { AllowedPattern, AllowedValues } = Parameters[templateName(name)];
      if (AllowedValues !== undefined) continue;
      expect(new RegExp(`^(?:${AllowedPattern})$`).test('a"b')).toBe(false);
      expect(new RegExp(`^(?:${AllowedPattern})$`).test('arn:aws:kms:x"y')).toBe(false);
    }
  });

  it('is built like the rule', () => {
    const [rule] = lambdaBuilds(join(root, 'template.yaml'));
    const builds = lambdaBuilds(join(root, 'deploy/central.yaml'));
    expect(builds.map(({ handler }) => handler)).toEqual(['centralEvaluation', 'keyEvent']);
    for (const { options } of builds) expect(options).toEqual(rule?.options);
  });

  it.each([
    [
      'CentralRole',
      [
        'read/aggregator',
        'read/trail',
        'read/trailEvents',
        'read/bucket',
        'read/key',
        'read/organization',
        'expectedAccounts',
      ],
      ['exceptionDocuments', 'read/resourceControlPolicies', 'roles', 'securityHub', 'write/resultBucket'],
    ],
    ['KeyEventRole', ['read/aggregator', 'ruleStarts', 'expectedAccounts', 'roles'], []],
  ])('%s covers its requests', (role, always, optional) => {
    expect(actionsOf(Resources[role])).toEqual(
      expect.arrayContaining([...requestsOf(...always), ...requestsOf(...optional)]),
    );
    expect(actionsOf(Resources[role]).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('makes what keeps results where a database is named alone, and the role writes nowhere else', () => {
    expect(Parameters.ResultsDatabaseName.Default).toBe('');
    const kept = Object.entries<{ readonly Type: string; readonly Condition?: string }>(Resources)
      .filter(([, { Type }]) => /^AWS::(S3|Glue|Athena)::/.test(Type))
      .filter(([name]) => !name.startsWith('Runs'))
      .map(([name, { Condition }]) => [name, Condition]);
    expect(kept).toHaveLength(10);
    expect(new Set(kept.map(([, condition]) => condition))).toEqual(new Set(['KeepsResults']));
    expect(environment('CentralFunction').RESULTS_BUCKET).toEqual(['KeepsResults', 'ResultsBucket', 'AWS::NoValue']);
    const conditions = Resources.CentralRole.Properties.Policies[0].PolicyDocument.Statement.filter(Array.isArray);
    const written = conditions.filter(([, { Sid }]: [string, Statement]) => Sid.endsWith('Results'));
    expect(
      written.map(([condition, { Action, Resource }]: [string, Statement]) => [condition, Action, Resource]),
    ).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
      ['KeepsResults', 's3:PutObject', '${ResultsBucket.Arn}/results/*'],
      ['EncryptsResults', 'kms:GenerateDataKey', 'EncryptionKeyArn'],
    ]);
  });

  it('keeps results encrypted, over TLS alone, and not for ever', () => {
    const bucket = Resources.ResultsBucket.Properties;
    const [rule] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: ['HasEncryptionKey', 'aws:kms', 'AES256'],
      KMSMasterKeyID: ['HasEncryptionKey', 'EncryptionKeyArn', 'AWS::NoValue'],
    });
    expect(Object.values(bucket.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(bucket.LifecycleConfiguration.Rules[0]).toMatchObject({
      Prefix: 'results/',
      ExpirationInDays: 'ResultsRetentionDays',
    });
    const [statement] = Resources.ResultsBucketPolicy.Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    expect(statement.Resource).toEqual(['ResultsBucket.Arn', '${ResultsBucket.Arn}/*']);
    expect(Resources.ResultsBucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('its table knows the days of the calendar, where the function writes them', () => {
    const { Parameters: properties, PartitionKeys, StorageDescriptor } = Resources.ResultsTable.Properties.TableInput;
    expect(PartitionKeys).toEqual([{ Name: 'date', Type: 'string' }]);
    /* biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders */
    expect(properties).toMatchObject({
      'projection.date.range': 'NOW-${ResultsRetentionDays}DAYS,NOW',
      'storage.location.template': 's3://${ResultsBucket}/results/date=${!date}/',
    });
    expect(StorageDescriptor.Location).toBe('s3://${ResultsBucket}/results/');
    /* biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders */
  });

  describe('with Evaluation=STATE_MACHINE', () => {
    const OWN = [
      'RunsBucket',
      'RunsBucketPolicy',
      'ScheduleRole',
      'StateMachine',
      'StateMachineAlarm',
      'StateMachineLogGroup',
      'StateMachineRole',
    ];

    it('makes what nobody has without it', () => {
      expect(Parameters.Evaluation.Default).toBe('FUNCTION');
      const made = Object.keys(Resources).filter((name) => /StateMachine$/.test(Resources[name].Condition ?? ''));
      expect(made.sort()).toEqual(OWN);
      expect(Resources.ScheduleMayInvoke.Condition).toBe('UsesFunction');
      const keeping = Resources.CentralRole.Properties.Policies.filter((policy: unknown) => Array.isArray(policy));
      expect(keeping).toEqual([
        ['UsesStateMachine', expect.objectContaining({ PolicyName: 'keep-runs' }), 'AWS::NoValue'],
      ]);
    });

    it('the function may do with the bucket what its store asks', () => {
      const actions = statementsOf(Resources.CentralRole).filter(({ Sid }) => /Steps|ResultsOfBatches/.test(Sid));
      expect(actions.flatMap(({ Action }) => Action).sort()).toEqual([...requestsOf('runStore')].sort());
    });

    it('the state machine may do what its states ask, of this stack alone', () => {
      const everywhere = statementsOf(Resources.StateMachineRole).filter(({ Resource }) => Resource === '*');
      // CloudWatch Logs takes no resource for the delivery of a log.
      expect(everywhere.map(({ Sid }) => Sid)).toEqual(['DeliverLog']);
      const actions = actionsOf(Resources.StateMachineRole).filter((action) => !action.startsWith('logs:'));
      expect(actions).toEqual([
        'lambda:InvokeFunction',
        's3:GetObject',
        ...['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        ...['states:StartExecution', 'states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
        ...['kms:Decrypt', 'kms:GenerateDataKey'],
      ]);
      expect(actionsOf(Resources.ScheduleRole)).toEqual(['states:StartExecution']);
      const { StateMachineName } = Resources.StateMachine.Properties;
      const own = statementsOf(Resources.StateMachineRole).filter(({ Action }) => String(Action).includes('states:'));
      for (const { Resource } of own) expect(Resource).toContain(`:${StateMachineName}`);
      const { Label } = Resources.StateMachine.Properties.Definition.States.Evaluate;
      expect(own.at(-1)?.Resource).toContain(`${StateMachineName}/${Label}:`);
    });

    it('keeps a run encrypted, private and for two weeks', () => {
      const { BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration } =
        Resources.RunsBucket.Properties;
      expect(JSON.stringify(BucketEncryption)).toMatch(/"aws:kms".*"AES256"/);
      expect(LifecycleConfiguration.Rules).toEqual([
        expect.objectContaining({ Status: 'Enabled', ExpirationInDays: 14 }),
      ]);
      expect(Object.values(PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Resources.RunsBucketPolicy.Properties.PolicyDocument.Statement).toEqual([
        expect.objectContaining({ Effect: 'Deny', Principal: '*', Action: 's3:*' }),
      ]);
    });

    it('tries again what may pass, wrong input never, and gives Lambda its time', () => {
      const { List, Evaluate, Summarize } = Resources.StateMachine.Properties.Definition.States;
      const { Timeout } = Resources.CentralFunction.Properties;
      for (const { Retry, TimeoutSeconds } of [List, Evaluate.ItemProcessor.States.EvaluateBatch, Summarize]) {
        expect(TimeoutSeconds).toBeGreaterThan(Timeout);
        expect(Retry[0].MaxAttempts).toBe(0);
        expect(Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], BackoffRate: 2, JitterStrategy: 'FULL' });
      }
    });
  });

  it('rings when an organization trail has had no verdict for 48 hours, a function that never runs included', () => {
    const { MetricName, Statistic, Period, EvaluationPeriods, Threshold, TreatMissingData } =
      Resources.OrganizationTrailAlarm.Properties;
    expect({ MetricName, Statistic, TreatMissingData, Threshold }).toEqual({
      MetricName: 'OrganizationTrailsWithoutVerdict',
      Statistic: 'Minimum',
      TreatMissingData: 'breaching',
      Threshold: 1,
    });
    expect(Period * EvaluationPeriods).toBe(48 * 3600);
  });

  it('takes the events of keys that the handler knows, of this organization alone', async () => {
    const { KEY_EVENTS } = await import('../../src/rule/event/keyEvent.ts');
    const forwarding = templateOf('deploy/key-events.yaml').Resources.KeyChanges.Properties.EventPattern;
    const names = [...KEY_EVENTS].sort();
    for (const rule of ['ForwardedKeyChanges', 'OwnKeyChanges'])
      expect(Resources[rule].Properties.EventPattern).toEqual(forwarding);
    expect(forwarding.detail.eventName).toEqual(names);
    expect(Resources.KeyEventBusPolicy.Properties.Statement.Condition.StringEquals).toEqual({
      'aws:PrincipalOrgID': 'OrganizationId',
      'events:source': 'aws.kms',
    });
  });
});

test.each(['template.yaml', 'deploy/central.yaml'])('the dashboard of %s is JSON', (file) => {
  const body: string = templateOf(file).Resources.Dashboard.Properties.DashboardBody;
  const { widgets } = JSON.parse(body);
  expect(widgets).toHaveLength(6);
  for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
});

describe.each([
  ['template.yaml', 'RuleFunction'],
  ['deploy/central.yaml', 'CentralFunction'],
])('what costs something in %s', (file, name) => {
  const { Resources, Parameters, Conditions } = templateOf(file);
  // biome-ignore lint/suspicious/noExplicitAny: a template as it is written
  const all = Object.entries<any>(Resources);
  const alarms = all.filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');

  it('is made where it is asked for alone', () => {
    expect(alarms.length).toBeGreaterThan(8);
    for (const [, { Condition }] of alarms)
      expect(Condition === 'HasAlarmTopic' || Conditions[Condition].includes('HasAlarmTopic')).toBe(true);
    expect(Parameters.AlarmTopicArn.Default).toBe('');
    expect(Parameters.CreateDashboard.Default).toBe('false');
    expect(Resources.Dashboard.Condition).toBe('MakesDashboard');
  });

  it('looks at the metrics of this stack alone', () => {
    expect(Resources[name].Properties.Environment.Variables.STACK_NAME).toBe('AWS::StackName');
    const own = alarms.filter(([, { Properties }]) => Properties.Namespace === 'CloudTrailKmsRule');
    expect(own.length).toBeGreaterThan(1);
    for (const [, { Properties }] of own)
      expect(Properties.Dimensions).toContainEqual({ Name: 'stack', Value: 'AWS::StackName' });
    const body: string = Resources.Dashboard.Properties.DashboardBody;
    const rows = [...body.matchAll(/\["CloudTrailKmsRule","\w+",[^\]]*/g)].map(([row]) => row);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row).toMatch(/"stack","\$\{AWS::StackName\}"/);
  });

  it('rings after twice the time of the schedule without an evaluation', () => {
    const { Period, EvaluationPeriods, TreatMissingData, Threshold, ComparisonOperator } =
      Resources.SilenceAlarm.Properties;
    expect({ EvaluationPeriods, TreatMissingData, Threshold, ComparisonOperator }).toEqual({
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
    });
    const schedules = ['IsHourly', 'IsEveryThreeHours', 'IsEverySixHours', 'IsEveryTwelveHours'];
    expect([Period].flat(9)).toEqual([...schedules.flatMap((is, at) => [is, [1, 3, 6, 12][at]! * 3600]), 24 * 3600]);
    // The schedules in their order, the longest of which is what is left.
    expect(schedules.map((is) => Conditions[is][1])).toEqual(Parameters.EvaluationFrequency.AllowedValues.slice(0, -1));
  });
});

test.each([
  ['template.yaml', 'RuleRole', ['aws:ResourceOrgID', 'aws:ResourceAccount']],
  ['deploy/central.yaml', 'CentralRole', ['aws:ResourceOrgID']],
])('roles of %s are assumed in the expected accounts alone', (file, role, keys) => {
  const policies = JSON.stringify(templateOf(file).Resources[role].Properties.Policies);
  const assumed = [...policies.matchAll(/"Sid":"Assume\w+Role",.*?(?="Sid"|$)/g)].map(([statement]) => statement);
  expect(assumed).toHaveLength(2);
  for (const statement of assumed) for (const key of keys) expect(statement).toContain(key);
});

test('a daily schedule can ring for throttles', () => {
  const { Period, EvaluationPeriods } = templateOf('template.yaml').Resources.ApiThrottlesAlarm.Properties;
  expect([Period, EvaluationPeriods]).toEqual([3600, 1]);
});
