import type { WatchedService } from './watched.ts';

interface Reference {
  readonly shape: string;
  readonly documentation?: string;
}

interface Shape {
  readonly documentation?: string;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

interface Operation {
  readonly documentation?: string;
  readonly input?: Reference;
  readonly output?: Reference;
  readonly errors?: readonly Reference[];
}

/** botocore's `service-2.json`, as far as it is read. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/**
 * The facts of a model as lines such as `kms member GrantConstraints.SourceArn`: every operation's name; of the watched
 * ones errors, members, which of them are required, enum values, limits, and the values and permissions that stand in
 * the documentation alone (`AWS_RAM` is a policy name, in no enum).
 */
export function modelFacts(service: string, model: ServiceModel, watched: WatchedService): readonly string[] {
  const facts = new Set(Object.keys(model.operations).map((name) => `operation ${name}`));
  const seen = new Set(watched.without ?? []);

  const visit = (reference: Reference | undefined): void => {
    for (const word of words(reference?.documentation)) facts.add(`word ${word}`);
    if (reference === undefined || seen.has(reference.shape)) return;
    seen.add(reference.shape);
    const name = reference.shape;
    const shape = model.shapes[name];
    if (shape === undefined) throw new Error(`the model of \`${service}\` has no shape \`${name}\``);
    for (const word of words(shape.documentation)) facts.add(`word ${word}`);
    for (const member of Object.keys(shape.members ?? {})) facts.add(`member ${name}.${member}`);
    for (const member of shape.required ?? []) facts.add(`required ${name}.${member}`);
    for (const value of shape.enum ?? []) {
      if (watched.values?.[name]?.test(value) ?? true) facts.add(`enum ${name}.${value}`);
    }
    for (const limit of ['min', 'max'] as const) {
      if (shape[limit] !== undefined) facts.add(`limit ${name}.${limit}=${shape[limit]}`);
    }
    for (const next of [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value]) visit(next);
  };

  for (const name of watched.operations) {
    const operation = model.operations[name];
    for (const word of words(operation?.documentation)) facts.add(`word ${word}`);
    for (const { shape } of operation?.errors ?? []) facts.add(`error ${name}.${shape}`);
    visit(operation?.input);
    visit(operation?.output);
  }
  return [...facts].map((fact) => `${service} ${fact}`).sort();
}

/** `AWS_RAM`, `kms:PolicyName`: no member or operation is spelled like these, and no example is. */
function words(documentation = ''): readonly string[] {
  return [...documentation.matchAll(/<code>([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z0-9]+:[A-Z][A-Za-z*]+)<\/code>/g)].map(
    ([, word = '']) => word,
  );
}
