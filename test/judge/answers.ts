import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { type KeyFacts, type Reading, read, type TrailFacts, unread } from '../../src/trail/facts.ts';
import type { FindingStatus } from '../../src/trail/finding.ts';
import type { Grant } from '../../src/trail/grant.ts';
import { AS_OF, accountOf, BUCKET, type GrantDocument, regionOf, type Snapshot } from './snapshot.ts';

/** What the checks say of a snapshot; the only place here that knows src. */
export function answersOf(
  one: Snapshot,
): ReadonlyMap<string, { readonly status: FindingStatus; readonly message: string }> {
  const findings = evaluateTrail(trailFacts(one), keyFacts(one), {
    allowedKmsKeys: null,
    trustedAccounts: one.trustedAccounts,
    trustedOrganizations: one.trustedOrganizations,
    requireKeyRotation: false,
    deliveryEvidenceHours: 0,
    deliveryWindowHours: 24,
    requiredReaders: [],
  });
  return new Map(findings.map(({ check, status, message }) => [check, { status, message }]));
}

const reading = <T>(value: T | undefined): Reading<T> =>
  value === undefined ? unread('denied', 'not permitted') : read(value);

function trailFacts(one: Snapshot): TrailFacts {
  return {
    arn: one.trailArn,
    name: 'main',
    partition: one.partition,
    accountId: accountOf(one.trailArn),
    homeRegion: regionOf(one.trailArn),
    kmsKeyId: one.keyArn,
    bucketName: BUCKET,
    keyPrefix: one.keyPrefix,
    isMultiRegion: one.isMultiRegion,
    isOrganization: one.isOrganization,
    logFileValidation: one.logFileValidation,
    hasInsightSelectors: one.insights,
    hasCustomEventSelectors: false,
    status: unread('not-asked', 'not asked'),
    bucket: read({
      region: read(regionOf(one.trailArn)),
      encryption: read({ algorithm: one.bucketKey ? 'aws:kms' : 'AES256', bucketKeyEnabled: one.bucketKey }),
    }),
    organizationId: reading(one.trailOrganization),
    eventCategories: read([]),
    aggregates: read(false),
    asOf: new Date(AS_OF),
  };
}

function keyFacts(one: Snapshot): KeyFacts {
  return {
    reference: one.keyArn,
    arn: one.keyArn,
    exists: read(true),
    metadata: read({
      state: 'Enabled',
      manager: 'CUSTOMER',
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      deletionDate: null,
      validTo: null,
      isMultiRegion: one.isMultiRegionKey,
      relatedKeys: [],
    }),
    policy: read(parseKeyPolicy(one.policy)),
    ramPolicy:
      one.ramPolicy === undefined
        ? unread('denied', 'not permitted')
        : read(one.ramPolicy && parseKeyPolicy(one.ramPolicy)),
    grants: read(one.grants.map(grantFacts)),
    rotation: read('on'),
    aliases: read(one.aliases),
    resourceControlPolicies: read(one.controls.map((policy) => parseKeyPolicy(policy))),
    organizationId: reading(one.keyOrganization),
  };
}

const grantFacts = (grant: GrantDocument): Grant => ({
  grantId: grant.GrantId,
  granteePrincipal: grant.GranteePrincipal,
  operations: grant.Operations,
  issuingAccount: null,
  retiringPrincipal: null,
  constraints: {
    sourceArn: grant.SourceArn ?? null,
    encryptionContextEquals: grant.EncryptionContextEquals ?? null,
    encryptionContextSubset: grant.EncryptionContextSubset ?? null,
    unknown: grant.Strange === undefined ? [] : [grant.Strange],
  },
});
