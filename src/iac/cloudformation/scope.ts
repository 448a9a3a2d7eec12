import type { SettledBy } from '../../trail/remedy/steps.ts';
import type { Json } from '../json.ts';
import type { Assignment } from '../model.ts';
import { URL_SUFFIXES, urlSuffixOf } from '../partition.ts';
import { hasToken, idsIn, type Reference, replaceTokens } from '../reference.ts';
import { solveReference } from '../unresolved/solveReference.ts';
import type { Links } from './links.ts';
import type { Resource, Template } from './template.ts';

/** What resolving a value works with: the template, and the world in which it is resolved. */
export interface Scope {
  readonly template: Template;
  /** What the template has to do with the others of its project. */
  readonly links: Links;
  /** The same world in another template of the project. */
  readonly at: (template: Template) => Scope;
  readonly world: Assignment;
  /** Values that references were compared with, by id. */
  readonly compared: Map<string, Set<string>>;
  /** What is being resolved now, so that circles end. */
  readonly open: Set<string>;
  /** Evaluates the intrinsic functions of a value (see `resolve.ts`). */
  readonly resolve: (value: Json | undefined) => Resolved;
}

/** A resolved value; `undefined` is AWS::NoValue. */
export type Resolved = Json | undefined;

/** What stands for a reference: the value that it has in this world, or its token. */
export function refer(scope: Scope, reference: Reference): string {
  const token = scope.template.references.token(reference);
  if (reference.choices !== null) note(scope, reference.id, reference.choices);
  return scope.world.get(reference.id) ?? token;
}

/**
 * The id of what nothing in the template settles. Of anything else the id has a word where this one has a question mark.
 *
 * INVARIANT: an id holds no token, and nothing that JSON would escape (see Fn::ToJsonString).
 */
const unresolvedId = ({ template }: Scope, name: string): string =>
  `${template.id} ? ${name.replace(/["\\\p{Cc}]/gu, (char) => `%${char.codePointAt(0)}`)}`;

/** A value that nothing in the template settles. */
export function unresolved(scope: Scope, name: string, settledBy: SettledBy = 'deployment'): string {
  const shown = scope.template.references.show(name);
  return refer(scope, { id: unresolvedId(scope, shown), name: shown, kind: 'text', choices: null, settledBy });
}

/** What is one of several things, of which nothing says which: `null` in the world that only asks what is open. */
export function oneOf<T>(scope: Scope, name: string, things: readonly T[]): T | null {
  const choices = things.map((_, index) => String(index));
  const id = `${unresolvedId(scope, name)} of ${things.length}`;
  const chosen = refer(scope, { id, name, kind: 'text', choices, settledBy: 'deployment' });
  return things[choices.indexOf(chosen)] ?? null;
}

/** A property of a resource. Where a macro or a loop makes properties, one that is not written may still be given. */
export function property(scope: Scope, { id, properties, isExpanded }: Resource, name: string): Resolved {
  const given = properties[name];
  return given === undefined && isExpanded ? unresolved(scope, `${id}.${name}`) : scope.resolve(given);
}

/** A property that may be left out; where a macro may give it, both are possible. */
export function optionalProperty(scope: Scope, resource: Resource, name: string): Resolved {
  if (resource.isExpanded && resource.properties[name] === undefined)
    note(scope, unresolvedId(scope, `${resource.id}.${name}`), ['']);
  return property(scope, resource, name);
}

/** The id of the reference that stands for what AWS makes up for a resource. */
export const generatedId = ({ id }: Template, logicalId: string, what: string): string =>
  `${id} ${what} of ${logicalId}`;

/** A name or id that AWS makes for a resource of the template. */
export const generated = (scope: Scope, logicalId: string, what: string): string =>
  refer(scope, {
    id: generatedId(scope.template, logicalId, what),
    name: logicalId,
    kind: 'name',
    choices: null,
    settledBy: 'deployment',
  });

export function pseudoParameter(scope: Scope, name: string): Resolved {
  const { id: template, deployment, partition } = scope.template;
  const { stackName = null, targets } = deployment;
  // Templates that refer to one another are deployed to one account and Region, a StackSet's own to others.
  const place = targets === undefined ? name : `${template} ${name}`;
  const open = (
    kind: Reference['kind'],
    settledBy: SettledBy,
    choices: Reference['choices'] = null,
    id = place,
  ): string => refer(scope, { id, name, kind, choices, settledBy });
  switch (name) {
    case 'AWS::NoValue':
      return undefined;
    case 'AWS::AccountId':
      return deployment.accountId ?? open('account', 'account', targets?.accounts);
    case 'AWS::Region':
      return deployment.region ?? open('region', 'region', targets?.regions);
    case 'AWS::Partition':
      return partition ?? open('partition', 'region', null, name);
    case 'AWS::URLSuffix': {
      const known = partition ?? scope.world.get('AWS::Partition');
      if (known !== undefined) return urlSuffixOf(known);
      return open('text', 'region', URL_SUFFIXES, name);
    }
    case 'AWS::StackName':
      return stackName ?? open('text', 'deployment', null, `${template} ${name}`);
    default:
      return open('text', 'deployment', null, `${template} ${name}`);
  }
}

/** Whether two values are the same in this world; a reference that is not settled is the same as itself only. */
export function same(scope: Scope, left: Resolved, right: Resolved): boolean {
  const [one, other] = [asText(left), asText(right)];
  if (one === other) return true;
  compare(scope, one, other);
  compare(scope, other, one);
  return false;
}

/** Notes with which values the references of a text would make it the same as another. */
function compare(scope: Scope, text: string, other: string): void {
  if (!hasToken(text)) return;
  const lookup = (id: string): Reference => scope.template.references.get(id);
  const literal = replaceTokens(other, () => 'unresolved');
  for (const [id, value] of solveReference(text, literal, new Map(), lookup) ?? []) note(scope, id, [value]);
  // What has no common value is compared all the same: the references matter.
  for (const id of idsIn(text)) note(scope, id, []);
}

function note({ compared }: Scope, id: string, values: readonly string[]): void {
  const known = compared.get(id) ?? new Set();
  for (const value of values) known.add(value);
  compared.set(id, known);
}

const asText = (value: Resolved): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

/** A value for a person. */
export const shown = (scope: Scope, value: Resolved): string =>
  typeof value === 'string' ? scope.template.references.show(value) : JSON.stringify(value ?? null).slice(0, 80);
