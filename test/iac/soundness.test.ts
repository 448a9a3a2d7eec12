// Slow: `npm run quick` leaves it out.
import fc from 'fast-check';
import { checkProject, checkSource } from '../../src/iac/project/checkProject.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { runs, someOf } from '../runs.ts';

/** Values that parameters of the template may turn out to have; many of them mean something to a key policy. */
const VALUES = [
  'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
  'arn:aws:cloudtrail:us-east-1:444455556666:trail/main',
  'arn:aws:iam::111122223333:root',
  'arn:aws:iam::444455556666:role/x',
  'arn:aws:s3:::logs',
  '111122223333',
  '444455556666',
  'cloudtrail.amazonaws.com',
  'us-east-1',
  'main',
  'o-abcdefghij',
  'GenerateDataKey',
  '*',
  'x',
];

const parameter = fc.constantFrom('A', 'B').map((Ref) => ({ Ref }));
const open = fc.oneof(
  { weight: 2, arbitrary: parameter },
  fc
    .tuple(fc.constantFrom('us-east-1', 'eu-west-1'), fc.constantFrom('A', 'B'), fc.constantFrom('main', 'other'))
    .map(([region, name, trail]) => ({ 'Fn::Sub': `arn:aws:cloudtrail:${region}:\${${name}}:trail/${trail}` })),
);
const valueOr = (...values: readonly string[]) => fc.oneof(open, fc.constantFrom(...values));

const principal = fc.oneof(
  fc.constant('*'),
  valueOr('cloudtrail.amazonaws.com').map((Service) => ({ Service })),
  valueOr('*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:root').map((AWS) => ({ AWS })),
);

const condition = fc.option(
  fc
    .tuple(
      fc.constantFrom('StringEquals', 'StringLike', 'ArnLike', 'StringNotEquals', 'StringEqualsIfExists', 'ArnNotLike'),
      fc.constantFrom('aws:SourceArn', 'aws:SourceAccount', 'kms:CallerAccount', 'aws:PrincipalOrgID'),
      fc.array(valueOr(...VALUES), { minLength: 1, maxLength: 2 }),
    )
    .map(([operator, key, values]) => ({ [operator]: { [key]: values } })),
  { nil: {} },
);

const statement = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Deny'),
    fc.constantFrom('Principal', 'Principal', 'Principal', 'NotPrincipal'),
    principal,
    fc.constantFrom('kms:*', 'kms:GenerateDataKey*', 'kms:Decrypt', { 'Fn::Sub': `kms:\${A}` }),
    valueOr('*', '*', '*'),
    condition,
  )
  .map(([Effect, element, who, Action, Resource, Condition]) => ({
    Effect,
    [element]: who,
    Action,
    Resource,
    Condition,
  }));

const template = (statements: readonly unknown[]) => ({
  Parameters: { A: { Type: 'String' }, B: { Type: 'String' } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'logs' } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: statements } } },
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { TrailName: 'main', S3BucketName: { Ref: 'Bucket' }, KMSKeyId: { Ref: 'Key' }, IsLogging: true },
    },
  },
});

type Deployment = Parameters<typeof checkSource>[1]['deployment'];

const requestFor = (deployment: Deployment) => ({
  parameters: parseParameters({ trustedAccounts: '555566667777' }),
  exceptions: [],
  deployment,
  asOf: new Date('2026-11-20T10:30:00Z'),
});

type Trails = ReturnType<typeof checkSource>['trails'];

const statuses = ([trail]: Trails): ReadonlyMap<string, string> =>
  new Map(trail?.findings.map(({ check, status }) => [check, status]));

const statusesOf = (document: unknown, deployment: Deployment): ReadonlyMap<string, string> =>
  statuses(checkSource(readSource(JSON.stringify(document), 't.json'), requestFor(deployment)).trails);

/** Of the one trail in several files that are a project. */
function statusesIn(files: Readonly<Record<string, unknown>>, deployment: Deployment): ReadonlyMap<string, string> {
  const given = Object.entries(files).map(([path, document]) => ({
    source: readSource(JSON.stringify(document), path),
    path,
  }));
  return statuses(
    checkProject(given, requestFor(deployment)).flatMap(({ checked }) => checked.flatMap(({ trails }) => trails)),
  );
}

/** The same template in two files. */
const SPLITS: readonly [string, (whole: ReturnType<typeof template>) => Readonly<Record<string, unknown>>][] = [
  [
    'an export',
    ({ Parameters, Resources: { Key, Trail, Bucket } }) => {
      const KMSKeyId = { 'Fn::ImportValue': { 'Fn::Sub': `\${AWS::Region}-key` } };
      const Name = { 'Fn::Sub': `\${AWS::Region}-key` };
      return {
        '/trail.json': { Resources: { Bucket, Trail: { ...Trail, Properties: { ...Trail.Properties, KMSKeyId } } } },
        '/key.json': { Parameters, Resources: { Key }, Outputs: { Key: { Value: { Ref: 'Key' }, Export: { Name } } } },
      };
    },
  ],
  [
    'a nested key',
    ({ Parameters, Resources: { Key, Trail, Bucket } }) => {
      const KMSKeyId = { 'Fn::GetAtt': ['Nested', 'Outputs.Key'] };
      const Nested = nested({ A: { Ref: 'A' }, B: { 'Fn::Sub': `\${B}` } });
      return {
        '/root.json': {
          Parameters,
          Resources: { Bucket, Nested, Trail: { ...Trail, Properties: { ...Trail.Properties, KMSKeyId } } },
        },
        '/nested.json': { Parameters, Resources: { Key }, Outputs: { Key: { Value: { Ref: 'Key' } } } },
      };
    },
  ],
  [
    'a nested trail',
    ({ Parameters, Resources: { Key, Trail, Bucket } }) => ({
      '/root.json': {
        Parameters,
        Resources: { Key, Bucket, Nested: nested({ Key: { Ref: 'Key' }, Bucket: { Ref: 'Bucket' } }) },
      },
      '/nested.json': {
        Parameters: { Key: { Type: 'String' }, Bucket: { Type: 'String' } },
        Resources: { Trail },
      },
    }),
  ],
];

