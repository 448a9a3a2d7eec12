import type { Chance } from './chance.ts';
import type { StatementDocument } from './policyLanguage.ts';
import { SERVICE } from './snapshot.ts';

/** Whose trail and key it is. */
export interface Estate {
  readonly partition: string;
  readonly account: string;
  readonly keyAccount: string;
  readonly trailArn: string;
  readonly keyArn: string;
  readonly organization: string;
}

export const OTHER = '333333333333';
export const VENDOR = '444444444444';

type Condition = NonNullable<StatementDocument['Condition']>;
const allow = (
  Sid: string,
  Principal: StatementDocument['Principal'],
  Action: StatementDocument['Action'],
  Condition: Condition = {},
): StatementDocument => ({
  Sid,
  Effect: 'Allow',
  ...(Principal === undefined ? {} : { Principal }),
  ...(Action === undefined ? {} : { Action }),
  Resource: '*',
  Condition,
});
const deny = (
  Sid: string,
  Action: StatementDocument['Action'],
  Condition: Condition,
  Principal: StatementDocument['Principal'] = '*',
): StatementDocument => ({
  ...allow(Sid, Principal, Action, Condition),
  Effect: 'Deny',
});
const cloudTrail = { Service: SERVICE };
const everybody = { AWS: '*' };
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';
const S3 = 'kms:EncryptionContext:aws:s3:arn';
const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const ADMINISTER = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];
const inConditions = (variable: string): string => `$\{${variable}}`;

const root = ({ partition, keyAccount }: Estate): StatementDocument =>
  allow('Account', { AWS: `arn:${partition}:iam::${keyAccount}:root` }, 'kms:*');

/** Policies as AWS and its landing zones publish them, one of them drawn. */
export function published(estate: Estate, { one, is }: Chance): readonly StatementDocument[] {
  const { partition, account, trailArn, organization, keyArn } = estate;
  const trails = `arn:${partition}:cloudtrail:*:${account}:trail/*`;
  const encrypt = allow('Encrypt', cloudTrail, 'kms:GenerateDataKey*', {
    StringEquals: { 'aws:SourceArn': trailArn },
    StringLike: { [CONTEXT]: trails },
  });
  const describe = allow(
    'Describe',
    cloudTrail,
    'kms:DescribeKey',
    is(0.5) ? { StringEquals: { 'aws:SourceArn': trailArn } } : {},
  );
  const reader = allow('Readers', { AWS: `arn:${partition}:iam::${account}:role/auditor` }, 'kms:Decrypt', {
    Null: { [CONTEXT]: 'false' },
  });
  const services = ['s3', 'logs.us-east-1', 'delivery.logs', 'cloudtrail', 'config'].map(
    (name) => `${name}.amazonaws.com`,
  );
  return one([
    [root(estate), encrypt, describe, reader],
    [root(estate), allow('Old', cloudTrail, 'kms:GenerateDataKey*', { StringLike: { [CONTEXT]: trails } }), describe],
    [
      root(estate),
      encrypt,
      describe,
      allow('Console readers', everybody, ['kms:Decrypt', 'kms:ReEncryptFrom'], {
        StringEquals: { 'kms:CallerAccount': account },
        StringLike: { [CONTEXT]: trails },
      }),
      allow('Console alias', everybody, 'kms:CreateAlias', {
        StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': 'ec2.us-east-1.amazonaws.com' },
      }),
      allow('Console across accounts', everybody, ['kms:Decrypt', 'kms:ReEncryptFrom'], {
        StringEquals: { 'kms:CallerAccount': account },
        StringLike: { [CONTEXT]: trails },
      }),
    ],
    [
      root(estate),
      allow('SRA', cloudTrail, ['kms:GenerateDataKey*', 'kms:DescribeKey'], {
        StringEquals: { 'aws:SourceArn': trailArn },
      }),
      allow(
        'SRA log archive',
        { AWS: [`arn:${partition}:iam::${OTHER}:root`, `arn:${partition}:iam::${account}:root`] },
        'kms:Decrypt',
        { Null: { [CONTEXT]: 'false' } },
      ),
    ],
    [
      root(estate),
      allow('LZA services', { Service: services }, USE),
      allow('LZA roles', everybody, USE, {
        StringEquals: { 'aws:PrincipalOrgID': organization },
        ArnLike: { 'aws:PrincipalArn': [`arn:${partition}:iam::*:role/AWSAccelerator-*`] },
      }),
      ...(is(0.5)
        ? [
            allow('LZA organization', everybody, ['kms:Decrypt', 'kms:GenerateDataKey*'], {
              StringEquals: { 'aws:PrincipalOrgID': organization },
            }),
          ]
        : []),
    ],
    [
      { ...root(estate), Resource: keyArn },
      {
        ...allow('Control Tower', cloudTrail, ['kms:GenerateDataKey*', 'kms:Decrypt'], {
          StringEquals: { 'aws:SourceArn': trailArn },
          StringLike: { [CONTEXT]: trails },
        }),
        Resource: keyArn,
      },
      {
        ...allow('Config', { Service: 'config.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey']),
        Resource: keyArn,
      },
    ],
    [
      allow('Inert', { AWS: `arn:${partition}:iam::${estate.keyAccount}:user/admin` }, ADMINISTER),
      encrypt,
      describe,
      reader,
    ],
  ]);
}

