import { type Links, NO_LINKS, type Parent } from '../cloudformation/links.ts';
import { newScope } from '../cloudformation/resolve.ts';
import type { Resource, Template } from '../cloudformation/template.ts';
import { isObject, member } from '../json.ts';
import { hasToken } from '../reference.ts';
import type { GivenTemplate, TemplateSource } from './given.ts';
import { STACK_SET, urlProperty } from './nesting.ts';
import type { FindTemplate } from './templateFiles.ts';

/** The template that a resource stands for. */
interface NestedSource {
  readonly source: TemplateSource;
  /** The file that it is, or that it stands in. */
  readonly given: GivenTemplate;
  readonly isInline: boolean;
}

/** Reads what templates nest. */
export interface NestedReader {
  /** `null`: it is not given, or cannot be read. */
  readonly read: (one: GivenTemplate, template: Template, resource: Resource) => NestedSource | null;
  /** That what a resource nests stays closed, as a sentence part. */
  readonly closed: (template: Template, resource: Resource, why: string | null) => string;
}

export function nestedReader(find: FindTemplate, parents: ReadonlyMap<Template, Parent>): NestedReader {
  const links: Links = { ...NO_LINKS, parentOf: (template) => parents.get(template) ?? null };
  const text = (template: Template, { properties }: Resource, name: string): string | null => {
    if (properties[name] === undefined) return null;
    const value = newScope(template, new Map(), links).resolve(properties[name]);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    read: (one, template, resource) => {
      if (!isInline(resource)) {
        const given = find(one, text(template, resource, urlProperty(resource)), resource.assetPath);
        return given === null ? null : { source: given.source, given, isInline: false };
      }
      const body = resource.type === STACK_SET ? text(template, resource, 'TemplateBody') : null;
      const source = body === null ? null : inlineSource(one.source, template, resource, body);
      return source === null ? null : { source, given: one, isInline: true };
    },
    closed: (template, resource, why) => {
      const what = resource.type === STACK_SET ? 'a StackSet' : 'a nested stack';
      const url = isInline(resource) ? null : (text(template, resource, urlProperty(resource)) ?? resource.assetPath);
      const name = url === null ? '' : ` \`${url.replace(/^[a-z0-9]+:\/\/.*\//i, '')}\``;
      const reason = why ?? (isInline(resource) ? 'cannot be read' : 'is not among the given files');
      return `\`Resources.${resource.id}\` is ${what} whose template${hasToken(name) ? '' : name} ${reason}: trails and keys in it are not checked`;
    },
  };
}

const isInline = ({ properties }: Resource): boolean => properties.TemplateBody !== undefined;

/** The template that a StackSet holds, with everything where the StackSet stands. */
function inlineSource(
  { readInline }: TemplateSource,
  { file, positions }: Template,
  { id }: Resource,
  body: string,
): TemplateSource | null {
  const source = readInline?.(body, file) ?? null;
  const position = positions.get(id);
  const resources = member(source?.document, 'Resources');
  if (source === null || position === undefined || !isObject(resources)) return source;
  return { ...source, positions: new Map(Object.keys(resources).map((name) => [name, position])) };
}
