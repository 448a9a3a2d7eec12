import {
  ACCOUNT,
  type Change,
  CONTEXT,
  ENCRYPT,
  OTHER,
  type Place,
  S3_CONTEXT,
  SERVICE,
  trailArn,
} from './policies.ts';

/** A kind of fault: what is wrong in the policy, and the words with which it has to be named. */
export interface Fault {
  readonly kind: string;
  readonly change: (at: Place) => Change;
  readonly words: (at: Place) => readonly string[];
}

type Words = Fault['words'] | readonly string[];
type Text = (at: Place) => string;

const fault = (kind: string, change: Fault['change'], words: Words): Fault => ({
  kind,
  change,
  words: typeof words === 'function' ? words : () => words,
});

/** `$`, apart from the braces that would make a template of it. */
const variable = (name: string): string => `$\{${name}}`;

const when = (Condition: object): Change => ({ encrypt: { Condition } });
const source =
  (text: Text, operator = 'StringEquals') =>
  (at: Place): Change =>
    when({ [operator]: { 'aws:SourceArn': text(at) } });
const context =
  (key: string, text: Text) =>
  (at: Place): Change =>
    when({ StringLike: { [key]: text(at) } });
const principal = (Principal: unknown) => (): Change => ({ encrypt: { Principal } });
const action = (Action: unknown) => (): Change => ({ encrypt: { Action } });
const resource =
  (text: Text) =>
  (at: Place): Change => ({ encrypt: { Resource: text(at) } });
const denied =
  (sid: string, Condition: object, members: object = {}) =>
  (): Change => ({
    deny: { [sid]: { ...members, Condition } },
  });

const replaced =
  (from: Text, to: Text): Text =>
  (at) =>
    trailArn(at).replace(from(at), to(at));
const region: Text = (at) => at.region;
const constant =
  (text: string): Text =>
  () =>
    text;
