import { isObject, type Json, type JsonObject, member } from '../iac/json.ts';

/** The service principal, the encryption context of log files, or the ARN of a trail. */
const CLOUDTRAIL = /cloudtrail\.amazonaws\.com|EncryptionContext:aws:cloudtrail:arn|arn:[^:"]*:cloudtrail:/i;

/** A document with trails added that answer questions about what stands in it. */
export interface ProbedDocument {
  readonly document: JsonObject;
  /** The keys that are meant for CloudTrail, by the trail that was added for each. */
  readonly keys: ReadonlyMap<string, string>;
  /** Trails and keys with a condition, by a trail that is created where the condition does not hold. */
  readonly opposites: ReadonlyMap<string, string>;
  /** Keys whose policy does not name CloudTrail. */
  readonly otherKeys: readonly string[];
}

/**
 * Adds a trail to each key whose policy names CloudTrail, so that the rule's own checks judge the key although its
 * trails may be in other stacks and accounts. Of such a trail only the checks that speak of the key mean anything.
 *
 * For each trail and key with a condition it adds a trail with the opposite condition: where that one may be created,
 * nothing is certain about the other.
 */
export function withProbes(document: JsonObject): ProbedDocument {
  const resources = objectAt(document, 'Resources');
  const conditions = objectAt(document, 'Conditions');
  const added: Record<string, Json> = {};
  const opposed: Record<string, Json> = {};
  const keys = new Map<string, string>();
  const opposites = new Map<string, string>();
  const otherKeys: string[] = [];
  for (const [id, resource] of Object.entries(resources)) {
    const type = member(resource, 'Type');
    if (type !== 'AWS::KMS::Key' && type !== 'AWS::CloudTrail::Trail') continue;
    const condition = member(resource, 'Condition');
    if (type === 'AWS::KMS::Key') {
      if (!namesCloudTrail(member(resource, 'Properties', 'KeyPolicy'))) {
        otherKeys.push(id);
        continue;
      }
      const probe = freeName(`TrailOf${id}`, resources, added);
      added[probe] = trail(condition, { KMSKeyId: { 'Fn::GetAtt': [id, 'Arn'] } });
      keys.set(probe, id);
    }
    if (condition === undefined) continue;
    const not = freeName(`Not${id}`, conditions, opposed);
    opposed[not] = { 'Fn::Not': [{ Condition: condition }] };
    const opposite = freeName(`Without${id}`, resources, added);
    added[opposite] = trail(not, {});
    opposites.set(opposite, id);
  }
  const probed = {
    ...document,
    Conditions: { ...conditions, ...opposed },
    Resources: { ...resources, ...added },
  };
  return { document: probed, keys, opposites, otherKeys };
}

const trail = (condition: Json | undefined, properties: JsonObject): JsonObject => ({
  Type: 'AWS::CloudTrail::Trail',
  ...(condition === undefined ? {} : { Condition: condition }),
  Properties: properties,
});

function objectAt(document: JsonObject, name: string): JsonObject {
  const found = member(document, name);
  return isObject(found) ? found : {};
}

const namesCloudTrail = (policy: Json | undefined): boolean =>
  policy !== undefined && policy !== null && CLOUDTRAIL.test(JSON.stringify(policy));

function freeName(wanted: string, ...taken: readonly JsonObject[]): string {
  let name = wanted;
  while (taken.some((names) => Object.hasOwn(names, name))) name = `${name}X`;
  return name;
}
