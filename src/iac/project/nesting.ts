import { NESTED_STACKS } from '../cloudformation/imports.ts';
import type { Deployment, Resource, Template } from '../cloudformation/template.ts';
import { isList, isObject, type Json, type JsonObject, member, objectsIn, textAt } from '../json.ts';

export const STACK_SET = 'AWS::CloudFormation::StackSet';

/** Resources that stand for a template of their own. */
export const isNesting = ({ type }: Resource): boolean => NESTED_STACKS.has(type) || type === STACK_SET;

/** The property that names the template. */
export const urlProperty = ({ type }: Resource): string => NESTED_STACKS.get(type) ?? 'TemplateURL';

/** What a nested stack or a StackSet gives the parameters of its template, as the parent's template writes it. */
export function passedParameters(resource: Resource, declared: readonly string[]): JsonObject {
  const given = resource.properties.Parameters;
  const open = (name: string): Json => ({ Ref: `${resource.id}.Parameters.${name}` });
  const isOpen = resource.isExpanded || isFunction(given) || (isList(given) && given.some(isFunction));
  if (isOpen) return Object.fromEntries(declared.map((name) => [name, open(name)]));
  if (resource.type !== STACK_SET) return isObject(given) ? given : {};
  const listed = (isList(given) ? given : []).map((one) => [
    textAt(one, 'ParameterKey') ?? '',
    member(one, 'ParameterValue') ?? '',
  ]);
  const overridden = objectsIn(resource.properties, 'StackInstancesGroup')
    .flatMap((group) => objectsIn(group, 'ParameterOverrides'))
    .map((one) => textAt(one, 'ParameterKey') ?? '');
  return Object.fromEntries([...listed, ...overridden.map((name) => [name, open(name)])]);
}

const isFunction = (value: Json | undefined): boolean =>
  isObject(value) && Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'));

/** Where what a template nests is deployed: a stack where its parent is, the instances of a StackSet anywhere. */
export function nestedDeployment({ deployment }: Template, resource: Resource, passed: JsonObject): Deployment {
  const parameters = Object.fromEntries(
    Object.entries(passed).flatMap(([name, value]) =>
      isObject(value) || isList(value) || value === null ? [] : [[name, String(value)]],
    ),
  );
  const below = { ...deployment, stackName: null, parameters };
  if (resource.type !== STACK_SET) return below;
  const groups = resource.properties.StackInstancesGroup;
  const accounts = listed(groups, (group) =>
    member(group, 'DeploymentTargets', 'OrganizationalUnitIds') === undefined
      ? member(group, 'DeploymentTargets', 'Accounts')
      : undefined,
  );
  const regions = listed(groups, (group) => member(group, 'Regions'));
  return {
    ...below,
    accountId: only(accounts),
    region: only(regions),
    targets: { accounts, regions },
  };
}

/** Beyond so many places each is as good as any. */
const MOST_PLACES = 8;

/** The texts that groups of stack instances list; `null` where some are open. */
function listed(groups: Json | undefined, of: (group: Json) => Json | undefined): readonly string[] | null {
  if (!isList(groups) || groups.length === 0) return null;
  const entries = groups.flatMap((group) => {
    const list = of(group);
    return isList(list) && list.length > 0 ? list : [null];
  });
  const texts = [...new Set(entries.map((entry) => (typeof entry === 'number' ? String(entry) : entry)))];
  const known = texts.filter((text) => typeof text === 'string');
  return known.length === texts.length && known.length <= MOST_PLACES ? known : null;
}

const only = (places: readonly string[] | null): string | null => (places?.length === 1 ? (places[0] ?? null) : null);
