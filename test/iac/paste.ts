type Loose = Record<string, unknown>;

/** What a remedy tells to write in a template, in its order. */
const STEPS = new RegExp(
  [
    /[Ss]et `(?<property>\w+)` of `(?<owner>\w+)` to `(?<value>[^`]*)`/,
    /[Aa]dd the resource `(?<id>\w+)`: `(?<resource>[^`]*)`/,
    /[Aa]dd `(?<added>[^`]*)` to the statements of `(?<extended>\w+)`/,
    /[Pp]ut `(?<statement>[^`]*)` in place of statement `(?<label>[^`]*)` of `(?<changed>\w+)`/,
    /[Tt]ake statement `(?<taken>[^`]*)` out of `(?<shortened>\w+)`/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** The template with a remedy pasted into it by its printed words alone; `null` where they give nothing to paste. */
export function paste(template: object, remediation: string): object | null {
  const result = structuredClone(template) as { Resources: Record<string, Loose> };
  const propertiesOf = (id: string): Loose => {
    const resource = result.Resources[id]!;
    resource.Properties ??= {};
    return resource.Properties as Loose;
  };
  const statementsOf = (id: string): Loose[] => {
    const policy = propertiesOf(id).KeyPolicy as { Statement: Loose[] };
    if (!Array.isArray(policy.Statement)) policy.Statement = [policy.Statement];
    return policy.Statement;
  };
  const steps = [...remediation.matchAll(STEPS)].map(({ groups = {} }) => groups);
  // `#index` counts the statements as they were.
  const before = new Map(Object.keys(result.Resources).map((id) => [id, listOf(result.Resources[id]!)]));
  const placeOf = (id: string, label: string): number => {
    const sid = (before.get(id) ?? []).find((one, index) => one.Sid === label || label === `#${index}`);
    return statementsOf(id).findIndex((one) => JSON.stringify(one) === JSON.stringify(sid));
  };
  for (const {
    property,
    owner,
    value,
    id,
    resource,
    added,
    extended,
    statement,
    label,
    changed,
    taken,
    shortened,
  } of steps) {
    if (owner !== undefined) propertiesOf(owner)[property!] = JSON.parse(value!);
    if (id !== undefined) result.Resources[id] = JSON.parse(resource!);
    if (extended !== undefined) statementsOf(extended).push(JSON.parse(added!));
    if (changed !== undefined) statementsOf(changed).splice(placeOf(changed, label!), 1, JSON.parse(statement!));
    if (shortened !== undefined) statementsOf(shortened).splice(placeOf(shortened, taken!), 1);
  }
  return steps.length === 0 ? null : result;
}

const listOf = ({ Properties }: Loose): readonly Loose[] => {
  const policy = (Properties as Loose | undefined)?.KeyPolicy as { Statement?: unknown } | undefined;
  return structuredClone([policy?.Statement ?? []].flat()) as Loose[];
};
