import { absent, type KeyState, matching, present } from '../../policy/request.ts';
import { keyIdentity } from '../arn.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import { CONTEXT_ACTIONS, ENCRYPTING_ACTIONS } from '../kmsActions.ts';
import { ABSENT, asked, attribute, type ConditionKey, domain, everyone, known, OPEN, principals } from './carried.ts';
import { multiRegionKeyType, organizationId, organizationIdPerhaps, organizationPaths, viaService } from './domains.ts';
import { PARAMETER_KEYS } from './parameters.ts';

const GLOBAL = 'IAM User Guide, AWS global condition context keys';
const OF_KMS = 'AWS KMS Developer Guide, AWS KMS condition keys';
const ACTIONS = 'Service Authorization Reference, AWS Key Management Service';
const OF_CLOUDTRAIL = 'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail';

const ACCOUNT_ID = '############';
const accountId = domain('twelve digits, or absent', () => ({
  is: 'constrained',
  matching: [ACCOUNT_ID],
  outside: [],
  orAbsent: true,
  says: 'an account id',
}));

const network = asked('a caller through a VPC endpoint alone; for a stranger never one that a policy names');

/** Every condition key of which something is known; of all others a request may carry any value, or none. */
export const CONDITION_KEYS: readonly ConditionKey[] = [
  {
    name: 'aws:CurrentTime',
    ...everyone(known('the time of the facts', ({ trail }) => present(trail.asOf.toISOString()))),
    source: GLOBAL,
  },
  {
    name: 'aws:EpochTime',
    ...everyone(
      known('the time of the facts', ({ trail }) => present(String(Math.floor(trail.asOf.getTime() / 1000)))),
    ),
    source: GLOBAL,
  },
  {
    name: 'aws:SecureTransport',
    ...everyone(known('`true`: KMS takes TLS alone', () => present('true'))),
    source: GLOBAL,
  },
  {
    name: 'aws:RequestedRegion',
    ...everyone(known("the key's Region", ({ keyArn }) => ofKey(keyArn, ({ region }) => region))),
    source: GLOBAL,
  },
  {
    name: 'aws:ResourceAccount',
    ...everyone(known("the key's account", ({ keyArn }) => ofKey(keyArn, ({ accountId }) => accountId))),
    source: GLOBAL,
  },
  {
    name: 'aws:ResourceOrgID',
    cloudTrail: known("the key's organization", ({ key }) => organizationId(key.organizationId)),
    principal: asked("the key's organization; where it is not known, none of a stranger's"),
    source: GLOBAL,
  },
  {
    name: 'aws:ResourceOrgPaths',
    ...everyone(domain("paths in the key's organization", ({ key }) => organizationPaths(key.organizationId))),
    source: GLOBAL,
  },
  {
    name: 'aws:PrincipalIsAWSService',
    cloudTrail: known('`true`', () => present('true')),
    principal: known('`false`', () => present('false')),
    source: GLOBAL,
  },
  {
    name: 'aws:PrincipalServiceName',
    cloudTrail: known('`cloudtrail.amazonaws.com`', () => present(CLOUDTRAIL)),
    principal: ABSENT,
    source: GLOBAL,
  },
  {
    name: 'aws:PrincipalServiceNamesList',
    cloudTrail: domain('`cloudtrail.amazonaws.com` and others', () => ({
      is: 'constrained',
      matching: [],
      outside: [],
      orAbsent: false,
      containing: [CLOUDTRAIL],
    })),
    principal: ABSENT,
    source: GLOBAL,
  },
  { name: 'aws:PrincipalAccount', cloudTrail: accountId, principal: asked("the caller's account"), source: GLOBAL },
  {
    name: 'aws:PrincipalArn',
    cloudTrail: OPEN,
    principal: asked("the caller's ARN, a role's for its sessions"),
    source: GLOBAL,
  },
  { name: 'aws:PrincipalOrgID', ...principals(asked("the caller's organization, or absent")), source: GLOBAL },
  {
    name: 'aws:PrincipalOrgPaths',
    ...principals(asked("paths in the caller's organization, or absent")),
    source: GLOBAL,
  },
  {
    name: 'aws:PrincipalOrgMasterAccountId',
    cloudTrail: OPEN,
    principal: asked("the management account of the caller's organization, or absent"),
    source: GLOBAL,
  },
  { name: 'aws:PrincipalTag/*', ...principals(OPEN), source: GLOBAL },
  { name: 'aws:MultiFactorAuthPresent', ...principals(OPEN), source: GLOBAL },
  { name: 'aws:MultiFactorAuthAge', ...principals(OPEN), source: GLOBAL },
  {
    name: 'aws:SourceArn',
    cloudTrail: known("the trail's ARN", ({ trail }) => ofTrail(trail, trail.arn)),
    principal: ABSENT,
    source: OF_CLOUDTRAIL,
  },
  {
    name: 'aws:SourceAccount',
    cloudTrail: known("the trail's account; of an organization trail the management account", ({ trail }) =>
      ofTrail(trail, trail.accountId),
    ),
    principal: ABSENT,
    source: OF_CLOUDTRAIL,
  },
  {
    name: 'aws:SourceOrgID',
    cloudTrail: domain("the trail account's organization, or absent: not documented for these requests", ({ trail }) =>
      organizationIdPerhaps(trail.organizationId),
    ),
    principal: ABSENT,
    source: GLOBAL,
  },
  {
    name: 'aws:SourceOrgPaths',
    cloudTrail: domain("paths in the trail account's organization, or absent", ({ trail }) =>
      organizationPaths(trail.organizationId),
    ),
    principal: ABSENT,
    source: GLOBAL,
  },
  ...[
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:SourceVpcArn',
    'aws:VpceAccount',
    'aws:VpceOrgID',
    'aws:VpceOrgPaths',
  ].map((name): ConditionKey => ({ name, ...principals(network), source: GLOBAL })),
  { name: 'aws:VpcSourceIp', ...principals(OPEN), source: GLOBAL },
  {
    name: 'kms:CallerAccount',
    cloudTrail: accountId,
    principal: asked("the caller's account"),
    source: OF_KMS,
  },
  {
    name: 'kms:ViaService',
    ...everyone(
      domain('`SERVICE.REGION.` and the suffix of the partition, or absent', ({ keyArn }) => viaService(keyArn)),
    ),
    source: OF_KMS,
  },
  {
    name: 'kms:EncryptionContext:aws:cloudtrail:arn',
    actions: CONTEXT_ACTIONS,
    cloudTrail: known("the trail's ARN", ({ trail }) => ofTrail(trail, trail.arn)),
    principal: OPEN,
    source: OF_CLOUDTRAIL,
  },
  {
    name: 'kms:EncryptionContext:aws:s3:arn',
    actions: CONTEXT_ACTIONS,
    cloudTrail: asked('the ARN of the file, or of the bucket'),
    principal: OPEN,
    source: OF_CLOUDTRAIL,
  },
  { name: 'kms:EncryptionContext:*', actions: CONTEXT_ACTIONS, cloudTrail: ABSENT, principal: OPEN, source: OF_KMS },
  {
    name: 'kms:EncryptionContextKeys',
    actions: CONTEXT_ACTIONS,
    cloudTrail: known('`aws:cloudtrail:arn` and `aws:s3:arn`', () => present(['aws:cloudtrail:arn', 'aws:s3:arn'])),
    principal: OPEN,
    source: OF_CLOUDTRAIL,
  },
  ...['kms:KeySpec', 'kms:CustomerMasterKeySpec'].map(
    (name): ConditionKey => ({ name, ...everyone(attribute("the key's spec", ({ spec }) => spec)), source: OF_KMS }),
  ),
  ...['kms:KeyUsage', 'kms:CustomerMasterKeyUsage'].map(
    (name): ConditionKey => ({ name, ...everyone(attribute("the key's usage", ({ usage }) => usage)), source: OF_KMS }),
  ),
  { name: 'kms:KeyOrigin', ...everyone(attribute("the key's origin", ({ origin }) => origin)), source: OF_KMS },
  {
    name: 'kms:MultiRegion',
    ...everyone(
      attribute('whether the key is multi-Region', ({ isMultiRegion }) =>
        isMultiRegion === null ? null : String(isMultiRegion),
      ),
    ),
    source: OF_KMS,
  },
  {
    name: 'kms:MultiRegionKeyType',
    ...everyone(
      domain('`PRIMARY` or `REPLICA`, as far as that is known; absent for a key of one Region', ({ key }) =>
        multiRegionKeyType(key.metadata),
      ),
    ),
    source: OF_KMS,
  },
  {
    name: 'kms:ResourceAliases',
    ...everyone(
      known("the key's aliases", ({ key }) => {
        if (!key.aliases.read) return null;
        return key.aliases.value.length === 0 ? absent : present(key.aliases.value);
      }),
    ),
    source: OF_KMS,
  },
  {
    name: 'kms:EncryptionAlgorithm',
    actions: ENCRYPTING_ACTIONS,
    ...everyone(
      attribute('`SYMMETRIC_DEFAULT` for a symmetric key', ({ spec }) => (spec === 'SYMMETRIC_DEFAULT' ? spec : null)),
    ),
    source: OF_KMS,
  },
  {
    name: 'kms:PolicyName',
    actions: ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'],
    ...everyone(domain('`default` or `AWS_RAM`', () => matching('default', 'AWS_RAM'))),
    source: ACTIONS,
  },
  ...PARAMETER_KEYS,
];

const ofTrail = ({ isOrganization }: TrailFacts, value: string): KeyState =>
  isOrganization === true ? { is: 'present', value, ofAccount: ORGANIZATION_TRAIL } : present(value);

const ORGANIZATION_TRAIL = 'an organization trail belongs to the management account';

function ofKey(keyArn: string, part: (key: NonNullable<ReturnType<typeof keyIdentity>>) => string): KeyState | null {
  const key = keyIdentity(keyArn);
  return key === null ? null : present(part(key));
}
