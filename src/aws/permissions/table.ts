import type { CheckId } from '../../trail/finding.ts';
import type { Permission, PermissionHolder, When } from './permission.ts';
import type { StatementId } from './statements.ts';

const BOTH = ['scan', 'rule'] as const;

function permission(
  call: `${string} ${string}`,
  statement: StatementId | null,
  callers: readonly PermissionHolder[],
  need: Permission['need'],
  more: { readonly when?: When; readonly action?: string; readonly writes?: true } = {},
): Permission {
  const [service = '', operation = ''] = call.split(' ');
  return { service, operation, action: `${service.toLowerCase()}:${operation}`, statement, callers, need, ...more };
}

const optional = (unknown: readonly CheckId[], effect?: string): Permission['need'] => ({
  unknown,
  ...(effect && { effect }),
});

const NOT_COUNTED = optional([], 'resource control policies do not count');
const OF_ORGANIZATIONS = optional(
  [],
  'what depends on the organization of an account stays unknown, and resource control policies do not count',
);
const UNSETTLED = optional(
  [],
  'what is open of `cloudtrail-can-encrypt` stays open, no failure tells since when it is one, and earlier keys are those of AWS Config alone',
);
const MORE_LOOKUPS = optional([], 'events are looked up of a key that was never used as well');
const UNRECORDED = optional([], 'what AWS Config records of trails stays open');
const NO_STORES = optional([], 'event data stores stay undecided');
const UNDONE = optional([], 'what failed later is not taken back');

