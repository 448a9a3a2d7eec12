// Slow: `npm run quick` leaves it out.
import plans from '../cases/iac/plans.json';
import { cli } from '../cli/support.ts';
import { someOf } from '../runs.ts';
import { expectSame, fileOf, harmless, NAMES, written } from '../support/outsideNames.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OPEN = { Ref: 'AWS::StackId' };
const SOURCE = { 'aws:SourceArn': { 'Fn::Sub': `arn:aws:cloudtrail:\${AWS::Region}:\${AWS::AccountId}:trail/main` } };

const trail = (properties: object, members: object = {}) => ({
  Type: 'AWS::CloudTrail::Trail',
  Properties: { IsLogging: true, S3BucketName: 'logs', TrailName: 'main', ...properties },
  ...members,
});
const key = (statement: object) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Root', Effect: 'Allow', Principal: { AWS: { Ref: 'AWS::AccountId' } }, Action: 'kms:*', Resource: '*' },
        {
          Sid: 'NAME',
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 'kms:GenerateDataKey*',
          Resource: '*',
          Condition: { StringEquals: SOURCE },
          ...statement,
        },
      ],
    },
  },
});
const ENCRYPTED = trail({ KMSKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } });
const withStatement = (statement: object) => ({ Resources: { Trail: ENCRYPTED, Key: key(statement) } });
const withKeyId = (KMSKeyId: unknown, members: object = {}) => ({
  ...members,
  Resources: { Trail: trail({ KMSKeyId }) },
});
const found = { 'Fn::FindInMap': ['NAME', 'NAME', 'NAME'] };

describe.each(someOf(NAMES, 1))('a template: %s', (name) => {
  it.each<[string, unknown]>([
    ['a parameter', withKeyId({ Ref: 'NAME' }, { Parameters: { NAME: { Type: 'String' } } })],
    ['a default', withKeyId({ Ref: 'P' }, { Parameters: { P: { Type: 'String', Default: 'NAME' } } })],
    ['a reference to nothing', withKeyId({ Ref: 'NAME' })],
    ['a logical id', { Resources: { NAME: trail({}) } }],
    [
      'a type',
      {
        Resources: {
          Trail: ENCRYPTED,
          Other: { Type: 'NAME', Properties: {} },
          Key: key({ Effect: 'Deny', Principal: { AWS: { 'Fn::GetAtt': ['Other', 'Arn'] } } }),
        },
      },
    ],
    ['an attribute', { Resources: { Trail: trail({ KMSKeyId: { 'Fn::GetAtt': ['Key', 'NAME'] } }), Key: key({}) } }],
    [
      'a condition',
      { Conditions: { NAME: { 'Fn::Equals': ['a', 'a'] } }, Resources: { Trail: trail({}, { Condition: 'NAME' }) } },
    ],
    ['a condition that is not there', { Resources: { Trail: trail({}, { Condition: 'NAME' }) } }],
    ['a mapping', withKeyId(found, { Mappings: { NAME: { NAME: { NAME: 'alias/x' } } } })],
    ['a mapping that is not there', withKeyId(found, { Mappings: { Other: {} } })],
    ['a variable of Fn::Sub', withKeyId({ 'Fn::Sub': [`alias/\${NAME}`, { NAME: 'x' }] })],
    ['a variable that is not there', withKeyId({ 'Fn::Sub': `alias/\${NAME}` })],
    ['a function', withKeyId({ 'Fn::NAME': 'x' })],
    [
      'a partition',
      {
        Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'NAME'] } },
        Resources: {
          Trail: { ...ENCRYPTED, Condition: 'C' },
          Key: key({ Principal: { Service: { 'Fn::Sub': `cloudtrail.\${AWS::URLSuffix}` } } }),
        },
      },
    ],
    ['a property', { Resources: { Trail: trail({ NAME: { KMSKeyId: 'x' } }) } }],
    ['the Sid', withStatement({})],
    ['a condition key', withStatement({ Condition: { StringEquals: { ...SOURCE, NAME: 'x' } } })],
    ['a condition key with an open value', withStatement({ Condition: { StringEquals: { ...SOURCE, NAME: OPEN } } })],
    ['an operator', withStatement({ Condition: { NAME: { 'aws:SourceArn': OPEN } } })],
    ['a type of principal', withStatement({ Principal: { NAME: ['AWS', 'Service'], AWS: OPEN } })],
    ['an element with an open value', withStatement({ NAME: { Action: OPEN } })],
    ['an element', withStatement({ NAME: { Effect: 'Deny', Action: 'kms:*' } })],
    [
      'an element that gives what is missing',
      withStatement({
        Condition: undefined,
        Resource: ['*', OPEN],
        NAME: { Condition: { StringEquals: { 'aws:x': 'y' } } },
      }),
    ],
  ])('%s', async (_, document) => {
    const place = ['--account-id', '111122223333', '--region', 'us-east-1'];
    for (const given of someOf([[], place], 1))
      await expectSame(document, name, (file) => ['check', file, ...given, '--format', 'json']);
  });

  it('given with --template-parameters', async () => {
    const document = withKeyId({ Ref: 'NAME' }, { Parameters: { NAME: { Type: 'String' } } });
    const answer = async (one: string) => {
      const given = ['--template-parameters', JSON.stringify(Object.fromEntries([[one, KEY]]))];
      const { code, stdout } = await cli(['check', fileOf(written(document, one)), ...given, '--format', 'json']);
      return { code, text: stdout.replaceAll(one, harmless(one)) };
    };
    expect(await answer(name)).toEqual(await answer(harmless(name)));
    const { code, stderr } = await cli([
      'check',
      'events/templates/good.yaml',
      '--template-parameters',
      `{"${name}":"x"}`,
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`names \`${name}\`, which no file declares`)]);
  });
});

describe.each(someOf(NAMES, 1))('a plan: %s', (name) => {
  const OPEN_READER = plans.find((row) => row.name === 'a policy document with one open reader')?.plan;
  const replaced = (text: string, by: string) => JSON.parse(JSON.stringify(OPEN_READER).replaceAll(text, by));
  it.each<[string, unknown]>([
    ['a condition key', replaced('"aws:SourceArn"', '"NAME"')],
    ['an operator', replaced('"test":"StringEquals"', '"test":"NAME"')],
    ['a type of principal', replaced('"type":"Service"', '"type":"NAME"')],
    ['an argument that is open', replaced('"after_unknown":{', '"after_unknown":{"NAME":true,')],
    ['an argument of a statement that is open', replaced('{"actions":[false]', '{"NAME":true,"actions":[false]')],
    ['a Sid', replaced('AllowEncrypt', 'NAME')],
    ['an address', replaced('aws_kms_key.trail', 'aws_kms_key.NAME')],
    ['a member of the plan', { ...(OPEN_READER as object), NAME: {} }],
  ])('%s', async (_, document) => expectSame(document, name, (file) => ['check', file, '--format', 'json']));
});
