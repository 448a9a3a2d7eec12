import { parseJsonText } from '../../rule/jsonText.ts';
import { type Json, textsIn } from '../json.ts';
import { arnOf, type KeyModel, type TrailModel } from '../model.ts';

/** The texts of a model that say where trail, bucket and key are and what they are called: requests are made of these. */
export function identityTexts(model: TrailModel): readonly string[] {
  const { place, bucketName, keyPrefix, key, bucket } = model;
  const bucketArn = `arn:${place.partition}:s3:::${bucketName ?? '**'}`;
  const logs = `${bucketArn}/${keyPrefix === null ? '' : `${keyPrefix}/`}AWSLogs/${place.accountId}`;
  return [
    arnOf('cloudtrail', place, `trail/${model.name}`),
    place.accountId,
    place.region,
    `arn:${place.partition}:iam::${place.accountId}:**`,
    bucketArn,
    `${logs}/`,
    `${logs}/CloudTrail/${place.region}/**`,
    ...(key === null || key.arn === null ? [] : [key.arn]),
    ...(bucket.region.settled ? [bucket.region.value] : []),
  ];
}

/** Whom the file gives grants on a key, and with whom it shares the key. */
export function granteesOf(key: KeyModel | null): readonly string[] {
  if (key === null || key.is === 'elsewhere') return [];
  return [
    ...key.grants.flatMap(({ granteePrincipal, constraints }) =>
      [granteePrincipal, constraints.sourceArn ?? []].flat(),
    ),
    ...key.shares.flatMap(({ principals, sources }) => [...(principals ?? []), ...(sources ?? [])]),
  ];
}

/** Every text of a key's policy; none where the policy is not known. */
export function policyTexts(key: KeyModel | null): readonly string[] {
  if (key === null || key.is === 'elsewhere' || !key.policy.settled) return [];
  return textsIn(parsed(key.policy.value));
}

function parsed(policy: Json): Json {
  if (typeof policy !== 'string') return policy;
  try {
    return parseJsonText(policy) as Json;
  } catch {
    return null;
  }
}
