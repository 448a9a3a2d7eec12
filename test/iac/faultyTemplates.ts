/** A template with one fault, and the check that has to find it. */
export interface FaultyTemplate {
  readonly fault: string;
  readonly check: string;
  readonly template: object;
  /** What the command line is told beside the file. */
  readonly args: readonly string[];
}

type Loose = Readonly<Record<string, unknown>>;

const ACCOUNT = '111122223333';
const DEPLOYED = ['--account-id', ACCOUNT, '--region', 'us-east-1'];
const sub = (text: string) => ({ 'Fn::Sub': text });
const SERVICE = { Service: 'cloudtrail.amazonaws.com' };
const TRAIL_ARN = `arn:$\{AWS::Partition}:cloudtrail:$\{AWS::Region}:$\{AWS::AccountId}:trail/main`;
const ANY_TRAIL = `arn:$\{AWS::Partition}:cloudtrail:*:$\{AWS::AccountId}:trail/*`;
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';

const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: sub(`arn:$\{AWS::Partition}:iam::$\{AWS::AccountId}:root`) },
  Action: 'kms:*',
  Resource: '*',
};
const ENCRYPT = {
  Sid: 'Encrypt',
  Effect: 'Allow',
  Principal: SERVICE,
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': sub(TRAIL_ARN) }, StringLike: { [CONTEXT]: sub(ANY_TRAIL) } },
};
const DESCRIBE = {
  Sid: 'Describe',
  Effect: 'Allow',
  Principal: SERVICE,
  Action: 'kms:DescribeKey',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': sub(TRAIL_ARN) } },
};

interface Parts {
  readonly trail?: Loose;
  readonly key?: Loose;
  readonly statements?: readonly Loose[];
  readonly bucket?: Loose;
  readonly more?: Loose;
}

function template({ trail, key, statements = [ROOT, ENCRYPT, DESCRIBE], bucket, more }: Parts): object {
  const policy = { Version: '2012-10-17', Statement: statements };
  const deliver = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: SERVICE, Action: 's3:GetBucketAcl', Resource: { 'Fn::GetAtt': ['Logs', 'Arn'] } },
      { Effect: 'Allow', Principal: SERVICE, Action: 's3:PutObject', Resource: sub(`$\{Logs.Arn}/AWSLogs/*`) },
    ],
  };
  return JSON.parse(
    JSON.stringify({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: {
        Logs: {
          Type: 'AWS::S3::Bucket',
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
          Properties: { ...bucket },
        },
        LogsPolicy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: deliver },
        },
        Key: {
          Type: 'AWS::KMS::Key',
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
          Properties: { EnableKeyRotation: true, KeyPolicy: policy, ...key },
        },
        Trail: {
          Type: 'AWS::CloudTrail::Trail',
          DependsOn: 'LogsPolicy',
          Properties: {
            TrailName: 'main',
            IsLogging: true,
            IsMultiRegionTrail: true,
            EnableLogFileValidation: true,
            S3BucketName: { Ref: 'Logs' },
            KMSKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
            ...trail,
          },
        },
        ...more,
      },
    }),
  );
}

const row = (fault: string, check: string, parts: Parts, ...args: readonly string[]): FaultyTemplate => ({
  fault,
  check,
  template: template(parts),
  args,
});

/** A fault in the statement that lets CloudTrail encrypt. */
const encrypting = (fault: string, members: Loose, ...args: readonly string[]): FaultyTemplate =>
  row(fault, 'cloudtrail-can-encrypt', { statements: [ROOT, { ...ENCRYPT, ...members }, DESCRIBE] }, ...args);

const source = (text: unknown, operator = 'StringEquals') => ({ Condition: { [operator]: { 'aws:SourceArn': text } } });
const open = (Action: unknown, Principal: unknown = { AWS: '*' }) => ({
  Sid: 'Open',
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
});
const opened = (fault: string, check: string, statement: Loose) =>
  row(fault, check, { statements: [ROOT, ENCRYPT, DESCRIBE, statement] }, ...DEPLOYED);

