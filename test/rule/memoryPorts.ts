import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { Evaluation } from '../../src/rule/evaluate/evaluation.ts';
import type { ReportedResource, RulePorts } from '../../src/rule/ports.ts';
import {
  type KeyFacts,
  type KeyMetadata,
  read,
  type TrailDescription,
  type TrailStatus,
} from '../../src/trail/facts.ts';
import { ACCOUNT, REGION } from './facts.ts';

export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const NOW = new Date('2026-11-20T12:00:00Z');

/** AWS's published statements for CloudTrail, with an administrator and a reader. */
export const goodPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Admin',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Encrypt',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
      Condition: {
        StringLike: {
          'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`,
          'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`,
        },
      },
    },
    {
      Sid: 'Describe',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:DescribeKey',
      Resource: '*',
    },
  ],
};

/** A policy that looks at the path of the log file, which holds an organization's id in an organization trail. */
export const pathPolicy = {
  ...goodPolicy,
  Statement: [
    ...goodPolicy.Statement,
    {
      Effect: 'Deny',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:*',
      Resource: '*',
      Condition: { StringNotLikeIfExists: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::*' } },
    },
  ],
};

/** The policy of a new key: it lets nobody in but the account's own IAM. */
export const defaultPolicy = { ...goodPolicy, Statement: goodPolicy.Statement.slice(0, 1) };

export function keyFacts(
  reference: string,
  policy: object = goodPolicy,
  metadata: Partial<KeyMetadata> = {},
): KeyFacts {
  return {
    reference,
    arn: reference.startsWith('arn:') ? reference : KEY_ARN,
    exists: read(true),
    metadata: read({
      state: 'Enabled',
      manager: 'CUSTOMER',
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      deletionDate: null,
      validTo: null,
      isMultiRegion: false,
      relatedKeys: [],
      ...metadata,
    }),
    policy: read(parseKeyPolicy(policy)),
    ramPolicy: read(null),
    grants: read([]),
    rotation: read('on'),
    aliases: read([]),
    resourceControlPolicies: read([]),
    organizationId: read(null),
  };
}

const HEALTHY: TrailStatus = {
  isLogging: true,
  latestDeliveryTime: new Date('2026-11-20T11:55:00Z'),
  latestDeliveryError: null,
  latestDigestDeliveryError: null,
};

/** Ports over lists, which note every call. */
export interface MemoryPorts extends RulePorts {
  /** `operation` or `operation subject`, in order. */
  readonly calls: readonly string[];
  /** Evaluations that were taken. */
  readonly sent: readonly Evaluation[];
  /** Most calls that ran at the same time. */
  readonly peak: () => number;
}

export interface Memory {
  readonly trails?: readonly TrailDescription[];
  readonly key?: (reference: string) => KeyFacts;
  readonly status?: (trail: TrailDescription) => TrailStatus;
  /** Trails by their names. */
  readonly reported?: readonly (string | ReportedResource)[];
  readonly overrides?: Partial<RulePorts>;
}

export function memoryPorts({
  trails = [],
  key = keyFacts,
  status,
  reported = [],
  overrides = {},
}: Memory): MemoryPorts {
  const calls: string[] = [];
  const sent: Evaluation[] = [];
  let running = 0;
  let peak = 0;
  const answer = async <T>(call: string, value: () => T): Promise<T> => {
    calls.push(call);
    running += 1;
    peak = Math.max(peak, running);
    await new Promise<void>((resolve) => setImmediate(resolve));
    running -= 1;
    return value();
  };
  return {
    calls,
    sent,
    peak: () => peak,
    listTrails: () => answer('listTrails', () => trails),
    trailStatus: (trail) => answer(`trailStatus ${trail.name}`, () => read(status?.(trail) ?? HEALTHY)),
    trailEvents: ({ name }) =>
      answer(`trailEvents ${name}`, () => ({ eventCategories: read([]), aggregates: read(false) })),
    bucket: ({ bucketName }) =>
      answer(`bucket ${bucketName}`, () =>
        read({ region: read(REGION), encryption: read({ algorithm: 'AES256', bucketKeyEnabled: false }) }),
      ),
    key: (reference) => answer(`key ${reference}`, () => key(reference)),
    organizationId: (accountId) => answer(`organizationId ${accountId}`, () => read(null)),
    configurationItem: () => Promise.reject(new Error('the history is empty')),
    reportedResources: () =>
      answer('reportedResources', () =>
        reported.map((one) =>
          typeof one === 'string' ? { resourceType: 'AWS::CloudTrail::Trail', resourceId: one } : one,
        ),
      ),
    putEvaluations: (evaluations) =>
      answer('putEvaluations', () => {
        sent.push(...evaluations);
        return [];
      }),
    now: () => NOW,
    ...overrides,
  };
}