/** Every call of the command line and of the rule. Tests compare it with the calls that are made, and with the templates. */
export const PERMISSIONS: readonly Permission[] = [
  permission('STS GetCallerIdentity', null, ['scan'], 'needed'),
  permission('EC2 DescribeRegions', 'WithoutResourceLevel', ['scan'], 'needed', { when: 'all-regions' }),
  permission('Organizations ListAccounts', 'WithoutResourceLevel', ['scan'], 'needed', { when: 'organization' }),
  permission('STS AssumeRole', 'AssumeReaderRole', BOTH, 'needed', { when: 'roles' }),
  permission('Config SelectAggregateResourceConfig', 'ReadAggregator', ['scan'], 'needed', { when: 'aggregator' }),
  permission('Config BatchGetAggregateResourceConfig', 'ReadAggregator', BOTH, 'needed', { when: 'bare-items' }),
  permission('CloudTrail DescribeTrails', 'WithoutResourceLevel', BOTH, 'needed'),
  permission('KMS DescribeKey', 'ReadKeys', BOTH, 'needed', { when: 'a-key' }),
  permission('KMS GetKeyPolicy', 'ReadKeyPolicies', BOTH, 'needed', { when: 'a-key' }),
  permission('KMS ListGrants', 'ReadKeys', BOTH, optional(['grants-bounded']), { when: 'a-key' }),
  permission('KMS GetKeyRotationStatus', 'ReadKeys', BOTH, optional(['key-rotates']), { when: 'a-key' }),
  permission(
    'KMS ListAliases',
    'WithoutResourceLevel',
    BOTH,
    optional([], 'what depends on the aliases of a key stays unknown'),
    {
      when: 'aliases',
    },
  ),
  permission('CloudTrail GetTrailStatus', 'ReadTrails', BOTH, optional(['trail-logging', 'log-delivery-healthy'])),
  permission('CloudTrail GetEventSelectors', 'ReadTrails', BOTH, optional(['cloudtrail-can-encrypt']), {
    when: 'paths',
  }),
  permission('CloudTrail GetEventConfiguration', 'ReadTrails', BOTH, optional(['cloudtrail-can-encrypt']), {
    when: 'paths',
  }),
  // S3 names the Region of a bucket in a refusal too.
  permission('S3 HeadBucket', null, BOTH, optional(['key-in-bucket-region', 'cloudtrail-can-decrypt']), {
    action: 's3:ListBucket',
  }),
  permission('S3 GetBucketEncryption', 'ReadBucketEncryption', BOTH, optional(['cloudtrail-can-decrypt']), {
    action: 's3:GetEncryptionConfiguration',
  }),
  permission('S3 GetBucketPolicy', 'ReadBucketPolicies', ['scan'], optional(['bucket-admits-delivery']), {
    when: 'bucket-policy',
  }),
  permission('KMS GetKeyLastUsage', 'ReadKeyLastUsage', ['scan'], MORE_LOOKUPS, { when: 'key-events' }),
  permission('CloudTrail LookupEvents', 'ReadKeyEvents', ['scan', 'verify'], UNSETTLED, { when: 'look-ups' }),
  permission('Logs DescribeLogGroups', 'ReadLogGroups', ['scan'], optional(['log-group-encrypted']), {
    when: 'log-group',
  }),
  permission('SNS GetTopicAttributes', 'ReadTopics', ['scan'], optional(['topic-admits-cloudtrail']), {
    when: 'topic',
  }),
  permission('CloudTrail ListEventDataStores', 'ListEventDataStores', ['scan'], NO_STORES, {
    when: 'event-data-stores',
  }),
  permission('CloudTrail GetEventDataStore', 'ReadEventDataStores', ['scan'], NO_STORES, { when: 'event-data-stores' }),
  permission('Config GetResourceConfigHistory', 'ReadTrailHistory', ['scan'], optional(['previous-keys-kept']), {
    when: 'previous-keys',
  }),
  permission('Organizations DescribeOrganization', 'WithoutResourceLevel', BOTH, OF_ORGANIZATIONS),
  permission('Organizations ListParents', 'ReadResourceControlPolicies', BOTH, NOT_COUNTED, {
    when: 'control-policies',
  }),
  permission('Organizations ListPoliciesForTarget', 'ReadResourceControlPolicies', BOTH, NOT_COUNTED, {
    when: 'control-policies',
  }),
  permission('Organizations DescribePolicy', 'ReadResourceControlPolicies', BOTH, NOT_COUNTED, {
    when: 'control-policies',
  }),

  permission('Config SelectResourceConfig', 'WithoutResourceLevel', ['verify'], UNRECORDED),

  permission('CloudTrail ListTags', 'FindOwners', ['repair'], 'needed', { when: 'any-plan' }),
  permission('KMS ListResourceTags', 'FindOwners', ['repair'], 'needed', { when: 'any-plan' }),
  permission('KMS PutKeyPolicy', 'WriteKeyPolicies', ['repair'], 'needed', { when: 'key-policy-plan', writes: true }),
  permission('KMS CancelKeyDeletion', 'BringKeysBack', ['repair'], 'needed', { when: 'key-state-plan', writes: true }),
  permission('KMS EnableKey', 'BringKeysBack', ['repair'], 'needed', { when: 'key-state-plan', writes: true }),
  permission('KMS DisableKey', 'BringKeysBack', ['repair'], UNDONE, { when: 'key-state-plan', writes: true }),
  permission('KMS EnableKeyRotation', 'BringKeysBack', ['repair'], 'needed', { when: 'rotation-plan', writes: true }),
  permission('KMS DisableKeyRotation', 'BringKeysBack', ['repair'], UNDONE, { when: 'rotation-plan', writes: true }),
  permission('CloudTrail UpdateTrail', 'GiveTrailsAKey', ['repair'], 'needed', { when: 'chosen-key', writes: true }),

  permission('CloudTrail ListEventDataStores', 'ListEventDataStores', ['rule'], 'needed', { when: 'stores-of-rule' }),
  permission('CloudTrail GetEventDataStore', 'ReadEventDataStores', ['rule'], NO_STORES, { when: 'stores-of-rule' }),

  permission('Config GetComplianceDetailsByConfigRule', 'ReadOwnResults', ['rule'], 'needed', { when: 'events' }),
  permission('Config GetResourceConfigHistory', 'WithoutResourceLevel', ['rule'], 'needed', { when: 'events' }),
  permission('Config PutEvaluations', 'WithoutResourceLevel', ['rule'], 'needed'),
  permission('SSM GetParameter', 'ReadExceptions', ['rule'], 'needed', { when: 'exceptions' }),
  permission('SSM GetParametersByPath', 'ReadExceptions', ['rule'], 'needed', { when: 'exceptions' }),
  permission('Organizations DescribeAccount', 'RecognizeMembers', ['rule'], 'needed', { when: 'members' }),
  permission('SecurityHub BatchImportFindings', 'ImportFindings', ['rule'], 'needed', { when: 'findings' }),
];
