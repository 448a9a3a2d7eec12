/** What of a service's public model is watched. The names of its operations always are. */
export interface WatchedService {
  /** Those whose members the product sends, reads or rests on. */
  readonly operations: readonly string[];
  /** Of an enum that grows every week: the values that matter here. */
  readonly values?: Readonly<Record<string, RegExp>>;
  /** Shapes that nothing here reads. */
  readonly without?: readonly string[];
}

/** By the folder's name in botocore's `data`. */
export const WATCHED: Readonly<Record<string, WatchedService>> = {
  cloudtrail: {
    operations: [
      'CreateTrail',
      'DeleteTrail',
      'DescribeTrails',
      'GetEventConfiguration',
      'GetEventDataStore',
      'GetEventSelectors',
      'GetInsightSelectors',
      'GetTrail',
      'GetTrailStatus',
      'ListEventDataStores',
      'ListTags',
      'LookupEvents',
      'PutEventConfiguration',
      'PutEventSelectors',
      'PutInsightSelectors',
      'StartLogging',
      'StopLogging',
      'UpdateTrail',
    ],
  },
  config: {
    operations: [
      'BatchGetAggregateResourceConfig',
      'DescribeConfigRules',
      'GetComplianceDetailsByConfigRule',
      'GetResourceConfigHistory',
      'PutConfigRule',
      'PutConformancePack',
      'PutEvaluations',
      'PutOrganizationConfigRule',
      'PutOrganizationConformancePack',
      'PutRemediationConfigurations',
      'SelectAggregateResourceConfig',
      'SelectResourceConfig',
      'StartConfigRulesEvaluation',
    ],
    values: { ResourceType: /^AWS::(CloudTrail|KMS|RAM)::/ },
  },
  kms: {
    operations: [
      'CancelKeyDeletion',
      'CreateGrant',
      'Decrypt',
      'DescribeKey',
      'DisableKey',
      'DisableKeyRotation',
      'EnableKey',
      'EnableKeyRotation',
      'GenerateDataKey',
      'GetKeyLastUsage',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'ListAliases',
      'ListGrants',
      'ListKeyPolicies',
      'ListResourceTags',
      'PutKeyPolicy',
      'ReEncrypt',
      'ReplicateKey',
      'RetireGrant',
      'RevokeGrant',
      'ScheduleKeyDeletion',
    ],
  },
  lambda: {
    operations: ['AddPermission', 'CreateFunction', 'Invoke', 'PutResourcePolicy'],
    values: { Runtime: /^nodejs/ },
  },
  logs: { operations: ['DescribeLogGroups'] },
  ram: {
    operations: [
      'AssociateResourceShare',
      'CreateResourceShare',
      'GetResourcePolicies',
      'GetResourceShareAssociations',
      'GetResourceShares',
      'ListPrincipals',
      'ListResources',
    ],
  },
  s3: {
    operations: [
      'GetBucketEncryption',
      'GetBucketPolicy',
      'GetObject',
      'HeadBucket',
      'ListObjectsV2',
      'PutObject',
      'UpdateObjectEncryption',
    ],
  },
  // The details of other resources than trails and keys are members by the hundred.
  securityhub: { operations: ['BatchImportFindings', 'GetFindings'], without: ['ResourceDetails'] },
  sns: { operations: ['GetTopicAttributes'] },
};
