import { InvalidSourceError } from '../errors.ts';
import { isList, isObject, type Json, type JsonObject, member } from '../json.ts';
import type { Position } from '../source/position.ts';
import type { Source } from '../source/readSource.ts';
import { type Deployment, isListType } from './template.ts';

type TemplateSource = Extract<Source, { is: 'template' }>;
type Members = readonly (readonly [name: string, value: Json])[];

/** Most characters that loops may make: four times what CloudFormation takes for an expanded template. */
const LARGEST = 4 * 1024 * 1024;

interface Loops {
  readonly file: string;
  readonly parameters: Json | undefined;
  readonly deployment: Deployment;
  left: number;
}

/**
 * The template with its loops written out. One over a collection that the template does not settle stays as it is. What
 * a loop makes stands where the loop does.
 *
 * Source: AWS CloudFormation Template Reference, Fn::ForEach.
 *
 * @throws InvalidSourceError where loops make too much, or a member that is there already
 */
export function expandLoops(source: TemplateSource, deployment: Deployment): TemplateSource {
  const { document, file } = source;
  if (!JSON.stringify(member(document, 'Transform') ?? '').includes('AWS::LanguageExtensions')) return source;
  const loops: Loops = { file, parameters: member(document, 'Parameters'), deployment, left: LARGEST };
  const positions = new Map<string, Position>(source.positions);
  const expanded = Object.entries(document).map(([name, section]): readonly [string, Json] => {
    if ((name !== 'Resources' && name !== 'Conditions') || !isObject(section)) return [name, section];
    const made = Object.entries(section).map(([id, value]) => {
      const members = membersOf(loops, id, value);
      const position = source.positions.get(id);
      if (name === 'Resources' && position !== undefined) for (const [made] of members) positions.set(made, position);
      return members;
    });
    return [name, joined(loops, made)];
  });
  return { ...source, document: Object.fromEntries(expanded), positions };
}

/** The members that one member of an object stands for: itself, or those that a loop makes. */
function membersOf(loops: Loops, name: string, value: Json): Members {
  const made = name.startsWith('Fn::ForEach::') ? iterations(loops, value) : null;
  if (made === null) return [[name, inside(loops, value)]];
  return made.flatMap((fragment) => Object.entries(fragment).flatMap((entry) => membersOf(loops, ...entry)));
}

function inside(loops: Loops, value: Json): Json {
  if (isList(value)) return value.map((entry) => inside(loops, entry));
  if (!isObject(value)) return value;
  return joined(
    loops,
    Object.entries(value).map((entry) => membersOf(loops, ...entry)),
  );
}

function joined({ file }: Loops, members: readonly Members[]): JsonObject {
  const found = new Map<string, Json>();
  for (const [name, value] of members.flat()) {
    if (found.has(name)) throw new InvalidSourceError(file, `has a loop that makes \`${name.slice(0, 80)}\` twice`);
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

/** `[identifier, collection, {"Name${identifier}": value}]`; `null` where the collection is open. */
function iterations(loops: Loops, loop: Json): readonly JsonObject[] | null {
  const [identifier, collection, fragment] = isList(loop) ? loop : [];
  if (typeof identifier !== 'string' || !isObject(fragment)) return null;
  const values = collectionOf(loops, collection);
  if (values === null) return null;
  loops.left -= JSON.stringify(fragment).length * values.length;
  if (loops.left < 0) throw new InvalidSourceError(loops.file, 'has loops that make more than 4 MB');
  return values.map((value) => filled(fragment, identifier, value) as JsonObject);
}

/** The values of a collection; `null` where the template does not settle them all. */
function collectionOf(loops: Loops, collection: Json | undefined): readonly string[] | null {
  const entries = isList(collection) ? collection : [collection ?? null];
  const values = entries.flatMap((entry): readonly (string | null)[] => {
    if (typeof entry === 'string') return [entry];
    const name = member(entry, 'Ref');
    return typeof name === 'string' ? parameterValues(loops, name) : [null];
  });
  const known = values.filter((value) => value !== null);
  return known.length === values.length && (isList(collection) || isObject(collection)) ? known : null;
}

function parameterValues({ parameters, deployment }: Loops, name: string): readonly (string | null)[] {
  const type = member(parameters, name, 'Type');
  const value = member(deployment.parameters, name) ?? member(parameters, name, 'Default');
  if (typeof type !== 'string' || typeof value !== 'string' || type.startsWith('AWS::SSM::')) return [null];
  return isListType(type) ? value.split(',').map((entry) => entry.trim()) : [value];
}

/** The value with `${identifier}`, `&{identifier}` and `Ref` of it filled in, names of members too. */
function filled(value: Json, identifier: string, text: string): Json {
  if (typeof value === 'string') {
    const letters = text.replace(/[^A-Za-z0-9]/g, '');
    return value.replaceAll(`\${${identifier}}`, () => text).replaceAll(`&{${identifier}}`, () => letters);
  }
  if (isList(value)) return value.map((entry) => filled(entry, identifier, text));
  if (!isObject(value)) return value;
  if (member(value, 'Ref') === identifier) return text;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      String(filled(name, identifier, text)),
      filled(entry, identifier, text),
    ]),
  );
}
