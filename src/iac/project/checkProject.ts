import { NO_EXCEPTIONS } from '../../rule/exceptions/exceptions.ts';
import { type CheckedSource, type CheckRequest, checkSources, type Sources } from '../checkSource.ts';
import { misspeltNotes } from '../cloudformation/misspelt.ts';
import { eventDataStoresOfTemplate, keysOfTemplate, type Stack, trailsOfTemplate } from '../cloudformation/trails.ts';
import { InvalidSourceError, invalidSource } from '../errors.ts';
import { exceptionsIn } from '../exceptions.ts';
import type { JsonObject } from '../json.ts';
import type { Source } from '../source/readSource.ts';
import { trailsOfPlan } from '../terraform/trails.ts';
import { type GivenSource, isTemplate, type TemplateSource } from './given.ts';
import { linksOf } from './links.ts';
import { type StackInstance, stacksOf } from './stacks.ts';

/** What became of one given file; a nested template may be deployed more than once. */
export interface CheckedFile {
  readonly file: string;
  readonly checked: readonly CheckedSource[];
  /** Why it could not be evaluated, as a whole or in part. */
  readonly problems: readonly InvalidSourceError[];
}

/**
 * Evaluates CloudFormation templates and Terraform plans as one project: what one of them says of another is joined. A file
 * that cannot be evaluated costs itself.
 */
export function checkProject(given: readonly GivenSource[], request: CheckRequest): readonly CheckedFile[] {
  const templates = templateSources(given.filter(isTemplate), request);
  const all = given.flatMap((one) =>
    isTemplate(one) ? (templates.get(one) ?? []).map((sources) => ({ one, sources })) : planSources(one, request),
  );
  const sources = all.flatMap((each) => (each.sources instanceof InvalidSourceError ? [] : [each.sources]));
  const outcomes = new Map(checkSources(sources, request).map((outcome, at) => [sources[at], outcome]));
  const files = new Map<GivenSource, (CheckedSource | InvalidSourceError)[]>(given.map((one) => [one, []]));
  for (const each of all) {
    const outcome = each.sources instanceof InvalidSourceError ? each.sources : outcomes.get(each.sources);
    if (outcome !== undefined) files.get(each.one)?.push(outcome);
  }
  return given.map((one) => {
    const became = files.get(one) ?? [];
    return {
      file: one.source.file,
      checked: became.flatMap((each) => (each instanceof InvalidSourceError ? [] : [each])),
      problems: became.filter((each) => each instanceof InvalidSourceError),
    };
  });
}

/**
 * Evaluates one file alone.
 *
 * @throws InvalidSourceError
 */
export function checkSource(source: Source, request: CheckRequest): CheckedSource {
  const [file] = checkProject([{ source, path: source.file }], request);
  const [problem] = file?.problems ?? [];
  if (problem !== undefined) throw problem;
  return joined(file?.checked ?? []);
}

/** All stacks of one file together. */
export const joined = (checked: readonly CheckedSource[]): CheckedSource => ({
  trails: checked.flatMap(({ trails }) => trails),
  keys: checked.flatMap(({ keys }) => keys),
  eventDataStores: checked.flatMap(({ eventDataStores }) => eventDataStores),
  otherKeys: [...new Set(checked.flatMap(({ otherKeys }) => otherKeys))],
  conditional: () => new Set(checked.flatMap(({ conditional }) => [...conditional()])),
  exceptions: checked.flatMap(({ exceptions }) => exceptions),
  matchedExceptions: new Set(checked.flatMap(({ matchedExceptions }) => [...matchedExceptions])),
  notes: [...new Set(checked.flatMap(({ notes }) => notes))],
  declaredParameters: [...new Set(checked.flatMap(({ declaredParameters }) => declaredParameters))],
});

type Of<T> = { readonly one: GivenSource; readonly sources: T | InvalidSourceError };