const nested = (Parameters: Readonly<Record<string, unknown>>) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: 'nested.json', Parameters },
});

test.each(SPLITS)('a template that is split by %s says the same', (_, split) => {
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        { accountId: null, region: null, parameters: {} },
        { accountId: '111122223333', region: 'us-east-1', parameters: { A: 'x' } },
      ),
      (statements, deployment) => {
        const whole = template(statements);
        expect(statusesIn(split(whole), deployment)).toEqual(statusesOf(whole, deployment));
      },
    ),
    { numRuns: runs(20, 1 / 20) },
  );
});

/** Whether statements may have an effect, and KMS would take them, is about how they are written: about the values themselves. */
const ABOUT_WRITING = new Set(['policy-well-formed', 'policy-writable']);

test('what is proved of an open template holds whatever its references turn out to be', () => {
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...VALUES),
      fc.constantFrom(...VALUES),
      fc.constantFrom('111122223333', '444455556666'),
      fc.constantFrom('us-east-1', 'eu-west-1'),
      (statements, a, b, accountId, region) => {
        const document = template(statements);
        const proved = statusesOf(document, { accountId: null, region: null, parameters: {} });
        const real = statusesOf(document, { accountId, region, parameters: { A: a, B: b } });
        for (const [check, status] of proved) {
          if (status === 'unknown' || real.get(check) === 'unknown' || ABOUT_WRITING.has(check)) continue;
          expect({ check, status: real.get(check) }).toEqual({ check, status });
        }
      },
    ),
    { numRuns: runs(60, 1 / 20) },
  );
});

/** As many conditions as there are, each of its own parameter: more worlds than can be tried at once. */
const CONDITIONS = Array.from({ length: 11 }, (_, at) => `C${at}`);
/** Statements that depend on one, at most. */
const CONDITIONAL = someOf([1, 2, 3], 1).length;
const choose = (at: number, one: unknown, other: unknown) => ({ 'Fn::If': [CONDITIONS[at], one, other] });
const NO_VALUE = { Ref: 'AWS::NoValue' };

const manyConditions = (statements: readonly unknown[], conditional: readonly unknown[]) => {
  const { Resources } = template([...statements, ...conditional.map((one, at) => choose(at + 8, one, NO_VALUE))]);
  const properties = {
    S3KeyPrefix: choose(0, 'a', 'b'),
    IsMultiRegionTrail: choose(1, true, false),
    EnableLogFileValidation: choose(2, true, false),
    IsOrganizationTrail: choose(3, true, false),
    IsLogging: choose(4, true, false),
    TrailName: choose(5, 'main', 'other'),
    InsightSelectors: choose(6, [{ InsightType: 'ApiCallRateInsight' }], NO_VALUE),
    KMSKeyId: choose(7, { Ref: 'Key' }, { 'Fn::GetAtt': ['Key', 'Arn'] }),
  };
  const Trail = { ...Resources.Trail, Properties: { ...Resources.Trail.Properties, ...properties } };
  return {
    Parameters: Object.fromEntries(['A', 'B', ...CONDITIONS].map((name) => [name, { Type: 'String' }])),
    Conditions: Object.fromEntries(CONDITIONS.map((name) => [name, { 'Fn::Equals': [{ Ref: name }, 'yes'] }])),
    Resources: { ...Resources, Trail },
  };
};

test('and so it does where conditions make more worlds than can be tried', () => {
  const decided = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 2 }),
      fc.array(statement, { maxLength: CONDITIONAL }),
      fc.tuple(fc.constantFrom(...VALUES), fc.constantFrom(...VALUES)),
      fc.array(fc.constantFrom('yes', 'no'), { minLength: 11, maxLength: 11 }),
      (statements, conditional, [A, B], answers) => {
        const document = manyConditions(statements, conditional);
        const proved = statusesOf(document, { accountId: null, region: null, parameters: {} });
        const parameters = { A, B, ...Object.fromEntries(CONDITIONS.map((name, at) => [name, answers[at] ?? 'no'])) };
        const real = statusesOf(document, { accountId: '111122223333', region: 'us-east-1', parameters });
        for (const [check, status] of proved) {
          if (status === 'unknown' || real.get(check) === 'unknown' || ABOUT_WRITING.has(check)) continue;
          expect({ check, status: real.get(check) }).toEqual({ check, status });
          decided.add(check);
        }
        expect(proved.get('trail-encrypted')).toBe('pass');
      },
    ),
    { numRuns: runs(20, 1 / 20) },
  );
  expect([...decided]).toEqual(expect.arrayContaining(['trail-encrypted', 'key-exists', 'key-symmetric']));
});
