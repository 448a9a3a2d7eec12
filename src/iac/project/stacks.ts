import type { Parent } from '../cloudformation/links.ts';
import { NO_LINKS } from '../cloudformation/links.ts';
import { expandLoops } from '../cloudformation/loops.ts';
import { newScope } from '../cloudformation/resolve.ts';
import { type Deployment, type Resource, readTemplate, type Template } from '../cloudformation/template.ts';
import { type InvalidSourceError, invalidSource } from '../errors.ts';
import { isObject, member } from '../json.ts';
import { hasToken, References } from '../reference.ts';
import { readInlineTemplate } from '../source/readSource.ts';
import type { GivenSource, TemplateSource } from './given.ts';
import { isNesting, nestedDeployment, passedParameters, STACK_SET } from './nesting.ts';
import { templateFinder } from './templateFiles.ts';

type GivenTemplate = GivenSource<TemplateSource>;

/** A template as it is deployed once. */
export interface StackInstance {
  readonly template: Template;
  readonly given: GivenTemplate;
  /** Ids of the resources that it is nested by, the outermost first. */
  readonly path: readonly string[];
  /** Whether it stands inside another file. */
  readonly isInline: boolean;
}

export interface Stacks {
  readonly references: References;
  readonly instances: readonly StackInstance[];
  readonly parents: ReadonlyMap<Template, Parent>;
  /** By the template and the id of the resource that nests it. */
  readonly nested: ReadonlyMap<Template, ReadonlyMap<string, Template>>;
  /** What stays closed: one sentence part each, by file. */
  readonly notes: ReadonlyMap<GivenTemplate, ReadonlySet<string>>;
  readonly problems: ReadonlyMap<GivenTemplate, InvalidSourceError>;
}

/** More than an account can hold. */
const MOST_STACKS = 5_000;

/** Every stack that the given templates make: one for each file, and for each time that another one nests it. */
export function stacksOf(given: readonly GivenTemplate[], deployment: Deployment): Stacks {
  const references = new References();
  const instances: StackInstance[] = [];
  const parents = new Map<Template, Parent>();
  const nested = new Map<Template, Map<string, Template>>();
  const notes = new Map<GivenTemplate, Set<string>>();
  const problems = new Map<GivenTemplate, InvalidSourceError>();
  const findTemplate = templateFinder(given);
  const reached = new Set<GivenTemplate>();
  let stacks = 0;

  const read = (one: GivenTemplate, source: TemplateSource, where: Deployment): Template | null => {
    try {
      stacks += 1;
      return readTemplate(expandLoops(source, where), where, { id: String(stacks), references });
    } catch (error) {
      const problem = invalidSource(error, source.file);
      if (source === one.source) problems.set(one, problem);
      return null;
    }
  };
  const note = (one: GivenTemplate, text: string): void => {
    notes.set(one, (notes.get(one) ?? new Set()).add(text));
  };
  const fileOf = (one: GivenTemplate, template: Template, resource: Resource): GivenTemplate | null =>
    findTemplate(one, textOf(template, parents, resource, 'TemplateURL'), resource.assetPath);

  /** Adds a stack and those that it nests. */
  const grow = (instance: StackInstance, above: readonly GivenTemplate[]): void => {
    const { template, given: one } = instance;
    instances.push(instance);
    reached.add(one);
    for (const resource of template.resources.values()) {
      if (!isNesting(resource)) continue;
      const file = resource.properties.TemplateBody === undefined ? fileOf(one, template, resource) : null;
      const body = file === null ? textOf(template, parents, resource, 'TemplateBody') : null;
      const source = file?.source ?? inlineSource(template, resource, body);
      const isCircle = file !== null && above.includes(file);
      const passed = source === null ? {} : passedParameters(resource, parametersIn(source));
      const child =
        source === null || isCircle || stacks >= MOST_STACKS
          ? null
          : read(file ?? one, source, nestedDeployment(template, resource, passed));
      if (child === null) {
        note(one, closed(template, parents, resource));
        continue;
      }
      parents.set(child, { template, parameters: passed, condition: resource.condition });
      nested.set(template, (nested.get(template) ?? new Map()).set(resource.id, child));
      const path = [...instance.path, resource.id];
      const next = { template: child, given: file ?? one, path, isInline: file === null };
      grow(next, file === null ? above : [...above, file]);
    }
  };

  const roots = new Map(given.map((one) => [one, read(one, one.source, deploymentOf(one, deployment))]));
  const isNested = new Set(
    [...roots].flatMap(([one, template]) =>
      template === null
        ? []
        : [...template.resources.values()].filter(isNesting).flatMap((resource) => {
            const file = fileOf(one, template, resource);
            return file === null || file === one ? [] : [file];
          }),
    ),
  );
  const start = (one: GivenTemplate): void => {
    const template = roots.get(one) ?? null;
    if (template !== null) grow({ template, given: one, path: [], isInline: false }, [one]);
  };
  for (const one of given) if (!isNested.has(one)) start(one);
  // What is left is nested by itself only.
  for (const one of isNested) if (!reached.has(one)) start(one);
  return { references, instances, parents, nested, notes, problems };
}

const deploymentOf = ({ stack }: GivenTemplate, deployment: Deployment): Deployment =>
  stack === undefined
    ? deployment
    : {
        accountId: stack.accountId ?? deployment.accountId,
        region: stack.region ?? deployment.region,
        stackName: stack.stackName,
        parameters: { ...stack.parameters, ...deployment.parameters },
      };

const parametersIn = ({ document }: TemplateSource): readonly string[] => {
  const parameters = member(document, 'Parameters');
  return isObject(parameters) ? Object.keys(parameters) : [];
};

/** A property that is text; `null` where it is none. */
function textOf(
  template: Template,
  parents: ReadonlyMap<Template, Parent>,
  { properties }: Resource,
  name: string,
): string | null {
  const links = { ...NO_LINKS, parentOf: (one: Template) => parents.get(one) ?? null };
  const value = properties[name] === undefined ? null : newScope(template, new Map(), links).resolve(properties[name]);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The template that a StackSet holds, with everything where the StackSet stands. */
function inlineSource(template: Template, { id, type }: Resource, body: string | null): TemplateSource | null {
  if (type !== STACK_SET || body === null) return null;
  const source = readInlineTemplate(body, template.file);
  const position = template.positions.get(id);
  const resources = member(source?.document, 'Resources');
  if (source === null || position === undefined || !isObject(resources)) return source;
  return { ...source, positions: new Map(Object.keys(resources).map((name) => [name, position])) };
}

function closed(template: Template, parents: ReadonlyMap<Template, Parent>, resource: Resource): string {
  const what = resource.type === STACK_SET ? 'a StackSet' : 'a nested stack';
  const inline = resource.properties.TemplateBody !== undefined;
  const url = inline ? null : (textOf(template, parents, resource, 'TemplateURL') ?? resource.assetPath);
  const shown = url === null || hasToken(url.slice(url.lastIndexOf('/') + 1)) ? '' : ` \`${nameOf(url)}\``;
  const why = inline ? 'cannot be read' : 'is not among the given files';
  return `\`Resources.${resource.id}\` is ${what} whose template${shown} ${why}: trails and keys in it are not checked`;
}

const nameOf = (url: string): string => (url.includes('://') ? url.slice(url.lastIndexOf('/') + 1) : url);