const keyArn: Text = ({ partition, region: at }) =>
  `arn:${partition}:kms:${at}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const file =
  (bucket: string, path: string): Text =>
  ({ partition }) =>
    `arn:${partition}:s3:::${bucket}/${path}`;
const anyTrailOf =
  (account: string): Text =>
  ({ partition }) =>
    `arn:${partition}:cloudtrail:*:${account}:trail/*`;
const otherTrail: Text = (at) => trailArn(at).replace(ACCOUNT, OTHER);

const OF_MANAGEMENT = 'an organization trail belongs to the management account';

const OTHER_ACCOUNTS = 222_222_222_200;

const IN_SOURCE_ARN: readonly Fault[] = [
  fault('account', source(otherTrail), ['aws:SourceArn', `account: policy ${OTHER}, trail ${ACCOUNT}`]),
  fault('account, last digit', source(replaced(constant(ACCOUNT), constant('111111111112'))), [
    'aws:SourceArn',
    'account',
    '111111111112',
  ]),
  fault('account of eleven digits', source(replaced(constant(ACCOUNT), constant('11111111111'))), [
    'aws:SourceArn',
    'account: policy 11111111111,',
  ]),
  fault('no account', source(replaced(constant(ACCOUNT), constant(''))), ['aws:SourceArn', 'account: policy none']),
  fault(
    'account of a member for an organization trail',
    (at) => ({ ...source(otherTrail)(at), isOrganization: true }),
    ['aws:SourceArn', `account: policy ${OTHER}`, OF_MANAGEMENT],
  ),
  fault(
    'partition',
    source((at) => trailArn({ ...at, partition: at.otherPartition })),
    ({ partition, otherPartition }) => ['aws:SourceArn', `partition ${otherPartition}, not ${partition}`],
  ),
  fault(
    'Region',
    source((at) => trailArn({ ...at, region: at.otherRegion })),
    ({ otherRegion, region: own }) => ['aws:SourceArn', `Region: policy ${otherRegion}, trail ${own}`],
  ),
  fault('Region in upper case', source(replaced(region, (at) => at.region.toUpperCase())), (at) => [
    'aws:SourceArn',
    'Region',
    at.region.toUpperCase(),
    'case',
  ]),
  fault('no Region', source(replaced(region, constant(''))), ['aws:SourceArn', 'Region: policy none']),
  fault(
    'name',
    source((at) => trailArn(at, 'other')),
    ['aws:SourceArn', 'name: policy `other`, trail `main`'],
  ),
  fault(
    'name in another case',
    source((at) => trailArn(at, 'Main')),
    ['aws:SourceArn', 'name: policy `Main`', 'case'],
  ),
  fault(
    'name with a slash',
    source((at) => trailArn(at, 'main/')),
    ['aws:SourceArn', 'name: policy `main/`'],
  ),
  fault(
    'pattern of other names',
    source((at) => trailArn(at, 'prod-*'), 'ArnLike'),
    ['aws:SourceArn', 'name: policy `prod-*`'],
  ),
  fault('service', source(replaced(constant('cloudtrail'), constant('cloudtrails'))), [
    'aws:SourceArn',
    'service: policy cloudtrails',
  ]),
  fault('type', source(replaced(constant('trail/'), constant('trails/'))), ['aws:SourceArn', 'type: policy trails']),
  fault(
    'the bucket in place of the trail',
    source(({ partition }) => `arn:${partition}:s3:::logs`),
    ['aws:SourceArn', 'service: policy s3'],
  ),
  fault('the key in place of the trail', source(keyArn), ['aws:SourceArn', 'service: policy kms']),
  fault('the name alone', source(constant('main')), ['aws:SourceArn', 'is no ARN', '`main`']),
  fault('the account alone', source(constant(ACCOUNT)), ['aws:SourceArn', 'is no ARN']),
  fault(
    'a space at the end',
    source((at) => `${trailArn(at)} `),
    ['aws:SourceArn', 'a space at the end'],
  ),
  fault(
    'a space at the start',
    source((at) => ` ${trailArn(at)}`),
    ['aws:SourceArn', 'a space at the start'],
  ),
  fault(
    'a line break',
    source((at) => `${trailArn(at)}\n`),
    ['aws:SourceArn', 'a line break at the end'],
  ),
  fault('an invisible character', source(replaced(constant('main'), constant('ma\u200bin'))), [
    'aws:SourceArn',
    'U+200B',
  ]),
  fault('a letter of another script', source(replaced(constant('main'), constant('m\u0430in'))), [
    'aws:SourceArn',
    'U+0430',
  ]),
  fault(
    'quotes',
    source((at) => `"${trailArn(at)}"`),
    ['aws:SourceArn', 'quotes'],
  ),
  fault(
    'one of several values',
    (at) => when({ StringEquals: { 'aws:SourceArn': [otherTrail(at), trailArn(at, 'mian')] } }),
    ['aws:SourceArn', 'name: policy `mian`'],
  ),
];

const BY_OPERATOR: readonly Fault[] = [
  fault('`*` under StringEquals', source(anyTrailOf(ACCOUNT)), [
    'aws:SourceArn',
    '`StringEquals` takes `*` literally',
    'StringLike',
  ]),
  fault(
    '`?` under StringEquals',
    source((at) => trailArn(at, 'mai?')),
    ['aws:SourceArn', '`StringEquals` takes `?` literally'],
  ),
  fault(
    '`*` under StringEquals on the encryption context',
    (at) => when({ StringEquals: { [CONTEXT]: anyTrailOf(ACCOUNT)(at) } }),
    [CONTEXT, '`StringEquals` takes `*` literally'],
  ),
  fault(
    'a variable under Version 2008-10-17',
    (at) => ({
      ...context(
        CONTEXT,
        ({ partition }) => `arn:${partition}:cloudtrail:*:${variable('aws:SourceAccount')}:trail/*`,
      )(at),
      version: '2008-10-17',
    }),
    [CONTEXT, `Version 2008-10-17 takes \`${variable('...')}\` as text`],
  ),
  fault(
    'a variable without a value',
    source((at) => trailArn(at, variable('aws:PrincipalOrgID')), 'StringLike'),
    ['aws:SourceArn', 'no value', 'aws:PrincipalOrgID'],
  ),
  fault(
    'three parts under ArnLike',
    source(({ partition }) => `arn:${partition}:*`, 'ArnLike'),
    ['aws:SourceArn', '`ArnLike` compares six parts, the value has three'],
  ),
  fault(
    'five parts under ArnEquals',
    source(({ partition }) => `arn:${partition}:cloudtrail:*:trail/main`, 'ArnEquals'),
    ['aws:SourceArn', '`ArnEquals` compares six parts, the value has five'],
  ),
  fault('five parts under StringEquals', source(replaced(constant(`:${ACCOUNT}`), constant(''))), [
    'aws:SourceArn',
    'an ARN has six parts, the value has five',
  ]),
  fault('the trail under StringNotEquals', source(trailArn, 'StringNotEquals'), ['aws:SourceArn', 'StringNotEquals']),
  fault('Null on what is there', () => when({ Null: { 'aws:SourceArn': 'true' } }), [
    'aws:SourceArn is present',
    'expects it absent',
  ]),
];

const IN_OTHER_KEYS: readonly Fault[] = [
  fault('aws:SourceAccount', () => when({ StringEquals: { 'aws:SourceAccount': OTHER } }), [
    'aws:SourceAccount',
    OTHER,
  ]),
  fault(
    'aws:SourceAccount of a member for an organization trail',
    () => ({ ...when({ StringEquals: { 'aws:SourceAccount': OTHER } }), isOrganization: true }),
    ['aws:SourceAccount', OTHER, OF_MANAGEMENT],
  ),
  fault('an ARN for aws:SourceAccount', (at) => when({ StringEquals: { 'aws:SourceAccount': trailArn(at) } }), [
    'aws:SourceAccount',
    'no account id',
  ]),
  fault('hyphens in aws:SourceAccount', () => when({ StringEquals: { 'aws:SourceAccount': '1111-1111-1111' } }), [
    'aws:SourceAccount',
    '1111-1111-1111',
    'no account id',
  ]),
  fault('encryption context, account', context(CONTEXT, anyTrailOf(OTHER)), [
    CONTEXT,
    `account: policy ${OTHER}, trail ${ACCOUNT}`,
  ]),
  fault(
    'encryption context, account of a member',
    (at) => ({ ...context(CONTEXT, anyTrailOf(OTHER))(at), isOrganization: true }),
    [CONTEXT, `account: policy ${OTHER}`, OF_MANAGEMENT],
  ),
  fault(
    'encryption context, Region',
    context(CONTEXT, (at) => `arn:${at.partition}:cloudtrail:${at.otherRegion}:${ACCOUNT}:trail/*`),
    ({ otherRegion }) => [CONTEXT, `Region: policy ${otherRegion}`],
  ),
  fault(
    'encryption context, partition',
    context(CONTEXT, (at) => anyTrailOf(ACCOUNT)({ ...at, partition: at.otherPartition })),
    ({ otherPartition }) => [CONTEXT, `partition ${otherPartition}, not`],
  ),
  fault(
    'encryption context, name',
    context(CONTEXT, (at) => trailArn(at, 'MAIN')),
    [CONTEXT, 'name: policy `MAIN`', 'case'],
  ),
  fault('encryption context, key', context('kms:EncryptionContext:aws:cloudtrail:trail', anyTrailOf(ACCOUNT)), [
    'kms:EncryptionContext:aws:cloudtrail:trail is absent',
  ]),
  fault('path, bucket', context(S3_CONTEXT, file('other-logs', '*')), [S3_CONTEXT, 'bucket: policy `other-logs`']),
  fault('path, account', context(S3_CONTEXT, file('logs', `AWSLogs/${OTHER}/*`)), [
    S3_CONTEXT,
    'path',
    `AWSLogs/${OTHER}/*`,
  ]),
  fault('path, digest files left out', context(S3_CONTEXT, file('logs', `AWSLogs/${ACCOUNT}/CloudTrail/*`)), [
    S3_CONTEXT,
    'digest file',
    'path',
    `AWSLogs/${ACCOUNT}/CloudTrail/*`,
  ]),
  fault(
    'path, partition',
    context(S3_CONTEXT, ({ otherPartition }) => `arn:${otherPartition}:s3:::logs/*`),
    ({ otherPartition }) => [S3_CONTEXT, `partition ${otherPartition}, not`],
  ),
  fault('kms:ViaService', () => when({ StringEquals: { 'kms:ViaService': 's3.amazonaws.com' } }), [
    'kms:ViaService',
    '`s3.amazonaws.com`',
  ]),
  fault('kms:CallerAccount', () => when({ StringEquals: { 'kms:CallerAccount': '*' } }), ['kms:CallerAccount', '`*`']),
  fault('aws:PrincipalOrgID', () => when({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }), [
    'aws:PrincipalOrgID is absent',
  ]),
  fault('aws:SourceVpce', () => when({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }), ['aws:SourceVpce is absent']),
  fault('aws:PrincipalIsAWSService', () => when({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }), [
    'aws:PrincipalIsAWSService',
    '`false`',
  ]),
  fault(
    'aws:RequestedRegion',
    (at) => when({ StringEquals: { 'aws:RequestedRegion': at.otherRegion } }),
    ({ otherRegion }) => ['aws:RequestedRegion', otherRegion],
  ),
  fault('aws:ResourceAccount', () => when({ StringEquals: { 'aws:ResourceAccount': OTHER } }), [
    'aws:ResourceAccount',
    OTHER,
  ]),
  fault('a time that is over', () => when({ DateLessThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }), [
    'aws:CurrentTime',
    'DateLessThan',
    '2025-01-01',
  ]),
  fault('kms:KeySpec', () => when({ StringEquals: { 'kms:KeySpec': 'RSA_2048' } }), ['kms:KeySpec', 'RSA_2048']),
];

const NOTHING = 'no statement allows CloudTrail kms:GenerateDataKey';

const IN_PRINCIPAL: readonly Fault[] = [
  fault(
    'service with a Region',
    (at) => principal({ Service: `cloudtrail.${at.region}.amazonaws.com` })(),
    (at) => [ENCRYPT, `cloudtrail.${at.region}.amazonaws.com`, 'Region'],
  ),
  fault('service with the suffix of China', principal({ Service: 'cloudtrail.amazonaws.com.cn' }), [
    ENCRYPT,
    'cloudtrail.amazonaws.com.cn',
    'suffix',
  ]),
  fault('service in another case', principal({ Service: 'Cloudtrail.amazonaws.com' }), [
    ENCRYPT,
    'Cloudtrail.amazonaws.com',
    'case',
  ]),
  fault('service misspelt', principal({ Service: 'cloudtrial.amazonaws.com' }), [
    ENCRYPT,
    'cloudtrial.amazonaws.com',
    'spelled',
  ]),
  fault('service without suffix', principal({ Service: 'cloudtrail' }), [ENCRYPT, '`cloudtrail`', 'no suffix']),
  fault('service with a space', principal({ Service: `${SERVICE} ` }), [ENCRYPT, 'a space at the end']),
  fault('another service', principal({ Service: 's3.amazonaws.com' }), [NOTHING, ENCRYPT, 's3.amazonaws.com']),
  fault('service under AWS', principal({ AWS: SERVICE }), [ENCRYPT, SERVICE, 'stands in AWS, not in Service']),
  fault('service under Federated', principal({ Federated: SERVICE }), [
    ENCRYPT,
    SERVICE,
    'stands in Federated, not in Service',
  ]),
  fault('the account', ({ partition }) => principal({ AWS: `arn:${partition}:iam::${ACCOUNT}:root` })(), [
    NOTHING,
    ENCRYPT,
    `:iam::${ACCOUNT}:root`,
  ]),
  fault(
    'the service-linked role',
    ({ partition }) =>
      principal({
        AWS: `arn:${partition}:iam::${ACCOUNT}:role/aws-service-role/${SERVICE}/AWSServiceRoleForCloudTrail`,
      })(),
    [NOTHING, ENCRYPT, 'AWSServiceRoleForCloudTrail'],
  ),
  fault('a wildcard for services', principal({ Service: '*.amazonaws.com' }), [ENCRYPT, '*.amazonaws.com', 'wildcard']),
  fault('nobody', () => ({ encrypt: { Principal: undefined } }), [NOTHING, ENCRYPT]),
];

const IN_ACTION_AND_RESOURCE: readonly Fault[] = [
  fault('action with an equals sign', action('kms=GenerateDataKey'), [ENCRYPT, '`kms=GenerateDataKey`', 'colon']),
  fault('action without prefix', action('GenerateDataKey'), [ENCRYPT, '`GenerateDataKey`', 'no prefix']),
  fault('action with another prefix', action('s3:GenerateDataKey'), [ENCRYPT, '`s3:GenerateDataKey`', 'prefix']),
  fault('action misspelt', action('kms:GenerateDatKey'), [ENCRYPT, '`kms:GenerateDatKey`', 'spelled']),
  fault('action with a space', action('kms: GenerateDataKey'), [ENCRYPT, '`kms: GenerateDataKey`', 'a space']),
  fault('action without the plain text', action('kms:GenerateDataKeyWithoutPlaintext'), [
    ENCRYPT,
    '`kms:GenerateDataKeyWithoutPlaintext`',
    'another operation',
  ]),
  fault('action of key pairs', action('kms:GenerateDataKeyPair*'), [
    ENCRYPT,
    '`kms:GenerateDataKeyPair*`',
    'another operation',
  ]),
  fault('NotAction', () => ({ encrypt: { Action: undefined, NotAction: 'kms:GenerateDataKey*' } }), [
    ENCRYPT,
    'NotAction',
  ]),
  fault('no action', () => ({ encrypt: { Action: undefined } }), [ENCRYPT, 'no action']),
  fault('another action', action('kms:Encrypt'), [NOTHING]),
  fault('no statement', () => ({ without: [ENCRYPT] }), [NOTHING]),
  fault('only the account', () => ({ without: [ENCRYPT, 'Allow CloudTrail to describe key'] }), [
    NOTHING,
    'a statement for the account never covers a service',
  ]),
  fault(
    'another key',
    resource((at) => keyArn(at).replace('1234abcd', '0000abcd')),
    [ENCRYPT, 'Resource', 'key id: policy `0000abcd-12ab'],
  ),
  fault(
    'the key of another account',
    resource((at) => keyArn(at).replace(ACCOUNT, OTHER)),
    [ENCRYPT, 'Resource', `account: policy ${OTHER}`],
  ),
  fault(
    'the key of another Region',
    resource((at) => keyArn({ ...at, region: at.otherRegion })),
    ({ otherRegion }) => [ENCRYPT, 'Resource', `Region: policy ${otherRegion}`],
  ),
  fault(
    'an alias',
    resource((at) => keyArn(at).replace('key/1234abcd-12ab-34cd-56ef-1234567890ab', 'alias/trail')),
    [ENCRYPT, 'Resource', 'type: policy alias'],
  ),
  fault(
    'the bucket',
    resource(({ partition }) => `arn:${partition}:s3:::logs`),
    [ENCRYPT, 'Resource', 'service: policy s3'],
  ),
  fault('no resource', () => ({ encrypt: { Resource: undefined } }), [ENCRYPT, 'no Resource']),
];

const IN_GRAMMAR: readonly Fault[] = [
  fault('an element that is none', () => ({ encrypt: { Conditions: {} } }), [
    ENCRYPT,
    "IAM's grammar refuses",
    '`Conditions`',
  ]),
  fault('an operator that is none', () => when({ StringIs: { 'aws:SourceAccount': ACCOUNT } }), [
    ENCRYPT,
    "IAM's grammar refuses",
    '`StringIs`',
  ]),
  fault('a condition in a condition', () => when({ StringEquals: { StringLike: { 'aws:SourceAccount': ACCOUNT } } }), [
    ENCRYPT,
    "IAM's grammar refuses",
  ]),
];

const IN_DENY: readonly Fault[] = [
  fault(
    'Deny outside the organization',
    denied('Perimeter', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    ['Deny `Perimeter` applies', 'aws:PrincipalOrgID is absent', 'o-a1b2c3d4e5'],
  ),
  fault(
    'Deny outside the organization, if there is one',
    denied('Perimeter', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    ['Deny `Perimeter` applies', 'aws:PrincipalOrgID is absent'],
  ),
  fault('Deny but for an endpoint', denied('Network', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }), [
    'Deny `Network` applies',
    'aws:SourceVpce is absent',
  ]),
  fault('Deny without an organization', denied('Known', { Null: { 'aws:PrincipalOrgID': 'true' } }), [
    'Deny `Known` applies',
    'aws:PrincipalOrgID is absent',
  ]),
  fault('Deny but for an account', denied('Guard', { StringNotEquals: { 'aws:SourceAccount': OTHER } }), [
    'Deny `Guard` applies',
    `aws:SourceAccount is \`${ACCOUNT}\`, the policy spares \`${OTHER}\``,
  ]),
  fault('Deny but for another trail', (at) => denied('Guard', { ArnNotLike: { 'aws:SourceArn': otherTrail(at) } })(), [
    'Deny `Guard` applies',
    'aws:SourceArn',
    `account: policy ${OTHER}`,
  ]),
  fault(
    'Deny but for another Region',
    (at) => denied('Guard', { StringNotEquals: { 'aws:SourceArn': trailArn({ ...at, region: at.otherRegion }) } })(),
    ({ otherRegion }) => ['Deny `Guard` applies', 'aws:SourceArn', `Region: policy ${otherRegion}`],
  ),
  fault(
    'Deny but for `*` under StringNotEquals',
    (at) => denied('Guard', { StringNotEquals: { 'aws:SourceArn': anyTrailOf(ACCOUNT)(at) } })(),
    ['Deny `Guard` applies', 'aws:SourceArn', '`StringNotEquals` takes `*` literally', 'StringNotLike'],
  ),
  fault(
    'Deny but for another encryption context',
    (at) => denied('Guard', { StringNotLike: { [CONTEXT]: anyTrailOf(OTHER)(at) } })(),
    ['Deny `Guard` applies', CONTEXT, `account: policy ${OTHER}`],
  ),
  fault('Deny for services', denied('People', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }), [
    'Deny `People` applies',
    'aws:PrincipalIsAWSService is `true`',
  ]),
  fault('Deny of this account', denied('Self', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }), [
    'Deny `Self` applies',
    'aws:SourceAccount',
    'the policy denies',
  ]),
  fault('Deny of this trail', (at) => denied('Self', { StringEquals: { 'aws:SourceArn': trailArn(at) } })(), [
    'Deny `Self` applies',
    'aws:SourceArn',
    'the policy denies',
  ]),
  fault(
    'Deny by two conditions',
    denied('Both', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:SourceAccount': OTHER } }),
    ['Deny `Both` applies', 'aws:PrincipalOrgID is absent', 'aws:SourceAccount', OTHER],
  ),
  fault('Deny without condition', () => ({ deny: { Freeze: {} } }), ['Deny `Freeze` applies', 'no condition']),
  fault('Deny of CloudTrail', () => ({ deny: { Freeze: { Principal: { Service: SERVICE } } } }), [
    'Deny `Freeze` applies',
    `names \`${SERVICE}\``,
  ]),
  fault(
    'Deny of CloudTrail but for an account',
    denied('Guard', { StringNotEquals: { 'aws:SourceAccount': OTHER } }, { Principal: { Service: SERVICE } }),
    [`Deny \`Guard\` applies: aws:SourceAccount is \`${ACCOUNT}\`, the policy spares \`${OTHER}\``],
  ),
  fault(
    'Deny of all but the account',
    ({ partition }) => ({
      deny: { Others: { Principal: undefined, NotPrincipal: { AWS: `arn:${partition}:iam::${ACCOUNT}:root` } } },
    }),
    ['Deny `Others` applies', 'NotPrincipal'],
  ),
  fault('Deny where Allow was meant', () => ({ encrypt: { Effect: 'Deny' } }), [`Deny \`${ENCRYPT}\` applies`]),
  fault(
    'Deny of a resource control policy',
    () => ({ control: { Perimeter: { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } } } }),
    ['Deny `Perimeter` of a resource control policy applies', 'aws:PrincipalOrgID is absent'],
  ),
];

const LONG_SID =
  'Allow the service of AWS CloudTrail to encrypt the log files and the digest files of the organization';
const LONG_NAME = `${'organization-trail-of-everything-that-happens-anywhere-'.repeat(2)}in-2026`;

const IN_LONG_TEXTS: readonly Fault[] = [
  fault('account, under a long Sid', (at) => ({ ...source(otherTrail)(at), sid: LONG_SID }), [
    LONG_SID.slice(0, 40),
    'aws:SourceArn',
    `account: policy ${OTHER}`,
  ]),
  fault(
    'encryption context, account of a member, under a long Sid',
    (at) => ({ ...context(CONTEXT, anyTrailOf(OTHER))(at), sid: LONG_SID, isOrganization: true }),
    [CONTEXT, `account: policy ${OTHER}`],
  ),
  fault(
    'account, with a long name',
    (at) => ({
      ...context(CONTEXT, (place) => trailArn(place, LONG_NAME).replace(ACCOUNT, OTHER))(at),
      trailName: LONG_NAME,
    }),
    [CONTEXT, `account: policy ${OTHER}`],
  ),
  fault(
    'long name, another',
    (at) => ({ ...source((place) => trailArn(place, `${LONG_NAME}-old`))(at), trailName: LONG_NAME }),
    ['aws:SourceArn', 'name: policy', 'in-2026-old'],
  ),
  fault(
    'path, a long prefix',
    context(S3_CONTEXT, file('logs', `central/archive/of/all/logs/of/the/organization/AWSLogs/${OTHER}/*`)),
    [S3_CONTEXT, 'path', `AWSLogs/${OTHER}/*`],
  ),
  fault(
    'account, in both conditions',
    (at) =>
      when({
        StringEquals: { 'aws:SourceArn': otherTrail(at) },
        StringLike: { [CONTEXT]: anyTrailOf(OTHER)(at) },
      }),
    ['aws:SourceArn', `account: policy ${OTHER}`, CONTEXT],
  ),
  fault(
    'service with a Region among others',
    (at) =>
      principal({
        Service: ['config.amazonaws.com', `cloudtrail.${at.region}.amazonaws.com`, 'delivery.logs.amazonaws.com'],
      })(),
    (at) => [ENCRYPT, `\`cloudtrail.${at.region}.amazonaws.com\``, 'Region'],
  ),
  fault('action misspelt among others', action(['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDatakeys']), [
    ENCRYPT,
    '`kms:GenerateDatakeys`',
    'spelled',
  ]),
  fault(
    'Deny but for many accounts',
    denied('Guard', {
      StringNotEquals: {
        'aws:SourceAccount': Array.from({ length: 12 }, (_, index) => String(OTHER_ACCOUNTS + index)),
      },
    }),
    ['Deny `Guard` applies', `aws:SourceAccount is \`${ACCOUNT}\``, String(OTHER_ACCOUNTS)],
  ),
  fault(
    'two Denies',
    () => ({
      deny: {
        Perimeter: { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
        Network: { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
      },
    }),
    ['Deny `Perimeter` applies', 'aws:PrincipalOrgID is absent', 'Deny `Network` applies', 'aws:SourceVpce is absent'],
  ),
];

/** Kinds of fault by where in the policy they are. */
export const GROUPS: Readonly<Record<string, readonly Fault[]>> = {
  'under long names': IN_LONG_TEXTS,
  'aws:SourceArn': IN_SOURCE_ARN,
  operators: BY_OPERATOR,
  'other condition keys': IN_OTHER_KEYS,
  principals: IN_PRINCIPAL,
  'actions and resources': IN_ACTION_AND_RESOURCE,
  grammar: IN_GRAMMAR,
  Deny: IN_DENY,
};

export const FAULTS: readonly Fault[] = Object.values(GROUPS).flat();
