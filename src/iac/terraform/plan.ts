import { isObject, type Json, type JsonObject, member, objectsIn, textAt, textsIn } from '../json.ts';
import type { Location } from '../model.ts';

/** One instance of a resource or data source. */
export interface Instance {
  readonly address: string;
  /** `aws_kms_key.trail`, `data.aws_kms_key.trail`. */
  readonly localName: string;
  readonly type: string;
  readonly isData: boolean;
  readonly index: string | number | null;
  /** The address of its module, without a dot at the end; empty for the root module. */
  readonly module: string;
  readonly values: JsonObject;
  /** `true`, or true in the places that only applying the plan settles. */
  readonly unknown: Json;
  /** Its expressions in the configuration; `null` where the file has none for it. */
  readonly configuration: JsonObject | null;
  readonly providerKey: string | null;
}

/** The `.tf` files that a plan was made of, as far as they are at hand. */
export interface ConfigurationFiles {
  /** Where a resource stands: `aws_kms_key.trail` of a module; `null`: it is in none of the files. */
  readonly placeOf: (module: string, localName: string) => Location | null;
  /** What a local refers to; `null`: it is in none of the files. */
  readonly localOf: (module: string, name: string) => readonly string[] | null;
}

export interface Plan {
  /** `null`: nobody gave any. */
  readonly files: ConfigurationFiles | null;
  readonly file: string;
  readonly text: string;
  readonly document: JsonObject;
  readonly instances: readonly Instance[];
}

/** The resources and data sources that a plan (or a state) holds after it is applied. */
export function readPlan(
  document: JsonObject,
  file: string,
  text: string,
  files: ConfigurationFiles | null = null,
): Plan {
  // What is left of a replaced object (`deposed`) has the address of the one in its place.
  const changes = new Map(
    objectsIn(document, 'resource_changes')
      .filter((change) => textAt(change, 'deposed') === null)
      .map((change) => [textAt(change, 'address') ?? '', change]),
  );
  const instances = new Map<string, Instance>();
  const add = (resource: JsonObject, module: string): void => {
    const instance = instanceOf(document, resource, module, changes.get(textAt(resource, 'address') ?? ''));
    if (instance !== null) instances.set(instance.address, instance);
  };
  // A data source that was read while planning stands in the prior state only.
  walk(member(document, 'prior_state', 'values', 'root_module'), (resource, module) => {
    if (textAt(resource, 'mode') === 'data') add(resource, module);
  });
  walk(member(document, 'values', 'root_module'), add);
  walk(member(document, 'planned_values', 'root_module'), add);
  for (const [address, change] of changes) {
    // One that is read while applying stands among the changes.
    if (textAt(change, 'mode') !== 'data' || instances.has(address)) continue;
    add({ ...change, values: member(change, 'change', 'after') ?? {} }, textAt(change, 'module_address') ?? '');
  }
  return { files, file, text, document, instances: [...instances.values()] };
}

/** Resources of some types that applying a plan destroys, to make them anew or not, as they were. */
export const destroyedBy = ({ document }: Plan, types: readonly string[]) =>
  objectsIn(document, 'resource_changes')
    .filter((change) => types.includes(textAt(change, 'type') ?? ''))
    .filter((change) => textsIn(member(change, 'change', 'actions')).includes('delete'))
    .map((change) => ({ address: textAt(change, 'address') ?? '', before: member(change, 'change', 'before') }));

function walk(module: Json | undefined, visit: (resource: JsonObject, module: string) => void): void {
  const address = textAt(module, 'address') ?? '';
  for (const resource of objectsIn(module, 'resources')) visit(resource, address);
  for (const child of objectsIn(module, 'child_modules')) walk(child, visit);
}

function instanceOf(
  document: JsonObject,
  resource: JsonObject,
  module: string,
  change: JsonObject | undefined,
): Instance | null {
  const [address, type, name] = [textAt(resource, 'address'), textAt(resource, 'type'), textAt(resource, 'name')];
  if (address === null || type === null || name === null) return null;
  const isData = textAt(resource, 'mode') === 'data';
  const localName = `${isData ? 'data.' : ''}${type}.${name}`;
  const values = member(resource, 'values');
  const configured = objectsIn(moduleConfiguration(document, module), 'resources').find(
    (candidate) => textAt(candidate, 'address') === localName,
  );
  const index = member(resource, 'index');
  const expressions = member(configured, 'expressions');
  return {
    address,
    localName,
    type,
    isData,
    index: typeof index === 'string' || typeof index === 'number' ? index : null,
    module,
    values: isObject(values) ? values : {},
    unknown: member(change, 'change', 'after_unknown') ?? false,
    configuration: configured === undefined ? null : isObject(expressions) ? expressions : {},
    providerKey: textAt(configured, 'provider_config_key'),
  };
}

/** The configuration of a module, by the address of one of its instances. */
export function moduleConfiguration(document: JsonObject, module: string): Json | undefined {
  let at = member(document, 'configuration', 'root_module');
  for (const name of moduleNames(module)) at = member(at, 'module_calls', name, 'module');
  return at;
}

/** The names of the module calls in an address: `module.a["x"].module.b` is a, b. */
export const moduleNames = (address: string): readonly string[] =>
  [...address.matchAll(/(?:^|\.)module\.([\w-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/g)].map((match) => match[1] ?? '');

/** The address of the module that calls a module. */
export const parentModule = (address: string): string =>
  address.replace(/(?:^|\.)module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?$/, '');

/** A value that the plan settles (`null` where it has none), or one that only applying it does. */
type Planned = { readonly known: true; readonly value: Json } | { readonly known: false };

export function planned({ values, unknown }: Instance, name: string): Planned {
  const open = unknown === true ? true : member(unknown, name);
  if (open === true) return { known: false };
  return { known: true, value: member(values, name) ?? null };
}

/** A text that the plan settles; `null` where it has none or it is open. */
export function plannedText(instance: Instance, name: string): string | null {
  const found = planned(instance, name);
  return found.known && typeof found.value === 'string' && found.value !== '' ? found.value : null;
}