function templateSources(
  given: readonly GivenSource<TemplateSource>[],
  request: CheckRequest,
): ReadonlyMap<GivenSource, readonly (Sources | InvalidSourceError)[]> {
  const { deployment, parameters, deployed = null, isOneStack = false } = request;
  const stacks = stacksOf(given, deployment);
  const { links, taken } = linksOf(stacks, deployed, deployment.parameters);
  const isUsed = usage([deployment, parameters, deployed?.text, ...given.map(({ source }) => source.document)]);
  const isAsked = Object.keys(deployment.parameters).length > 0;
  const ssmNames = ({ source }: GivenSource): readonly string[] =>
    isAsked ? [...JSON.stringify(source.document).matchAll(SSM_NAME)].map(([, name = '']) => name) : [];
  const times = new Map<GivenSource, number>();
  for (const { given: one, isInline } of stacks.instances) if (!isInline) times.set(one, (times.get(one) ?? 0) + 1);
  const made = new Map<GivenSource, (Sources | InvalidSourceError)[]>();
  for (const instance of stacks.instances) {
    const { template, given: one } = instance;
    const isNamedByPath = instance.isInline || (times.get(one) ?? 0) > 1;
    const stack: Stack = { template, links, addressOf: isNamedByPath ? addressIn(instance) : (id) => id };
    const sources = (): Sources => ({
      file: template.file,
      takenPartition: template.takenPartition,
      exceptions: exceptionsIn(template, request.asOf),
      template: isNamedByPath
        ? null
        : { document: one.source.document, with: (document) => sourcesWith(one, document, given, request) },
      trails: trailsOfTemplate(stack),
      eventDataStores: eventDataStoresOfTemplate(stack),
      keys: keysOfTemplate(stack),
      references: template.references,
      notTold: 'a template does not tell',
      owner: 'cloudformation',
      isUsed,
      notes: () => [
        ...notesOn(template),
        ...(isOneStack ? [] : (stacks.notes.get(one) ?? [])),
        ...(taken.get(template) ?? []),
      ],
      declaredParameters: instance.isInline ? [] : [...template.parameters.keys(), ...ssmNames(one)],
    });
    made.set(one, [...(made.get(one) ?? []), orProblem(sources, template.file)]);
  }
  for (const [one, problem] of stacks.problems) made.set(one, [...(made.get(one) ?? []), problem]);
  return made;
}

/** What a file would be with another template in its place, among the others. */
function sourcesWith(
  one: GivenSource<TemplateSource>,
  document: JsonObject,
  given: readonly GivenSource<TemplateSource>[],
  request: CheckRequest,
): readonly Sources[] {
  const changed = { ...one, source: { ...one.source, document } };
  const made = templateSources(
    given.map((other) => (other === one ? changed : other)),
    request,
  );
  return (made.get(changed) ?? []).flatMap((sources) => (sources instanceof InvalidSourceError ? [] : [sources]));
}

function orProblem<T>(make: () => T, file: string): T | InvalidSourceError {
  try {
    return make();
  } catch (error) {
    return invalidSource(error, file);
  }
}

/** Of SSM parameters that a template names as they are. */
const SSM_NAME = /\{\{resolve:ssm:([\w.-]+)/g;

const addressIn =
  ({ path }: StackInstance) =>
  (id: string): string =>
    [...path, id].join('.');

const notesOn = (template: StackInstance['template']): readonly string[] => [
  ...notesOnResources(template),
  ...misspeltNotes(template),
  ...(template.takenPartition === null ? [] : [template.takenPartition]),
];

const notesOnResources = ({ notExpanded, macros, resources }: StackInstance['template']): readonly string[] => [
  ...notExpanded.map((name) => `\`Resources.${name}\` is not expanded: trails that it makes are not checked`),
  ...macros.map((name) => `the macro \`${name}\` is not run: what it changes is not checked`),
  ...[...resources.values()]
    .filter(({ type }) => type.endsWith('::MODULE'))
    .map(({ id, type }) => `\`Resources.${id}\` is the module \`${type}\`: what it makes is not checked`),
];

function planSources(one: GivenSource, request: CheckRequest): readonly Of<Sources>[] {
  const { source } = one;
  if (source.is !== 'plan') return [];
  const { file, document } = source;
  const { deployed = null } = request;
  const sources = orProblem((): Sources => {
    const { leftOut, ...found } = trailsOfPlan(source, request.deployment, deployed);
    return {
      file,
      takenPartition: null,
      exceptions: NO_EXCEPTIONS,
      template: null,
      ...found,
      notTold: 'a plan does not tell',
      owner: 'terraform',
      isUsed: usage([document, request.deployment, request.parameters, deployed?.text]),
      notes: () => leftOut,
      declaredParameters: [],
    };
  }, file);
  return [{ one, sources }];
}

/** Whether a text occurs in any of some values. Few are asked for, again and again. */
function usage(values: readonly unknown[]): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const isUsed = known.get(text) ?? values.some((value) => JSON.stringify(value ?? null).includes(text));
    known.set(text, isUsed);
    return isUsed;
  };
}
