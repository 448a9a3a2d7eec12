import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { refuseTooDeep, TOO_DEEP } from '../../rule/jsonText.ts';
import { InvalidSourceError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Position } from './position.ts';

/** Largest template that CloudFormation takes, in bytes (AWS CloudFormation User Guide, quotas). */
const TEMPLATE_SIZE = 1024 * 1024;

/** Short forms whose long form is not `Fn::` and the name. */
const SHORT_FORMS: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

const FUNCTIONS = new Set(
  'And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap ForEach GetAtt GetAZs If ImportValue Join Length Not Or RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll'.split(
    ' ',
  ),
);

interface YamlDocument {
  readonly document: Json;
  readonly positions: ReadonlyMap<string, Position>;
}

/**
 * Parses a YAML template. Short forms of intrinsic functions become long forms.
 *
 * Aliases are refused, as CloudFormation does (AWS CloudFormation User Guide, template formats).
 */
export function parseYaml(text: string, file: string): YamlDocument {
  if (text.length > TEMPLATE_SIZE || new TextEncoder().encode(text).length > TEMPLATE_SIZE)
    throw new InvalidSourceError(file, 'is no JSON and larger than 1 MB, which CloudFormation takes for a template');
  const lines = new LineCounter();
  // Whether members are unique is looked at below: the parser's own way takes time in the square of their number.
  const parsed = parseDocument(text, {
    lineCounter: lines,
    // At `silent` the parser forgives further documents.
    logLevel: 'error',
    prettyErrors: false,
    uniqueKeys: false,
  });
  const [error] = parsed.errors;
  if (error !== undefined) {
    if (/call stack/.test(error.message)) throw new InvalidSourceError(file, TOO_DEEP);
    if (error.code === 'MULTIPLE_DOCS')
      throw new InvalidSourceError(file, 'holds several YAML documents, accepted is a template alone');
    const why = (error.message.split('\n')[0] ?? '').slice(0, 120);
    throw new InvalidSourceError(file, `is neither JSON nor YAML: ${why} on line ${lines.linePos(error.pos[0]).line}`);
  }
  const convert = converter(file, lines);
  const document = refuseTooDeep(convert(parsed.contents));
  const positions = new Map<string, Position>();
  const resources = isMap(parsed.contents) ? parsed.contents.get('Resources', true) : undefined;
  if (isMap(resources)) {
    for (const { key } of resources.items) {
      const { line, col } = lines.linePos((key as Node).range?.[0] ?? 0);
      positions.set(nameOf(key), { line, column: col });
    }
  }
  return { document, positions };
}

function nameOf(key: unknown): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** Makes JSON of YAML nodes. */
function converter(file: string, lines: LineCounter): (node: unknown) => Json {
  const refuse = (node: Node, problem: string): never => {
    const { line } = lines.linePos(node.range?.[0] ?? 0);
    throw new InvalidSourceError(file, `${problem} on line ${line}`);
  };
  const convertMap = (node: YAMLMap): Json => {
    const members = new Map<string, Json>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) return refuse((key as Node | null) ?? node, 'has a member whose name is no text');
      const name = nameOf(key);
      if (members.has(name)) return refuse(key, `holds the member \`${name.slice(0, 80)}\` twice, the second`);
      members.set(name, convert(value));
    }
    return Object.fromEntries(members);
  };
  const convertUntagged = (node: Node): Json => {
    if (isMap(node)) return convertMap(node);
    if (isSeq(node)) return node.items.map(convert);
    if (!isScalar(node)) return null;
    const { value, source } = node;
    // CloudFormation reads YAML 1.1: what starts with 0 is octal, or with an 8 or 9 in it no number at all.
    if (typeof value === 'number' && /^0\d+$/.test(source ?? ''))
      return /[89]/.test(source ?? '') ? (source ?? '') : Number.parseInt(source ?? '', 8);
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) return source ?? String(value);
    return ['string', 'number', 'boolean'].includes(typeof value) ? (value as Json) : null;
  };
  const convert = (node: unknown): Json => {
    if (node === null || node === undefined) return null;
    const known = node as Node;
    if (isAlias(known)) return refuse(known, 'uses a YAML alias, which CloudFormation does not support,');
    const tag = 'tag' in known ? known.tag : undefined;
    if (tag === undefined || !tag.startsWith('!') || tag === '!') return convertUntagged(known);
    const name = tag.slice(1);
    const long = SHORT_FORMS[tag] ?? (FUNCTIONS.has(name) ? `Fn::${name}` : undefined);
    if (long === undefined)
      return refuse(known, `uses \`${tag.slice(0, 40)}\`, which is no function of CloudFormation,`);
    const value = convertUntagged(known);
    return { [long]: long === 'Fn::GetAtt' && typeof value === 'string' ? attributePath(value) : value };
  };
  return convert;
}

/** `Resource.Attribute.Member`: the first part is the resource. */
function attributePath(path: string): Json {
  const dot = path.indexOf('.');
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}
