import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { lambdaBuilds } from '../../scripts/lambdaBuilds.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { PARAMETER_NAMES } from '../../src/rule/parameterTable.ts';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'template.yaml'), 'utf8');
// CloudFormation's own tags are left aside: `!Ref X` reads as `X`.
const template = parse(text, { logLevel: 'error' });
const { Parameters, Resources } = template;

const templateName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

describe('every rule parameter', () => {
  const built = PARAMETER_NAMES;
  const inputs = Resources.ConfigRule.Properties.InputParameters;

  it('is handed to the rule, and no other', () => {
    expect(Object.keys(inputs).sort()).toEqual([...built].sort());
  });

  it.each(built)('%s is a parameter of the template, left out when empty', (name) => {
    const parameter = Parameters[templateName(name)];
    expect(parameter).toMatchObject({ Type: 'String', Description: expect.any(String) });
    expect(parameter.AllowedValues ?? parameter.AllowedPattern).toBeTruthy();
    const handed = [inputs[name]].flat();
    expect(handed).toContain(templateName(name));
    if (parameter.Default === '')
      expect(handed).toEqual([`Has${templateName(name)}`, templateName(name), 'AWS::NoValue']);
  });

  it.each(built.filter((name) => Parameters[templateName(name)].Default !== ''))(
    '%s has a default that the rule accepts, and accepts every allowed value',
    (name) => {
      const { Default, AllowedValues = [] } = Parameters[templateName(name)];
      for (const value of [Default, ...AllowedValues]) {
        expect(() => parseParameters({ [name]: String(value) })).not.toThrow();
      }
    },
  );

  it('with the defaults means the same as no parameter at all', () => {
    const defaults = Object.fromEntries(
      built.map((name) => [name, String(Parameters[templateName(name)].Default)]).filter(([, value]) => value !== ''),
    );
    expect(parseParameters(defaults)).toEqual(parseParameters({}));
  });
});

describe("the function's role", () => {
  const statements = Resources.RuleRole.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
  ).flatMap((statement: unknown) => (Array.isArray(statement) ? statement.slice(1, 2) : [statement]));
  const actions: string[] = statements.flatMap(({ Action }: { Action: string | string[] }) => Action);
  // Adapters of the functions that other templates deploy, and of the command line; those in write/ are of the runbooks, too.
  const OF_OTHERS =
    /^(caller|ruleStarts|runStore|read\/(accounts|automation|bucketPolicy|decryptDryRun|keyEvents|logGroup|lookUp|previousKeys|regions|serviceEvents|topic|trailRecords)|write\/.*)\.ts$/;
  // Findings of trails that are gone are looked for, and aggregators are queried, by the central functions alone.
  const REQUESTS_OF_OTHERS = ['GetFindings', 'SelectAggregateResourceConfig'];
  const adapters = readdirSync(join(root, 'src/aws'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !OF_OTHERS.test(file))
    .map((file) => readFileSync(join(root, 'src/aws', file), 'utf8'))
    .join('\n');
  const commands = new Set(
    adapters.match(/\b[A-Z]\w+(?=Command\()/g)?.filter((command) => !REQUESTS_OF_OTHERS.includes(command)),
  );
  // What Lambda itself does in the role's name: log, and hand failed events to the queue.
  const FOR_LAMBDA = ['logs:', 'sqs:', 'kms:Decrypt', 'kms:GenerateDataKey'];
  const IAM_NAMES: Readonly<Record<string, string>> = { 's3:GetEncryptionConfiguration': 'GetBucketEncryption' };
  // HeadBucket names the bucket's Region even to a principal without s3:ListBucket.
  const WITHOUT_PERMISSION = ['HeadBucket'];

  it.each(actions.filter((action) => !FOR_LAMBDA.some((prefix) => action.startsWith(prefix))))(
    '%s is used by an adapter',
    (action) => {
      expect([...commands]).toContain(IAM_NAMES[action] ?? action.split(':')[1]);
    },
  );

  it('covers every request of the adapters', () => {
    const granted = actions.map((action) => IAM_NAMES[action] ?? action.split(':')[1]);
    expect([...granted, ...WITHOUT_PERMISSION]).toEqual(expect.arrayContaining([...commands]));
  });

  it('names each action: no wildcards', () => {
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('is bound to resources wherever IAM can', () => {
    const everywhere = statements.filter(({ Resource }: { Resource: string }) => Resource === '*');
    expect(everywhere.flatMap(({ Action }: { Action: string[] }) => Action)).toEqual([
      'cloudtrail:DescribeTrails',
      'config:GetResourceConfigHistory',
      'config:PutEvaluations',
      'kms:ListAliases',
      'organizations:DescribeOrganization',
      'cloudtrail:ListEventDataStores',
    ]);
  });
});

describe('the function', () => {
  const { Properties } = Resources.RuleFunction;

  it('is what npm run build builds', () => {
    const [build, ...others] = lambdaBuilds(join(root, 'template.yaml'));
    expect(others).toEqual([]);
    expect(build).toMatchObject({ handler: 'configRule', entryPoint: 'src/handlers/rule/configRule.ts' });
    expect(Properties.Handler).toBe('configRule.handler');
    expect(build?.options.external).not.toContain('@aws-sdk/*');
  });

  it('rings before its time is up', () => {
    const threshold = Resources.DurationAlarm.Properties.Threshold;
    expect(threshold).toBe(Properties.Timeout * 1000 * 0.8);
  });

  it('may be invoked by AWS Config for this account alone', () => {
    expect(Resources.ConfigMayInvoke.Properties).toMatchObject({
      Principal: 'config.amazonaws.com',
      SourceAccount: 'AWS::AccountId',
    });
  });
});

describe("the rule's scope", () => {
  const { ComplianceResourceTypes } = Resources.ConfigRule.Properties.Scope;

  it('takes in keys unless that is switched off', () => {
    expect(ComplianceResourceTypes).toEqual([
      'AWS::CloudTrail::Trail',
      ['EvaluatesKeyChanges', 'AWS::KMS::Key', 'AWS::NoValue'],
      ['EvaluatesEventDataStores', 'AWS::CloudTrail::EventDataStore', 'AWS::NoValue'],
    ]);
    expect(Parameters.EvaluateKeyChanges).toMatchObject({ Default: 'true', AllowedValues: ['true', 'false'] });
  });

  it('lists event data stores only where somebody says so', () => {
    const [{ PolicyDocument }] = Resources.RuleRole.Properties.Policies;
    const conditional = PolicyDocument.Statement.filter(Array.isArray).filter(
      ([condition]: readonly unknown[]) => condition === 'EvaluatesEventDataStores',
    );
    expect(conditional.map(([, { Action }]: readonly [string, { Action: string }]) => Action)).toEqual([
      'cloudtrail:ListEventDataStores',
      'cloudtrail:GetEventDataStore',
    ]);
    expect(Resources.RuleFunction.Properties.Environment.Variables.EVALUATE_EVENT_DATA_STORES).toBe(
      'EvaluateEventDataStores',
    );
  });

  it('takes in event data stores only where somebody says so', () => {
    expect(Parameters.EvaluateEventDataStores).toMatchObject({ Default: 'false', AllowedValues: ['true', 'false'] });
  });
});
