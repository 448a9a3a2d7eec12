/** A statement of a least policy: the resources of its actions, and a condition where one narrows them. */
interface StatementPattern {
  /** Without `arn:PARTITION:`; `*`: AWS knows no resources for these actions. */
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A policy variable, which IAM fills in. */
export const variable = (key: string): string => `\${${key}}`;

const OWN_ACCOUNT = { StringEquals: { 'aws:ResourceAccount': variable('aws:PrincipalAccount') } };

/** By Sid, in the order of a policy. `ROLE_NAME` stands for the role that every other account has. */
export const STATEMENTS = {
  ReadTrails: { resources: ['cloudtrail:*:*:trail/*'] },
  ReadKeys: { resources: ['kms:*:*:key/*'] },
  // KMS does not hand out the policies of other accounts' keys.
  ReadKeyPolicies: { resources: ['kms:*:*:key/*'], condition: OWN_ACCOUNT },
  ReadBucketEncryption: { resources: ['s3:::*'] },
  ReadBucketPolicies: { resources: ['s3:::*'] },
  ReadKeyLastUsage: { resources: ['kms:*:*:key/*'], condition: OWN_ACCOUNT },
  ReadKeyEvents: { resources: ['*'] },
  ReadLogGroups: { resources: ['logs:*:*:log-group:*'] },
  ReadTopics: { resources: ['sns:*:*:*'] },
  ListEventDataStores: { resources: ['*'] },
  ReadEventDataStores: { resources: ['cloudtrail:*:*:eventdatastore/*'] },
  ReadTrailHistory: { resources: ['*'] },
  ReadOwnResults: { resources: ['config:*:*:config-rule/*'], condition: OWN_ACCOUNT },
  WithoutResourceLevel: { resources: ['*'] },
  ReadResourceControlPolicies: {
    resources: [
      'organizations::*:account/*',
      'organizations::*:ou/*',
      'organizations::*:root/*',
      'organizations::*:policy/*/resource_control_policy/*',
    ],
  },
  AssumeReaderRole: { resources: ['iam::*:role/ROLE_NAME'] },
  ReadAggregator: { resources: ['config:*:*:config-aggregator/*'] },
  ReadExceptions: { resources: ['ssm:*:*:parameter/*'] },
  RecognizeMembers: { resources: ['organizations::*:account/*'] },
  ImportFindings: { resources: ['securityhub:*:*:product/*/default'] },
  FindOwners: { resources: ['cloudtrail:*:*:trail/*', 'kms:*:*:key/*'], condition: OWN_ACCOUNT },
  WriteKeyPolicies: {
    resources: ['kms:*:*:key/*'],
    // KMS's own check against locking oneself out stays on.
    condition: { ...OWN_ACCOUNT, BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } },
  },
  BringKeysBack: { resources: ['kms:*:*:key/*'], condition: OWN_ACCOUNT },
  GiveTrailsAKey: { resources: ['cloudtrail:*:*:trail/*'], condition: OWN_ACCOUNT },
} as const satisfies Readonly<Record<string, StatementPattern>>;

export type StatementId = keyof typeof STATEMENTS;

export const statementOf = (id: StatementId): StatementPattern => STATEMENTS[id];