/** One fault each. */
export const FAULTY: readonly FaultyTemplate[] = [
  row('no key', 'trail-encrypted', { trail: { KMSKeyId: undefined } }),
  row('neither key nor name', 'trail-encrypted', { trail: { KMSKeyId: undefined, TrailName: undefined } }),
  row('the key of AWS', 'key-customer-managed', { trail: { KMSKeyId: 'alias/aws/s3' } }),
  row('an asymmetric key', 'key-symmetric', {
    key: { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', EnableKeyRotation: undefined },
  }),
  row('a disabled key', 'key-usable', { key: { Enabled: false } }),
  row(
    'no rotation',
    'key-rotates',
    { key: { EnableKeyRotation: false } },
    '--parameters',
    '{"requireKeyRotation":"true"}',
  ),
  row('a stopped trail', 'trail-logging', { trail: { IsLogging: false } }),
  row('no statement for CloudTrail', 'cloudtrail-can-encrypt', { statements: [ROOT] }),
  row('no statement for CloudTrail, and a trail without a name', 'cloudtrail-can-encrypt', {
    trail: { TrailName: undefined },
    statements: [ROOT],
  }),
  row('no key policy', 'cloudtrail-can-encrypt', { key: { KeyPolicy: undefined } }),
  row('a single statement in place of a list', 'cloudtrail-can-encrypt', {
    key: { KeyPolicy: { Version: '2012-10-17', Statement: ROOT } },
  }),
  row('no statement to describe the key', 'cloudtrail-can-describe', { statements: [ROOT, ENCRYPT] }),
  row('a statement to describe the key of a trail without a name', 'cloudtrail-can-describe', {
    trail: { TrailName: undefined },
    statements: [ROOT, { ...ENCRYPT, Condition: { StringLike: { 'aws:SourceArn': sub(ANY_TRAIL) } } }],
  }),
  row(
    'a bucket with a Bucket Key',
    'cloudtrail-can-decrypt',
    {
      bucket: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    },
    ...DEPLOYED,
  ),
  encrypting('another account', source('arn:aws:cloudtrail:us-east-1:444455556666:trail/main'), ...DEPLOYED),
  encrypting(
    'another partition',
    source(sub(`arn:aws-cn:cloudtrail:$\{AWS::Region}:$\{AWS::AccountId}:trail/main`)),
    ...DEPLOYED,
  ),
  encrypting(
    'another name',
    source(sub(`arn:$\{AWS::Partition}:cloudtrail:$\{AWS::Region}:$\{AWS::AccountId}:trail/mian`)),
    ...DEPLOYED,
  ),
  encrypting('wildcards under StringEquals', source(sub(ANY_TRAIL)), ...DEPLOYED),
  encrypting('wildcards under StringEquals, wherever it is deployed', source(sub(ANY_TRAIL))),
  encrypting('a misspelt service', { Principal: { Service: 'cloudtrail.amazon.com' } }),
  encrypting('a service with a Region', { Principal: { Service: 'cloudtrail.us-east-1.amazonaws.com' } }),
  encrypting('a misspelt action', { Action: 'kms:GenerateDatakeys' }),
  encrypting('an action of another service', { Action: 's3:PutObject' }),
  row('a Deny for whoever is outside the organization', 'cloudtrail-can-encrypt', {
    statements: [
      ROOT,
      ENCRYPT,
      DESCRIBE,
      {
        Sid: 'Outside',
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
    ],
  }),
  opened('a public statement', 'public-excluded', open('kms:Decrypt')),
  opened('administration for everybody', 'administration-bounded', open('kms:*')),
  opened('metadata for everybody', 'public-metadata-excluded', open('kms:DescribeKey')),
  opened('readers of a whole organization', 'readers-bounded', {
    ...open('kms:Decrypt'),
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  }),
  row('any trail', 'other-trails-excluded', {
    statements: [ROOT, { ...ENCRYPT, Condition: undefined }, DESCRIBE],
  }),
  row('any trail, and a trail without a name', 'other-trails-excluded', {
    trail: { TrailName: undefined },
    statements: [ROOT, { ...ENCRYPT, Condition: undefined }, { ...DESCRIBE, Condition: undefined }],
  }),
  row('more than CloudTrail needs', 'service-least-privilege', {
    statements: [ROOT, { ...ENCRYPT, Action: 'kms:*' }, DESCRIBE],
  }),
  row('nobody reads', 'readers-can-decrypt', {
    statements: [{ ...ROOT, Action: ['kms:Put*', 'kms:Describe*', 'kms:Get*', 'kms:List*'] }, ENCRYPT, DESCRIBE],
  }),
  row('a policy that locks everybody out', 'policy-writable', { statements: [ENCRYPT, DESCRIBE] }),
  row('a statement without effect', 'policy-well-formed', {
    statements: [ROOT, ENCRYPT, DESCRIBE, { ...open('s3:GetObject', ROOT.Principal) }],
  }),
];
