import type { Permission } from './permission.ts';

/** A policy that AWS manages: what it holds of the services that are called here. */
interface ManagedPolicy {
  readonly name: string;
  readonly version: string;
  /** When AWS made this version; it changes them often. */
  readonly asOf: string;
  /** For every resource, without a condition. */
  readonly actions: readonly string[];
}

/** Source: AWS Managed Policy Reference Guide, in the copy of both documents that moto 5.2.5 carries. */
export const MANAGED_POLICIES: readonly ManagedPolicy[] = [
  {
    name: 'SecurityAudit',
    version: 'v94',
    asOf: '2026-09-30',
    actions: [
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:GetInsightSelectors',
      'cloudtrail:GetTrail',
      'cloudtrail:GetTrailStatus',
      'cloudtrail:ListEventDataStores',
      'cloudtrail:ListTags',
      'cloudtrail:ListTrails',
      'cloudtrail:LookupEvents',
      'config:BatchGetAggregateResourceConfig',
      'config:Describe*',
      'config:Get*',
      'config:List*',
      'config:SelectAggregateResourceConfig',
      'ec2:Describe*',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'logs:Describe*',
      'organizations:Describe*',
      'organizations:List*',
      's3:GetBucket*',
      's3:GetEncryptionConfiguration',
      's3:ListBucket',
      'sns:GetTopicAttributes',
    ],
  },
  {
    name: 'ReadOnlyAccess',
    version: 'v190',
    asOf: '2026-09-24',
    actions: [
      'cloudtrail:Describe*',
      'cloudtrail:Get*',
      'cloudtrail:List*',
      'cloudtrail:LookupEvents',
      'config:BatchGetAggregateResourceConfig',
      'config:Describe*',
      'config:Get*',
      'config:List*',
      'config:SelectAggregateResourceConfig',
      'ec2:Describe*',
      'ec2:Get*',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'logs:Describe*',
      'organizations:Describe*',
      'organizations:List*',
      's3:Get*',
      's3:List*',
      'sns:Get*',
      'sts:GetCallerIdentity',
    ],
  },
];

/** Which of some calls a managed policy does not allow. */
export const lackedBy = ({ actions }: Pick<ManagedPolicy, 'actions'>, permissions: readonly Permission[]) =>
  permissions.filter(({ statement, action }) => statement !== null && !actions.some((held) => holds(held, action)));

const holds = (held: string, action: string): boolean =>
  held.endsWith('*') ? action.startsWith(held.slice(0, -1)) : action === held;
