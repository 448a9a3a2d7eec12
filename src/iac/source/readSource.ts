import { duplicateMembers } from '../../policy/duplicateMembers.ts';
import { parseJsonText, TOO_DEEP } from '../../rule/jsonText.ts';
import { InvalidSourceError } from '../errors.ts';
import { isObject, type Json, type JsonObject, member } from '../json.ts';
import { withoutMarks } from '../reference.ts';
import type { ConfigurationFiles } from '../terraform/plan.ts';
import { memberPositions } from './jsonPositions.ts';
import { otherFormat } from './otherFormat.ts';
import { parseYaml } from './parseYaml.ts';
import type { Position } from './position.ts';

/** A file that can be checked. */
export type Source =
  | {
      readonly is: 'template';
      readonly file: string;
      readonly document: JsonObject;
      /** Where each resource stands, by logical id. */
      readonly positions: ReadonlyMap<string, Position>;
      /** Whether it is but a part of what is deployed, such as one resource. */
      readonly isPart?: boolean;
      /** Reads a template that stands as text inside this one: whoever reads no texts needs no parser of YAML. */
      readonly readInline?: typeof readInlineTemplate;
    }
  | {
      readonly is: 'plan';
      readonly file: string;
      readonly document: JsonObject;
      readonly text: string;
      readonly files?: ConfigurationFiles;
    };

/**
 * Reads the text of a CloudFormation template (YAML or JSON) or of a Terraform plan in JSON.
 *
 * @throws InvalidSourceError naming the file
 */
export function readSource(text: string, file: string): Source {
  const content = withoutMarks(text.replace(/^\uFEFF/, ''));
  try {
    return sourceOf(content, file);
  } catch (error) {
    // The parser of YAML recurses.
    if (error instanceof RangeError) throw new InvalidSourceError(file, TOO_DEEP);
    const other = error instanceof InvalidSourceError ? otherFormat(content, file) : null;
    throw other === null ? error : new InvalidSourceError(file, `${NEITHER}: ${other}`);
  }
}

/** A template that stands as text inside another one, whose references it may hold; `null` where it is none. */
function readInlineTemplate(text: string, file: string): Extract<Source, { is: 'template' }> | null {
  try {
    const source = sourceOf(text, file);
    return source.is === 'template' ? source : null;
  } catch (error) {
    if (error instanceof InvalidSourceError || error instanceof RangeError) return null;
    throw error;
  }
}

function sourceOf(text: string, file: string): Source {
  if (text.startsWith('PK\u0003'))
    throw new InvalidSourceError(file, 'is a binary file, accepted is what `terraform show -json PLANFILE` prints');
  const json = tryJson(text);
  if (json === undefined) {
    if (/^\s*\{\s*"/.test(text)) throw new InvalidSourceError(file, `is not JSON: ${jsonError(text)}`);
    const { document, positions } = parseYaml(text, file);
    return { is: 'template', file, document: templateOf(document, file), positions, readInline: readInlineTemplate };
  }
  if (isPlan(json)) return { is: 'plan', file, document: json, text };
  const document = templateOf(json, file);
  for (const twice of duplicateMembers(text)) throw new InvalidSourceError(file, `holds the member \`${twice}\` twice`);
  const positions = memberPositions(text, 'Resources');
  return { is: 'template', file, document, positions, readInline: readInlineTemplate };
}

function tryJson(text: string): Json | undefined {
  try {
    return parseJsonText(text) as Json;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return undefined;
  }
}

function jsonError(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 120);
  }
}

/** A plan or a state, as `terraform show -json` prints them; of a state without a resource it prints the versions alone. */
function isPlan(document: Json): document is JsonObject {
  if (!isObject(document) || typeof member(document, 'format_version') !== 'string') return false;
  const names = Object.keys(document);
  return names.some((name) => PLANNED.has(name)) || names.every((name) => VERSIONS.has(name));
}

const PLANNED: ReadonlySet<string> = new Set(['planned_values', 'resource_changes', 'values', 'configuration']);
const VERSIONS: ReadonlySet<string> = new Set(['format_version', 'terraform_version']);

const NEITHER = 'is neither a CloudFormation template nor a Terraform plan in JSON (`terraform show -json PLANFILE`)';

function templateOf(document: Json, file: string): JsonObject {
  if (!isObject(document)) throw new InvalidSourceError(file, NEITHER);
  const resources = member(document, 'Resources');
  if (resources === undefined) {
    const looksLikeOne = ['AWSTemplateFormatVersion', 'Transform'].some((name) => Object.hasOwn(document, name));
    throw new InvalidSourceError(file, looksLikeOne ? 'is a template without `Resources`' : NEITHER);
  }
  if (!isObject(resources)) throw new InvalidSourceError(file, NEITHER);
  for (const [name, resource] of Object.entries(resources)) {
    if (name.startsWith('Fn::')) continue;
    if (typeof member(resource, 'Type') !== 'string')
      throw new InvalidSourceError(
        file,
        `is no CloudFormation template: \`Resources.${name.slice(0, 80)}\` has no \`Type\``,
      );
  }
  return document;
}
