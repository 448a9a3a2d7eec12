import { evaluateDeployment } from '../../src/iac/deploymentVerdict.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import type { Report } from '../../src/report/report.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();

const trail = (properties: object, more: object = {}) => ({
  Resources: { T: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: 'b', ...properties } }, ...more },
});
const naming = (KMSKeyId: unknown, more: object = {}) => trail({ KMSKeyId }, more);
const BUCKET = { B: { Type: 'AWS::S3::Bucket' } };
const MODULE = { M: { Type: 'My::Org::Thing::MODULE' } };

const NO_KEY = 'what `KMSKeyId` names can be no KMS key: ';

/** What `KMSKeyId` says, the status of `key-exists` and what its message tells. */
const KEYS: Readonly<Record<string, readonly [template: object, status: string, says: string]>> = {
  'a resource that is not declared': [
    naming({ Ref: 'Missing' }),
    'fail',
    `${NO_KEY}the template declares no \`Missing\``,
  ],
  'its attribute': [
    naming({ 'Fn::GetAtt': ['Missing', 'Arn'] }),
    'fail',
    `${NO_KEY}the template declares no \`Missing\``,
  ],
  'a bucket': [naming({ Ref: 'B' }, BUCKET), 'fail', `${NO_KEY}\`B\` is an \`AWS::S3::Bucket\``],
  'a queue': [
    naming({ Ref: 'Q' }, { Q: { Type: 'AWS::SQS::Queue' } }),
    'fail',
    `${NO_KEY}\`Q\` is an \`AWS::SQS::Queue\``,
  ],
  "a function's ARN": [naming({ 'Fn::GetAtt': 'X.Arn' }, { X: { Type: 'AWS::Lambda::Function' } }), 'fail', NO_KEY],
  "a bucket's ARN": [naming({ 'Fn::GetAtt': ['B', 'Arn'] }, BUCKET), 'fail', `${NO_KEY}it is an ARN of \`s3\``],
  'an ARN of another service': [
    naming('arn:aws:s3:::bucket'),
    'fail',
    `${NO_KEY}\`arn:aws:s3:::bucket\` is neither a key id`,
  ],
  'an open ARN of another service': [
    naming({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/x` }),
    'fail',
    `${NO_KEY}it is an ARN of \`iam\``,
  ],
  'a number': [naming(12345), 'fail', `${NO_KEY}\`12345\` is neither a key id nor an alias nor the ARN of either`],
  'a part of KMS that is no key': [naming('arn:aws:kms:eu-west-1:111122223333:grant/x'), 'fail', NO_KEY],
  'a key id': [naming('11111111-2222-3333-4444-555555555555'), 'unknown', 'is not in the template'],
  'a multi-Region key id': [naming(`mrk-${'1'.repeat(32)}`), 'unknown', 'is not in the template'],
  'an alias': [naming('alias/trail'), 'unknown', 'is not in the template'],
  'an ARN of an alias': [naming('arn:aws:kms:eu-west-1:111122223333:alias/x'), 'unknown', 'is not in the template'],
  'a parameter': [{ ...naming({ Ref: 'P' }), Parameters: { P: { Type: 'String' } } }, 'unknown', '`P` is not resolved'],
  'an output of a nested stack': [
    naming({ 'Fn::GetAtt': ['S', 'Outputs.Key'] }, { S: { Type: 'AWS::CloudFormation::Stack' } }),
    'unknown',
    '`S.Outputs.Key` is not resolved',
  ],
  "a parameter's value": [
    naming({ 'Fn::GetAtt': ['S', 'Value'] }, { S: { Type: 'AWS::SSM::Parameter' } }),
    'unknown',
    '`S.Value` is not resolved',
  ],
  'a custom resource': [naming({ Ref: 'C' }, { C: { Type: 'Custom::Key' } }), 'unknown', '`C` is not resolved'],
  'a custom resource by its long name': [
    naming({ Ref: 'C' }, { C: { Type: 'AWS::CloudFormation::CustomResource' } }),
    'unknown',
    '`C` is not resolved',
  ],
  'what a macro may declare': [{ ...naming({ Ref: 'X' }), Transform: 'Mine' }, 'unknown', '`X` is not resolved'],
  'what a module may declare': [naming({ Ref: 'MKey' }, MODULE), 'unknown', '`MKey` is not resolved'],
  'a text that may hold colons': [
    { ...naming({ 'Fn::Sub': `arn:\${P}:s3:x` }), Parameters: { P: { Type: 'String' } } },
    'unknown',
    '`P` is not resolved',
  ],
};

async function findingOf(template: object, check: string) {
  const file = await write('template.json', JSON.stringify(template));
  const { stdout, stderr } = await cli(['check', file, '--format', 'json']);
  const { trails } = JSON.parse(stdout) as Report;
  return { ...trails[0]?.findings.find((finding) => finding.check === check), stderr, trail: trails[0] };
}

test.each(Object.entries(KEYS))('key-exists: %s', async (_, [template, status, says]) => {
  const { message, ...finding } = await findingOf(template, 'key-exists');
  expect(finding.status).toBe(status);
  expect(message).toContain(says);
});

test('a single resource of the hook is but a part of a template', () => {
  const document = naming({ Ref: 'Key' });
  const part = { is: 'template', file: 'the resource', document, positions: new Map(), isPart: true } as const;
  const request = { parameters: parseParameters({}), accountId: '111122223333', region: null, asOf: new Date(0) };
  expect(evaluateDeployment(part, request).blocking).toEqual([]);
  const whole = readSource(JSON.stringify(document), 't.json');
  if (whole.is !== 'template') throw new Error('no template');
  expect(evaluateDeployment(whole, request).blocking).toMatchObject([{ check: 'key-exists' }]);
});

test.each([
  ['KmsKeyId', 'KMSKeyId'],
  ['KMSKeyID', 'KMSKeyId'],
  ['kms_key_id', 'KMSKeyId'],
  ['KMSKeyd', 'KMSKeyId'],
  ['KMSKyeId', 'KMSKeyId'],
  ['KmsKeyArn', 'KMSKeyId'],
])('`%s` is told as `%s`', async (given, meant) => {
  const { message, status, stderr } = await findingOf(trail({ [given]: 'alias/x' }), 'trail-encrypted');
  const says = `\`${given}\` is no property of \`AWS::CloudTrail::Trail\`, \`${meant}\` is meant`;
  expect([status, message]).toEqual(['fail', `the trail names no KMS key: ${says}`]);
  expect(stderr).toContain(`in \`Resources.T\` ${says}`);
});

test.each([
  ['a property that there is', { IsMultiRegionTrail: true }],
  ['one that nothing is near', { Colour: 'red' }],
  ['one whose right name is there too', { KMSKeyId: 'alias/x', KmsKeyId: 'alias/x' }],
])('nothing is said of %s', async (_, properties) => {
  const { stderr } = await findingOf(trail(properties), 'trail-encrypted');
  expect(stderr).not.toContain('is meant');
});

const where = (values: readonly string[] | null, condition: object) => ({
  Parameters: { Env: { Type: 'String', ...(values === null ? {} : { AllowedValues: values }) } },
  Conditions: { Has: condition },
  ...naming({ 'Fn::If': ['Has', 'alias/x', { Ref: 'AWS::NoValue' }] }),
});
const IS_PROD = { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] };

test.each([
  ['one allowed value', where(['dev', 'prod'], IS_PROD), 'fails where `Env` is `dev`: the trail names no KMS key'],
  ['two of them', where(['dev', 'test', 'prod'], IS_PROD), 'fails where `Env` is `dev` or `test`: '],
  ['any value but one', where(null, IS_PROD), 'fails unless `Env` is `prod`: '],
  ['one value of any', where(null, { 'Fn::Not': [IS_PROD] }), 'fails where `Env` is `prod`: '],
])('the first line says under which value it fails: %s', async (_, template, says) => {
  const { message, status, trail: report } = await findingOf(template, 'trail-encrypted');
  expect(status).toBe('unknown');
  expect(message?.startsWith(says)).toBe(true);
  expect(report).toMatchObject({ standing: 'undecided' });
  expect(report?.annotation.startsWith(`UNDECIDED: trail-encrypted: ${says}`)).toBe(true);
});

test('of no single value nothing is said', async () => {
  const template = {
    ...where(['dev', 'prod'], { 'Fn::Equals': [{ Ref: 'Env' }, { Ref: 'Other' }] }),
    Parameters: Object.fromEntries(
      ['Env', 'Other'].map((name) => [name, { Type: 'String', AllowedValues: ['a', 'b'] }]),
    ),
  };
  const { message } = await findingOf(template, 'trail-encrypted');
  expect(message).toMatch(/^`(Env|Other)` and `(Env|Other)` are not resolved/);
});

test.each([
  ['one partition', 'arn:aws-cn:iam::111122223333:root', 'aws-cn'],
  ['two', ['arn:aws-cn:iam::111122223333:root', 'arn:aws:iam::111122223333:root'], null],
])('literal ARNs of %s', async (_, principal, taken) => {
  const open = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::111122223333:root` };
  const allow = (more: object) => ({ Effect: 'Allow', Resource: '*', ...more });
  const Statement = [
    allow({ Principal: { AWS: [principal, open].flat() }, Action: 'kms:*' }),
    allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:GenerateDataKey*' }),
  ];
  const K = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement } } };
  const { message, stderr } = await findingOf(naming({ Ref: 'K' }, { K }), 'cloudtrail-can-encrypt');
  const note = `the partition is taken to be \`${taken}\`, the only one that ARNs of the file name`;
  for (const said of [message, stderr]) expect(said?.includes(note)).toBe(taken !== null);
});
