import { CloudTrailClient, ListTagsCommand } from '@aws-sdk/client-cloudtrail';
import { KMSClient, ListResourceTagsCommand, type Tag } from '@aws-sdk/client-kms';
import { trailIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { landingZoneOf } from '../landingZone.ts';
import { nextMarker, required } from '../required.ts';
import { collectPages } from '../session.ts';
import { kmsCall } from './keyPolicy.ts';

/** Set by CloudFormation on what it deploys (AWS CloudFormation User Guide, "Resource tag"). */
const DEPLOYED = /^aws:cloudformation:/;

/**
 * Who deploys a key, as a sentence part; `null`: nobody, so that it may be changed here.
 *
 * @throws InfrastructureError when its tags cannot be read, also where that is denied: nothing is changed on trust
 */
export async function ownerOfKey({ session, clients }: Access, keyArn: string): Promise<string | null> {
  const call = kmsCall('ListResourceTags', keyArn);
  const tags = await collectPages<Tag>(call, async (Marker) => {
    const page = await session.demand(call, (options) =>
      clients
        .get(KMSClient, call.region)
        .send(new ListResourceTagsCommand({ KeyId: keyArn, ...(Marker && { Marker }) }), options),
    );
    return { items: required(call, page, 'Tags'), next: nextMarker(call, page) };
  });
  const names = tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
  return stackOf(names, `the key \`${keyArn}\``);
}

/**
 * Who deploys a trail, as a sentence part; `null`: nobody.
 *
 * @throws InfrastructureError as `ownerOfKey`
 */
export async function ownerOfTrail({ session, clients }: Access, trailArn: string): Promise<string | null> {
  const zone = landingZoneOf(trailArn);
  if (zone !== null) return zone;
  const call = callOf('CloudTrail', 'ListTags', trailArn, trailIdentity(trailArn)?.homeRegion ?? '');
  const resources = await collectPages(call, async (NextToken) => {
    const page = await session.demand(call, (options) =>
      clients
        .get(CloudTrailClient, call.region)
        .send(new ListTagsCommand({ ResourceIdList: [trailArn], ...(NextToken && { NextToken }) }), options),
    );
    return { items: required(call, page, 'ResourceTagList'), next: page.NextToken };
  });
  const tags = resources.find(({ ResourceId }) => ResourceId === trailArn);
  return stackOf(required(call, tags, 'TagsList'), `the trail \`${trailArn}\``);
}

interface AnyTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

function stackOf(tags: readonly AnyTag[], what: string): string | null {
  const deployed = tags.filter(({ Key }) => DEPLOYED.test(Key ?? ''));
  if (deployed.length === 0) return null;
  const stack = deployed.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value;
  return `${what} is deployed by CloudFormation${stack ? `, stack \`${stack}\`` : ''}`;
}
