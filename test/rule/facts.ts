import { read, type TrailDescription, type TrailFacts, unread } from '../../src/trail/facts.ts';
import type { Finding } from '../../src/trail/finding.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** A trail of this account and Region; members can be replaced. */
export function trailNamed(name: string, members: Partial<TrailDescription> = {}): TrailDescription {
  const accountId = members.accountId ?? ACCOUNT;
  const homeRegion = members.homeRegion ?? REGION;
  return {
    arn: `arn:aws:cloudtrail:${homeRegion}:${accountId}:trail/${name}`,
    name,
    partition: 'aws',
    accountId,
    homeRegion,
    kmsKeyId: null,
    bucketName: 'logs',
    keyPrefix: null,
    isMultiRegion: true,
    isOrganization: false,
    logFileValidation: true,
    hasInsightSelectors: false,
    owner: null,
    ...members,
  };
}

export function trailFacts(description: TrailDescription, asOf: Date): TrailFacts {
  return {
    ...description,
    asOf,
    status: unread('not-asked', 'not read'),
    bucket: unread('not-asked', 'not read'),
    organizationId: read(null),
  };
}

/** A finding whose message follows from its id and status. */
export function finding(members: Pick<Finding, 'check' | 'status' | 'severity'> & Partial<Finding>): Finding {
  const { check, status } = members;
  return {
    message: `${check} is ${status}`,
    remedy: status === 'fail' || status === 'unknown' ? [[{ do: 'wait-for-key' }]] : [],
    evidence: { statements: [], dependsOn: [] },
    ...members,
  };
}
