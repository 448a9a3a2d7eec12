import type { Parent } from '../cloudformation/links.ts';
import { expandLoops } from '../cloudformation/loops.ts';
import { type Deployment, type Resource, readTemplate, type Template } from '../cloudformation/template.ts';
import { type InvalidSourceError, invalidSource } from '../errors.ts';
import { isObject, member } from '../json.ts';
import { References } from '../reference.ts';
import type { GivenTemplate, TemplateSource } from './given.ts';
import { nestedReader } from './nestedSource.ts';
import { isNesting, nestedDeployment, passedParameters } from './nesting.ts';
import { templateFinder } from './templateFiles.ts';

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

/** More nested stacks than an account can hold. */
const MOST_NESTED = 5_000;

/** Every stack that the given templates make: one for each file, and for each time that another one nests it. */
export function stacksOf(given: readonly GivenTemplate[], deployment: Deployment): Stacks {
  const references = new References();
  const instances: StackInstance[] = [];
  const parents = new Map<Template, Parent>();
  const nested = new Map<Template, Map<string, Template>>();
  const notes = new Map<GivenTemplate, Set<string>>();
  const problems = new Map<GivenTemplate, InvalidSourceError>();
  const nesting = nestedReader(templateFinder(given), parents);
  const reached = new Set<GivenTemplate>();
  let count = 0;

  const read = (one: GivenTemplate, source: TemplateSource, where: Deployment): Template | null => {
    try {
      count += 1;
      return readTemplate(expandLoops(source, where), where, { id: String(count), references });
    } catch (error) {
      const problem = invalidSource(error, source.file);
      if (source === one.source) problems.set(one, problem);
      return null;
    }
  };
  const open = (
    instance: StackInstance,
    resource: Resource,
    above: readonly GivenTemplate[],
  ): StackInstance | string => {
    const { template, given: one, path } = instance;
    const found = nesting.read(one, template, resource);
    if (found === null) return nesting.closed(template, resource, null);
    const { source, given: file, isInline } = found;
    if (!isInline && above.includes(file)) return nesting.closed(template, resource, 'nests itself');
    if (count - given.length >= MOST_NESTED) return nesting.closed(template, resource, 'is one of too many');
    const passed = passedParameters(resource, parametersIn(source));
    const child = read(file, source, nestedDeployment(template, resource, passed));
    if (child === null) return nesting.closed(template, resource, 'cannot be read');
    parents.set(child, { template, parameters: passed, condition: resource.condition });
    nested.set(template, (nested.get(template) ?? new Map()).set(resource.id, child));
    return { template: child, given: file, path: [...path, resource.id], isInline };
  };
  /** Adds a stack and those that it nests. */
  const grow = (instance: StackInstance, above: readonly GivenTemplate[]): void => {
    const { template, given: one } = instance;
    instances.push(instance);
    reached.add(one);
    for (const resource of nestingIn(template)) {
      const child = open(instance, resource, above);
      if (typeof child === 'string') notes.set(one, (notes.get(one) ?? new Set()).add(child));
      else grow(child, [...above, child.given]);
    }
  };

  const roots = given.map((one) => ({ one, template: read(one, one.source, deploymentOf(one, deployment)) }));
  const isNested = new Set(
    roots.flatMap(({ one, template }) =>
      nestingIn(template).flatMap((resource) => {
        const file = template === null ? null : nesting.read(one, template, resource);
        return file === null || file.given === one ? [] : [file.given];
      }),
    ),
  );
  const start = ({ one, template }: (typeof roots)[number]): void => {
    if (template !== null) grow({ template, given: one, path: [], isInline: false }, [one]);
  };
  for (const root of roots) if (!isNested.has(root.one)) start(root);
  // What is left is nested by itself only.
  for (const root of roots) if (!reached.has(root.one)) start(root);
  return { references, instances, parents, nested, notes, problems };
}

const nestingIn = (template: Template | null): readonly Resource[] =>
  template === null ? [] : [...template.resources.values()].filter(isNesting);

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
