import { isObject, type Json, type JsonObject, member } from '../iac/json.ts';
import type { CheckId } from '../trail/finding.ts';

/**
 * What can be said of a key whatever trail uses it: nobody else's doing, nothing of the trail's account, Region or name
 * changes the answer.
 */
export const KEY_CHECKS: ReadonlySet<CheckId> = new Set<CheckId>([
  'key-symmetric',
  'other-trails-excluded',
  'public-excluded',
  'key-administrable',
  'key-rotates',
  'policy-well-formed',
]);

/** The service principal, the encryption context of log files, or the ARN of a trail. */
const CLOUDTRAIL = /cloudtrail\.amazonaws\.com|EncryptionContext:aws:cloudtrail:arn|arn:[^:"]*:cloudtrail:/i;

/** A document with a trail for each key that is meant for CloudTrail, and the ids of those keys by the trail's. */
export interface ProbedDocument {
  readonly document: JsonObject;
  readonly keys: ReadonlyMap<string, string>;
  /** Keys whose policy does not name CloudTrail. */
  readonly otherKeys: readonly string[];
}

/**
 * Adds a trail to each key whose policy names CloudTrail, so that the rule's own checks judge the key although its
 * trails may be in other stacks and accounts. Of such a trail only `KEY_CHECKS` mean anything.
 */
export function withProbes(document: JsonObject): ProbedDocument {
  const resources = member(document, 'Resources');
  const declared = isObject(resources) ? Object.entries(resources) : [];
  const probes = new Map<string, Json>();
  const keys = new Map<string, string>();
  const otherKeys: string[] = [];
  for (const [id, resource] of declared) {
    if (member(resource, 'Type') !== 'AWS::KMS::Key') continue;
    if (!namesCloudTrail(member(resource, 'Properties', 'KeyPolicy'))) {
      otherKeys.push(id);
      continue;
    }
    const probe = freeName(`TrailOf${id}`, new Set([...declared.map(([name]) => name), ...probes.keys()]));
    const condition = member(resource, 'Condition');
    probes.set(probe, {
      Type: 'AWS::CloudTrail::Trail',
      ...(condition === undefined ? {} : { Condition: condition }),
      Properties: { KMSKeyId: { 'Fn::GetAtt': [id, 'Arn'] } },
    });
    keys.set(probe, id);
  }
  const all = Object.fromEntries([...declared, ...probes]);
  return { document: { ...document, Resources: all }, keys, otherKeys };
}

const namesCloudTrail = (policy: Json | undefined): boolean =>
  policy !== undefined && policy !== null && CLOUDTRAIL.test(JSON.stringify(policy));

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name)) name = `${name}X`;
  return name;
}
