import { CloudTrailClient, ListTagsCommand } from '@aws-sdk/client-cloudtrail';
import { KMSClient, ListResourceTagsCommand, type Tag } from '@aws-sdk/client-kms';
import { trailIdentity } from '../../trail/arn.ts';
import { ownedInWords, ownerByName, ownerByTags } from '../../trail/owner.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { nextMarker, required } from '../required.ts';
import { collectPages } from '../session.ts';
import { kmsCall } from './keyPolicy.ts';

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
  const what = `the trail \`${trailArn}\``;
  const zone = ownerByName(trailIdentity(trailArn)?.name ?? '');
  if (zone !== null) return ownedInWords(what, zone);
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
  return stackOf(required(call, tags, 'TagsList'), what);
}

function stackOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  what: string,
) {
  const owner = ownerByTags(tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })));
  return owner === null ? null : ownedInWords(what, owner);
}
