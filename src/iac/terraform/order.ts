import { isList, isObject, type Json, type JsonObject, member, objectsIn, textAt } from '../json.ts';
import { type Instance, moduleConfiguration, moduleNames, type Plan, parentModule } from './plan.ts';
import { referencesOf } from './targets.ts';

/**
 * Whether applying a plan makes one resource only after another, because it refers to it, directly or through others.
 * `null`: a local stands between, whose expression a plan does not hold.
 */
export function comesAfter(plan: Plan, later: Instance, earlier: Instance): boolean | null {
  const seen = new Set<string>();
  const waiting: Node[] = [{ module: callPath(later.module), name: later.localName }];
  const wanted = keyOf({ module: callPath(earlier.module), name: earlier.localName });
  let isOpen = false;
  for (const node of waiting) {
    if (keyOf(node) === wanted) return true;
    if (seen.has(keyOf(node))) continue;
    seen.add(keyOf(node));
    const needed = neededBy(plan, node);
    if (needed === null) isOpen = true;
    else waiting.push(...needed);
  }
  return isOpen ? null : false;
}

/** Something that a module of the configuration declares: `aws_kms_key.trail`, `var.key`, `module.kms.arn`, `module.kms`. */
interface Node {
  /** Addresses of module calls, without the indices of their instances. */
  readonly module: string;
  readonly name: string;
}

const keyOf = ({ module, name }: Node): string => `${module}/${name}`;

const callPath = (module: string): string =>
  moduleNames(module)
    .map((name) => `module.${name}`)
    .join('.');

/** What has to be there before a node; `null`: nobody knows. */
function neededBy({ document, files }: Plan, { module, name }: Node): readonly Node[] | null {
  const configuration = moduleConfiguration(document, module);
  const [head = '', call = '', output] = name.split('.');
  const here = (value: Json | undefined): readonly Node[] => needs(value).map((other) => ({ module, name: other }));
  if (head === 'local') {
    const references = files?.localOf(callPath(module), call);
    return references == null ? null : references.map((one) => ({ module, name: withoutRest(one) }));
  }
  if (head === 'var' && module !== '') {
    const caller = parentModule(module);
    const own = moduleNames(module).at(-1) ?? '';
    const given = member(moduleConfiguration(document, caller), 'module_calls', own, 'expressions', call);
    return needs(given).map((other) => ({ module: caller, name: other }));
  }
  if (head === 'module') {
    const inside = module === '' ? `module.${call}` : `${module}.module.${call}`;
    const called = member(configuration, 'module_calls', call, 'module');
    const outputs = output === undefined ? undefined : member(called, 'outputs', output);
    // The module as a whole is everything in it.
    const names =
      outputs === undefined ? everythingIn(called) : [...needs(member(outputs, 'expression')), ...explicit(outputs)];
    return names.map((other) => ({ module: inside, name: other }));
  }
  const resource = objectsIn(configuration, 'resources').find((one) => textAt(one, 'address') === name);
  if (resource === undefined) return [];
  const { expressions, for_each_expression, count_expression } = resource;
  const own = [expressions, for_each_expression, count_expression].flatMap(here);
  return [...own, ...explicit(resource).map((other) => ({ module, name: other })), ...ofCalls(document, module)];
}

/** What a module call waits for, everything in the module waits for. */
function ofCalls(document: JsonObject, module: string): readonly Node[] {
  if (module === '') return [];
  const caller = parentModule(module);
  const call = member(moduleConfiguration(document, caller), 'module_calls', moduleNames(module).at(-1) ?? '');
  return [...explicit(call).map((name) => ({ module: caller, name })), ...ofCalls(document, caller)];
}

const explicit = (value: Json | undefined): readonly string[] => {
  const names = member(value, 'depends_on');
  return isList(names) ? names.filter((name) => typeof name === 'string').map(withoutRest) : [];
};

const needs = (expression: Json | undefined): readonly string[] => [
  ...new Set(referencesOf(expression).map(withoutRest)),
];

/** `aws_kms_key.trail[0].arn` is of `aws_kms_key.trail`; of a module its output is kept. */
function withoutRest(reference: string): string {
  const plain = reference.replace(/\[[^\]]*\]/g, '');
  const parts = plain.split('.');
  return parts.slice(0, parts[0] === 'data' || parts[0] === 'module' ? 3 : 2).join('.');
}

const everythingIn = (module: Json | undefined): readonly string[] => [
  ...objectsIn(module, 'resources').flatMap((one) => textAt(one, 'address') ?? []),
  ...Object.keys(callsOf(module)).map((name) => `module.${name}`),
];

function callsOf(module: Json | undefined): JsonObject {
  const calls = member(module, 'module_calls');
  return isObject(calls) ? calls : {};
}
