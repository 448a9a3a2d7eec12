import { parseJsonText } from '../../rule/jsonText.ts';
import type { KeyFacts } from '../../trail/facts.ts';
import type { Grant } from '../../trail/grant.ts';
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
  if (key.is === 'deployed') return key.facts.grants.read ? key.facts.grants.value.flatMap(namedBy) : [];
  return [
    ...key.grants.flatMap(namedBy),
    ...key.shares.flatMap(({ principals, sources }) => [...(principals ?? []), ...(sources ?? [])]),
  ];
}

const namedBy = ({ granteePrincipal, constraints }: Grant): readonly string[] =>
  [granteePrincipal, constraints.sourceArn ?? []].flat();

/** Every text of the policies that checks look at; none of a policy that is not known. */
export const policyTexts = ({ key, bucket, topic }: TrailModel): readonly string[] => [
  ...textsOfKey(key),
  ...(bucket.policy?.settled === true ? textsIn(parsed(bucket.policy.value)) : []),
  ...(topic?.key.settled === true ? textsOfKey(topic.key.value) : []),
];

function textsOfKey(key: KeyModel | null): readonly string[] {
  if (key === null || key.is === 'elsewhere') return [];
  if (key.is === 'deployed') return policiesOf(key.facts).flatMap((document) => textsIn(document));
  return key.policy.settled ? textsIn(parsed(key.policy.value)) : [];
}

/** The documents of all policies that decide about a deployed key. */
const policiesOf = ({ policy, ramPolicy, resourceControlPolicies }: KeyFacts): readonly Json[] =>
  [
    policy.read ? [policy.value] : [],
    ramPolicy.read ? (ramPolicy.value ?? []) : [],
    resourceControlPolicies.read ? resourceControlPolicies.value : [],
  ]
    .flat()
    .flatMap((one) => (one.valid ? [one.policy.document as Json] : []));

function parsed(policy: Json): Json {
  if (typeof policy !== 'string') return policy;
  try {
    return parseJsonText(policy) as Json;
  } catch {
    return null;
  }
}
