import { type Answer, ok } from './wire.ts';

/** A trail as the aggregator's advanced query returns it. */
export interface AggregatedTrail {
  readonly arn: string;
  readonly keyArn: string | null;
  readonly bucket: string;
  readonly isOrganization?: boolean;
  /** Where it was recorded; the trail's own account and Region unless told. */
  readonly accountId?: string;
  readonly region?: string;
}

export const RECORDED_AT = '2026-11-20T08:00:00.000Z';

/** The rows of the trails, so many a page. */
export function queryAnswer(trails: readonly AggregatedTrail[], perPage = 2): Answer {
  return ({ body }) => {
    const start = Number(body.NextToken ?? 0);
    const end = start + perPage;
    return ok({
      Results: trails.slice(start, end).map((trail) => JSON.stringify(row(trail))),
      ...(end < trails.length ? { NextToken: String(end) } : {}),
    });
  };
}

function row({ arn, keyArn, bucket, isOrganization = false, accountId, region }: AggregatedTrail) {
  const [, , , home = '', owner = '', resource = ''] = arn.split(':');
  const name = resource.replace('trail/', '');
  return {
    accountId: accountId ?? owner,
    awsRegion: region ?? home,
    resourceId: name,
    arn,
    configurationItemCaptureTime: RECORDED_AT,
    configuration: {
      trailARN: arn,
      name,
      homeRegion: home,
      s3BucketName: bucket,
      isMultiRegionTrail: true,
      isOrganizationTrail: isOrganization,
      logFileValidationEnabled: true,
      hasInsightSelectors: false,
      ...(keyArn === null ? {} : { kmsKeyId: keyArn }),
    },
  };
}

/** The recorded items of keys, by ARN, with their policies. */
export function keyItems(policies: Readonly<Record<string, unknown>>): Answer {
  return ({ body }) => {
    const asked = body.ResourceIdentifiers as readonly {
      SourceAccountId: string;
      SourceRegion: string;
      ResourceId: string;
    }[];
    const items = asked.flatMap(({ SourceAccountId, SourceRegion, ResourceId }) => {
      const policy = policies[`arn:aws:kms:${SourceRegion}:${SourceAccountId}:key/${ResourceId}`];
      if (policy === undefined) return [];
      return {
        accountId: SourceAccountId,
        awsRegion: SourceRegion,
        resourceId: ResourceId,
        resourceType: 'AWS::KMS::Key',
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: Date.parse(RECORDED_AT) / 1000,
        configuration: JSON.stringify({
          keyId: ResourceId,
          keyState: 'Enabled',
          keyManager: 'CUSTOMER',
          keySpec: 'SYMMETRIC_DEFAULT',
          keyUsage: 'ENCRYPT_DECRYPT',
          origin: 'AWS_KMS',
        }),
        supplementaryConfiguration: { Policy: JSON.stringify(JSON.stringify(policy)) },
      };
    });
    return ok({ BaseConfigurationItems: items, UnprocessedResourceIdentifiers: [] });
  };
}
