import { isList, isObject, type Json, member, textAt } from '../json.ts';
import { type Instance, moduleConfiguration, moduleNames, type Plan, parentModule } from './plan.ts';

/** What an expression of the configuration refers to. */
interface Targets {
  readonly instances: readonly Instance[];
  /** References that the file does not resolve: locals, whole modules, instances that nobody can tell apart. */
  readonly open: readonly string[];
}

const NOTHING: Targets = { instances: [], open: [] };

/** How far references are followed through modules. */
const DEPTH = 20;

/** What an argument of a resource refers to. Values that are settled before the plan (root variables) are left out. */
export function targetsOf(plan: Plan, instance: Instance, argument: string): Targets {
  const { module, index } = instance;
  const own = index === null ? null : { index, count: instancesOf(plan, module, instance.localName).length };
  return expressionTargets(plan, module, member(instance.configuration, argument), own, DEPTH);
}

/** The instance that an expression belongs to, among how many. */
type Own = { readonly index: string | number; readonly count: number } | null;

const instancesOf = (plan: Plan, module: string, localName: string): readonly Instance[] =>
  plan.instances.filter((one) => one.module === module && one.localName === localName);

/** The references of an expression, at any depth of nested blocks, as the configuration writes them. */
export function referencesOf(expression: Json | undefined): readonly string[] {
  if (isList(expression)) return expression.flatMap(referencesOf);
  if (!isObject(expression)) return [];
  const { references } = expression;
  if (isList(references)) return mostSpecific(references.filter((entry) => typeof entry === 'string'));
  return Object.values(expression).flatMap(referencesOf);
}

/** A reference comes with its own beginnings: `a.b.c`, `a.b`. */
const mostSpecific = (references: readonly string[]): readonly string[] =>
  [...new Set(references)].filter(
    (one) => !references.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );

function expressionTargets(
  plan: Plan,
  module: string,
  expression: Json | undefined,
  instance: Own,
  depth: number,
): Targets {
  const references = referencesOf(expression);
  const others = references.filter((reference) => !/^(each|count|path|terraform|self)\./.test(reference));
  const own = choosesOwn(references, others) ? instance : null;
  const all = others.map((reference) => referenceTargets(plan, module, reference, own, depth));
  return {
    instances: [...new Set(all.flatMap(({ instances }) => instances))],
    open: [...new Set(all.flatMap(({ open }) => open))],
  };
}

/**
 * Whether the one thing that an expression refers to is chosen by the instance's own index. A plan does not say how:
 * beside a further value, or with `each.value`, it can be any instance's.
 */
function choosesOwn(references: readonly string[], others: readonly string[]): boolean {
  const indices = references.filter((reference) => /^(each|count)\./.test(reference));
  return others.length === 1 && indices.length === 1 && /^(each\.key|count\.index)$/.test(indices[0] ?? '');
}

function referenceTargets(plan: Plan, module: string, reference: string, own: Own, depth: number): Targets {
  const [head = '', name = ''] = reference.split('.');
  if (depth === 0) return { instances: [], open: [reference] };
  if (head === 'local') return localTargets(plan, module, reference, own, depth);
  if (head === 'var') return variableTargets(plan, module, name, depth);
  if (head === 'module') return outputTargets(plan, module, reference, depth);
  return resourceTargets(plan, module, reference, own);
}

/** A plan does not hold the expressions of locals: the files that it was made of do. */
function localTargets(plan: Plan, module: string, reference: string, own: Own, depth: number): Targets {
  const references = plan.files?.localOf(module, localNameIn(reference)) ?? null;
  if (references === null) return { instances: [], open: [reference] };
  return expressionTargets(plan, module, { references }, own, depth - 1);
}

/** `local.keys["trail"].arn` is of `keys`. */
const localNameIn = (reference: string): string => /^local\.([\w-]+)/.exec(reference)?.[1] ?? '';

/** A root variable is settled before planning; a module's comes from its caller. */
function variableTargets(plan: Plan, module: string, name: string, depth: number): Targets {
  if (module === '') return NOTHING;
  const caller = parentModule(module);
  const call = moduleNames(module).at(-1) ?? '';
  const expression = member(moduleConfiguration(plan.document, caller), 'module_calls', call, 'expressions', name);
  return expressionTargets(plan, caller, expression, null, depth - 1);
}

function outputTargets(plan: Plan, module: string, reference: string, depth: number): Targets {
  const [, call = '', instance = '', output = ''] =
    /^module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?/.exec(reference) ?? [];
  const address = `${module === '' ? '' : `${module}.`}module.${call}${instance}`;
  const expression = member(moduleConfiguration(plan.document, address), 'outputs', output, 'expression');
  if (output === '' || expression === undefined) return { instances: [], open: [reference] };
  const modules = new Set(plan.instances.map((one) => one.module).filter((one) => isInstanceOf(one, address)));
  const [only = address, ...others] = modules;
  if (others.length > 0) return { instances: [], open: [reference] };
  return expressionTargets(plan, only, expression, null, depth - 1);
}

/** Whether a module address is another's, with or without an index at its end. */
const isInstanceOf = (module: string, address: string): boolean =>
  module === address ||
  (module.startsWith(`${address}[`) && moduleNames(module).length === moduleNames(address).length);

function resourceTargets(plan: Plan, module: string, reference: string, own: Own): Targets {
  const match = /^((?:data\.)?[a-z]\w*\.[\w-]+)(?:\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\])?/.exec(reference);
  if (match === null) return { instances: [], open: [reference] };
  const [, localName, key, number] = match;
  const instances = instancesOf(plan, module, localName ?? '');
  // Of as many, each has its own; a number may be reckoned otherwise where there are more of one than of the other.
  const chosenByOwn = typeof own?.index === 'string' || own?.count === instances.length ? own?.index : null;
  const index = key ?? (number === undefined ? (chosenByOwn ?? null) : Number(number));
  const chosen = index === null ? instances : instances.filter((one) => one.index === index);
  const [only, ...others] = chosen.length > 0 ? chosen : instances;
  return only === undefined || others.length > 0
    ? { instances: [], open: [reference] }
    : { instances: [only], open: [] };
}

/** The value of an expression that is a constant or one root variable. */
function constantOf(plan: Plan, expression: Json | undefined): Json | undefined {
  const constant = member(expression, 'constant_value');
  if (constant !== undefined) return constant;
  const [only, ...others] = referencesOf(expression);
  const variable = only === undefined || others.length > 0 ? null : /^var\.([\w-]+)$/.exec(only)?.[1];
  if (variable == null) return undefined;
  const given = member(plan.document, 'variables', variable, 'value');
  return given ?? member(plan.document, 'configuration', 'root_module', 'variables', variable, 'default');
}

/** The text of an expression that is a constant or one root variable; `null` where it is none. */
export const constantText = (plan: Plan, expression: Json | undefined): string | null =>
  textAt({ value: constantOf(plan, expression) ?? null }, 'value');