/** One more statement of the kinds that people add, each with a seeded choice of values. */
export function added(estate: Estate, { one, is }: Chance): StatementDocument {
  const { partition, account, keyAccount, trailArn, organization } = estate;
  const arn = (who: string, of = account) => `arn:${partition}:iam::${of}:${who}`;
  const trails = `arn:${partition}:cloudtrail:*:${account}:trail/*`;
  const spared = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
  const someAccount = one([account, keyAccount, OTHER, VENDOR]);
  const everyoneIs = one<StatementDocument['Principal']>(['*', everybody]);
  const organizationText = one([organization, inConditions('aws:ResourceOrgID'), 'o-vendors0000']);
  return one<() => StatementDocument>([
    // CloudTrail
    () =>
      allow(
        'Any trail',
        cloudTrail,
        one<StatementDocument['Action']>(['kms:GenerateDataKey*', USE, 'kms:*']),
        one<Condition>([
          {},
          { StringEquals: { 'aws:SourceAccount': account } },
          { StringEquals: { 'aws:SourceArn': trails } },
          { ArnLike: { 'aws:SourceArn': trails } },
          { StringEquals: { 'aws:SourceAccount': [someAccount, OTHER] } },
          { StringLike: { [CONTEXT]: `arn:${partition}:cloudtrail:*:${inConditions('aws:SourceAccount')}:trail/*` } },
          { StringEquals: { 'aws:SourceOrgID': organizationText } },
          { StringEqualsIfExists: { 'aws:SourceOrgID': organizationText } },
          { StringEquals: { 'aws:ResourceAccount': account } },
          { StringLike: { 'aws:SourceAccount': one(['1*', '?1*', '11111111111?']) } },
          { StringEquals: { 'aws:PrincipalServiceName': SERVICE } },
          { StringEquals: { 'aws:SourceArn': trailArn.replace('main', one(['other', 'Main', 'main'])) } },
          {
            'ForAllValues:StringEquals': {
              'kms:EncryptionContextKeys': one([['aws:cloudtrail:arn', 'aws:s3:arn'], ['aws:cloudtrail:arn']]),
            },
          },
          { StringEquals: { 'aws:SourceAccount': inConditions('aws:ResourceAccount') } },
          { StringLike: { 'kms:RequestAlias': 'alias/trail*' } },
        ]),
      ),
    () =>
      allow('Pinned folder', cloudTrail, 'kms:GenerateDataKey*', {
        StringEquals: { 'aws:SourceArn': trailArn },
        StringLike: {
          [S3]: one([
            `arn:${partition}:s3:::logs/*`,
            `arn:${partition}:s3:::logs/AWSLogs/*`,
            `arn:${partition}:s3:::logs/AWSLogs/${account}/CloudTrail/*`,
            `arn:${partition}:s3:::logs/AWSLogs/${organization}/*`,
            `arn:${partition}:s3:::logs/AWSLogs/*/CloudTrail*/us-east-1/*`,
            `arn:${partition}:s3:::logs`,
          ]),
        },
      }),
    () =>
      allow(
        'Describe',
        one([cloudTrail, everyoneIs]),
        'kms:DescribeKey',
        one<Condition>([{}, { StringLike: { [CONTEXT]: trails } }, { Null: { [CONTEXT]: one(['true', 'false']) } }]),
      ),
    () =>
      allow(
        'Decrypt for Bucket Keys',
        cloudTrail,
        'kms:Decrypt',
        one<Condition>([
          {},
          { StringEquals: { 'aws:SourceArn': trailArn } },
          { StringLike: { [S3]: `arn:${partition}:s3:::logs/*` } },
          { StringEquals: { [S3]: `arn:${partition}:s3:::logs` } },
        ]),
      ),
    // readers and administrators
    () =>
      allow(
        'Reader',
        {
          AWS: one([
            arn('role/auditor'),
            arn('root', someAccount),
            someAccount,
            arn('user/eve', VENDOR),
            'AROAEXAMPLEEXAMPLEEX',
          ]),
        },
        one<StatementDocument['Action']>(['kms:Decrypt', USE, 'kms:*', ['kms:Decrypt', 'kms:CreateGrant']]),
        one<Condition>([
          {},
          { Null: { [CONTEXT]: 'false' } },
          { StringEquals: { [CONTEXT]: trailArn.replace('main', one(['main', 'other'])) } },
          { StringEquals: { 'kms:EncryptionContext:department': 'audit' } },
          { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
          { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
          { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          { StringEquals: { 'aws:PrincipalOrgID': organizationText } },
        ]),
      ),
    () =>
      allow(
        'Everybody',
        everyoneIs,
        one<StatementDocument['Action']>([
          'kms:Decrypt',
          'kms:*',
          USE,
          ADMINISTER,
          'kms:List*',
          ['kms:CreateGrant', 'kms:RevokeGrant'],
          'kms:PutKeyPolicy',
          ['kms:Get*', 'kms:ReEncrypt*'],
        ]),
        one<Condition>([
          {},
          { StringEquals: { 'kms:CallerAccount': someAccount } },
          { StringEquals: { 'aws:PrincipalAccount': [account, someAccount] } },
          { StringEquals: { 'aws:PrincipalOrgID': organizationText } },
          { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/r-abcd/ou-abcd-logs/*` } },
          { StringEquals: { 'aws:PrincipalOrgMasterAccountId': someAccount } },
          { StringEquals: { 'aws:VpceOrgID': organizationText } },
          { StringEquals: { 'aws:SourceVpce': 'vpce-0123' } },
          { StringLike: { 'aws:SourceVpce': 'vpce-*' } },
          { StringEquals: { 'aws:VpceAccount': someAccount } },
          {
            ArnLike: {
              'aws:PrincipalArn': one([
                arn('role/auditor'),
                arn('role/*', someAccount),
                `arn:${partition}:iam::*:role/auditor`,
                arn('*', '1*'),
              ]),
            },
          },
          {
            StringEquals: {
              'kms:ViaService': one(['s3.us-east-1.amazonaws.com', 's3.*.amazonaws.com', 's3.amazonaws.com']),
            },
          },
          {
            StringEquals: {
              'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com',
              'kms:CallerAccount': someAccount,
            },
          },
          { DateLessThan: { 'aws:CurrentTime': one(['2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z']) } },
          { StringEquals: { 'aws:PrincipalTag/team': 'audit' } },
          { StringEquals: { 'aws:PrincipalTag/team': inConditions('aws:ResourceTag/team') } },
          { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
          { StringLike: { 'kms:CallerAccount': one(['*', '1*', '????????????']) } },
          { Null: { 'aws:PrincipalOrgID': 'false' } },
          { Null: { 'aws:SourceVpce': 'false' } },
          { StringEquals: { 'kms:KeySpec': one(['SYMMETRIC_DEFAULT', 'RSA_2048']) } },
          { StringEquals: { 'aws:ResourceOrgID': organizationText } },
          { StringNotEquals: { 'kms:CallerAccount': someAccount } },
          { StringEquals: { 'aws:PrincipalAccount': inConditions('aws:ResourceAccount') } },
          { Bool: { 'aws:PrincipalIsAWSService': one(['true', 'false']) } },
          { StringEqualsIfExists: { 'aws:PrincipalOrgID': organization } },
          { StringEquals: { 'aws:PrincipalType': 'Account' } },
          { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/trail' } },
          { 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt'] } },
          { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*` } },
        ]),
      ),
    () =>
      allow(
        'Administrators',
        { AWS: arn('role/KeyAdmin', keyAccount) },
        ADMINISTER,
        one<Condition>([
          {},
          { StringLike: { [CONTEXT]: trails } },
          { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } },
          { StringEquals: { 'kms:PolicyName': 'default' } },
          { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        ]),
      ),
    () => ({
      ...allow('Outsiders of a list', undefined, 'kms:Decrypt'),
      NotPrincipal: { AWS: [arn('root'), arn('role/auditor')] },
    }),
    () => ({
      Sid: 'All but deletion',
      Effect: 'Allow',
      Principal: { AWS: arn('root', someAccount) },
      NotAction: ['kms:ScheduleKeyDeletion', 'kms:Delete*'],
      Resource: one(['*', estate.keyArn, `arn:${partition}:s3:::logs`]),
    }),
    // perimeters
    () =>
      deny(
        'Outside the organization',
        'kms:*',
        one<Condition>([
          { StringNotEquals: { 'aws:PrincipalOrgID': organizationText } },
          { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organizationText }, ...spared },
          { StringNotEquals: { 'aws:PrincipalOrgID': organizationText }, ...spared },
          { StringNotEqualsIfExists: { 'aws:PrincipalAccount': [account, keyAccount] }, ...spared },
          {
            StringNotEqualsIfExists: { 'kms:CallerAccount': [account, keyAccount] },
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          },
        ]),
        everyoneIs,
      ),
    () =>
      deny(
        'Outside the network',
        one(['kms:*', 'kms:Decrypt', ['kms:Decrypt', 'kms:GenerateDataKey*']]),
        one<Condition>([
          { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123' } },
          { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-0123' }, ...spared },
          { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
          { NotIpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' }, ...spared },
          { Bool: { 'aws:SecureTransport': 'false' } },
          { StringNotEquals: { 'aws:SourceVpc': 'vpc-0123' }, Bool: { 'aws:ViaAWSService': 'false' } },
        ]),
      ),
    () =>
      deny(
        'Confused deputies',
        'kms:*',
        one<Condition>([
          {
            StringNotEqualsIfExists: { 'aws:SourceOrgID': organizationText },
            Null: { 'aws:SourceAccount': 'false' },
            Bool: { 'aws:PrincipalIsAWSService': 'true' },
          },
          {
            StringNotEquals: { 'aws:SourceAccount': [account, keyAccount] },
            Bool: { 'aws:PrincipalIsAWSService': 'true' },
          },
          {
            StringNotEqualsIfExists: { 'aws:SourceArn': trailArn },
            ...{ Bool: { 'aws:PrincipalIsAWSService': 'true' } },
          },
        ]),
      ),
    () =>
      deny(
        'Without context',
        one(['kms:*', 'kms:Decrypt']),
        one<Condition>([
          { Null: { [CONTEXT]: 'true' } },
          { StringNotLike: { [CONTEXT]: trails } },
          { StringNotLikeIfExists: { [CONTEXT]: trails } },
          { StringNotEquals: { [CONTEXT]: trailArn } },
        ]),
      ),
    () => ({
      Sid: 'All but one',
      Effect: 'Deny',
      NotPrincipal: {
        AWS: is(0.5) ? [arn('role/KeyAdmin', keyAccount)] : [arn('role/KeyAdmin', keyAccount), arn('root', keyAccount)],
        ...(is(0.4) && { Service: SERVICE }),
      },
      Action: one(['kms:*', ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'], 'kms:Decrypt']),
      Resource: '*',
    }),
    () =>
      deny('But for roles', one(['kms:*', 'kms:PutKeyPolicy', 'kms:Decrypt']), {
        ArnNotLike: { 'aws:PrincipalArn': [arn('role/KeyAdmin', keyAccount), arn('role/auditor')] },
        ...(is(0.5) ? spared : {}),
      }),
    () =>
      deny(
        'Somebody',
        'kms:*',
        {},
        { AWS: one([arn('role/auditor'), arn('root', someAccount), arn('role/KeyAdmin', keyAccount), VENDOR]) },
      ),
    () =>
      deny('Somebody by ARN', one(['kms:Decrypt', 'kms:*']), {
        ArnLike: {
          'aws:PrincipalArn': one([
            arn('role/auditor'),
            arn('role/*', someAccount),
            arn('root', keyAccount),
            `arn:${partition}:iam::*:user/*`,
          ]),
        },
      }),
    // what IAM's grammar refuses, and what has no effect
    () => allow('Bare principal', arn('root', OTHER), 'kms:Decrypt'),
    () => ({
      ...allow('Nested', cloudTrail, 'kms:GenerateDataKey*'),
      Condition: { StringEquals: { StringLike: { [CONTEXT]: trails } } },
    }),
    () => allow('No operator', cloudTrail, 'kms:GenerateDataKey*', { StringEqual: { 'aws:SourceArn': trailArn } }),
    () => ({ ...allow('Nobody', null, 'kms:*'), Effect: one(['Allow', 'Deny']) }),
    () => ({ Sid: 'No resource', Effect: 'Allow', Principal: everybody, Action: 'kms:*' }),
  ])();
}

/** A statement that differs in one place from what was meant. */
export function slipped(statement: StatementDocument, { one, is }: Chance): StatementDocument {
  const conditions = Object.entries(statement.Condition ?? {});
  if (conditions.length === 0) return is(0.2) ? { ...statement, Effect: 'Deny' } : statement;
  const [operator, keys] = one(conditions);
  const rest = Object.fromEntries(conditions.filter(([name]) => name !== operator));
  const renamed = one([
    `${operator.replace(/IfExists$/, '')}IfExists`,
    operator.replace('Equals', 'Like'),
    operator.replace('Like', 'Equals'),
    operator.replace(/^String(?!Not)/, 'StringNot'),
    operator,
  ]);
  const changed = operator.startsWith('Null') ? operator : renamed;
  return is(0.2)
    ? { ...statement, Condition: rest }
    : { ...statement, Condition: { ...rest, [changed]: { ...(rest[changed] ?? {}), ...keys } } };
}

/** A statement under the conditions of another one, too. */
export const narrowed = (statement: StatementDocument, by: StatementDocument): StatementDocument => ({
  ...statement,
  Condition: { ...by.Condition, ...statement.Condition },
});

/** What a share through AWS RAM writes. */
export const shared = (
  { partition, organization, trailArn }: Estate,
  { one }: Chance,
): readonly StatementDocument[] => [
  one([
    allow(
      'Share',
      { AWS: `arn:${partition}:iam::${one([OTHER, VENDOR])}:root` },
      one([USE, 'kms:Decrypt', 'kms:GenerateDataKey*']),
    ),
    allow('Share', everybody, USE, { StringEquals: { 'aws:PrincipalOrgID': organization } }),
    allow(
      'Share',
      { Service: SERVICE },
      'kms:GenerateDataKey*',
      one<Condition>([
        {},
        { StringEquals: { 'aws:SourceAccount': OTHER } },
        { StringEquals: { 'aws:SourceArn': trailArn } },
      ]),
    ),
    allow('Share', { AWS: `arn:${partition}:iam::${VENDOR}:role/scanner` }, ['kms:Decrypt', 'kms:DescribeKey']),
    deny('Share', 'kms:CreateGrant', {}),
  ]),
];

/** Resource control policies as AWS publishes them. */
export const controls = ({ organization }: Estate, { one }: Chance): readonly StatementDocument[] => [
  one([
    deny('Identity perimeter', 'kms:*', {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    }),
    deny('Confused deputy', 'kms:*', {
      StringNotEqualsIfExists: { 'aws:SourceOrgID': organization },
      Null: { 'aws:SourceAccount': 'false' },
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
    }),
    deny('Transport', '*', { BoolIfExists: { 'aws:SecureTransport': 'false' } }),
    deny('By variable', 'kms:*', {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': inConditions('aws:ResourceOrgID') },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    }),
  ]),
];
