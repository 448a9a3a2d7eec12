import { isList, isObject, type Json } from '../json.ts';
import type { Resource, Template } from './template.ts';

/** A custom resource that writes a key's policy, as the CDK's AwsCustomResource does; CloudFormation has no resource of its own for it. */
export const policyWriterOf = ({ resources }: Template, key: string): Resource | null =>
  [...resources.values()].find(
    ({ type, properties }) =>
      /^(Custom::|AWS::CloudFormation::CustomResource$)/.test(type) &&
      /put_?key_?policy/i.test(JSON.stringify(properties)) &&
      namedIn(properties).has(key),
  ) ?? null;

/** Whether CloudFormation makes one resource only after another, because it refers to it or names it in `DependsOn`. */
export function comesAfter({ resources }: Template, later: string, earlier: string): boolean {
  const seen = new Set<string>();
  const waiting = [later];
  for (const id of waiting) {
    if (id === earlier) return true;
    const resource = resources.get(id);
    if (seen.has(id) || resource === undefined) continue;
    seen.add(id);
    waiting.push(...resource.dependsOn, ...namedIn(resource.properties));
  }
  return false;
}

/** Resources and parameters that a value refers to. */
function namedIn(value: Json, into: Set<string> = new Set()): ReadonlySet<string> {
  if (isList(value)) for (const entry of value) namedIn(entry, into);
  if (!isObject(value)) return into;
  for (const [name, entry] of Object.entries(value)) {
    if (name === 'Ref' && typeof entry === 'string') into.add(entry);
    if (name === 'Fn::GetAtt') into.add(isList(entry) ? String(entry[0]) : (String(entry).split('.')[0] ?? ''));
    if (name === 'Fn::Sub')
      for (const [, variable = ''] of JSON.stringify(entry).matchAll(/\$\{(\w+)/g)) into.add(variable);
    namedIn(entry, into);
  }
  return into;
}
