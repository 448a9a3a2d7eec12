import { parseSync } from '@swc/core';

/** One small change of a source file. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  /** Bytes that are replaced, and by what. */
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

interface Node {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [member: string]: unknown;
}

interface Element {
  readonly spread: Node['span'] | null;
  readonly expression: Node;
}

const SWAPPED: Readonly<Record<string, string>> = {
  '&&': '||',
  '||': '&&',
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
};
const OTHER_METHOD: ReadonlyMap<unknown, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
]);

/** Members of a check's document: prose for people, which pages and no decision rest on. */
const PROSE = ['title', 'rationale', 'remediation', 'examples', 'sources', 'controls', 'says', 'source'];

/** Every mutant of a file: one operator at one place. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = Buffer.from(text);
  const module = parseSync(text, { syntax: 'typescript', target: 'es2023' }) as unknown as Node;
  const first = firstByte(source, module);
  const found: Mutant[] = [];
  const add = (operator: string, from: number, to: number, by: string): void => {
    const line = source.subarray(0, from).toString().split('\n').length;
    found.push({ file, line, operator, from, to, by });
  };
  const at = ({ span }: Node): readonly [number, number] => [span.start - first, span.end - first];
  const textOf = (node: Node): string => source.subarray(...at(node)).toString();
  const negate = (node: Node): void => add('negate condition', ...at(node), `!(${textOf(node)})`);

  const OPERATORS: Readonly<Record<string, (node: Node) => void>> = {
    BinaryExpression: (node) => {
      const operator = String(node.operator);
      const by = SWAPPED[operator];
      const [left, right] = [node.left as Node, node.right as Node];
      if (by === undefined || (operator === '+' && [left, right].some(isText))) return;
      const [, from] = at(left);
      const [to] = at(right);
      const between = source.subarray(from, to).toString();
      add(`${operator} to ${by}`, from, to, between.replace(operator, by));
    },
    IfStatement: (node) => {
      negate(node.test as Node);
      add('drop statement', ...at(node), '{}');
    },
    ConditionalExpression: (node) => negate(node.test as Node),
    ExpressionStatement: (node) => add('drop statement', ...at(node), ';'),
    BooleanLiteral: (node) => add('flip', ...at(node), String(node.value !== true)),
    NumericLiteral: (node) => add('replace number', ...at(node), String(Number(node.value) + 1)),
    StringLiteral: (node) => {
      if (!/\s/.test(String(node.value))) add('replace string', ...at(node), node.value === '' ? "'mutant'" : "''");
    },
    ArrayExpression: (node) => {
      const elements = (node.elements as readonly (Element | null)[]).filter((one) => one !== null);
      const starts = elements.map(({ spread, expression }) => (spread ?? expression.span).start - first);
      elements.forEach(({ expression }, index) => {
        const previous = elements[index - 1];
        const isLast = index === elements.length - 1;
        const from = isLast && previous !== undefined ? at(previous.expression)[1] : starts[index];
        const to = isLast ? at(expression)[1] : starts[index + 1];
        if (from !== undefined && to !== undefined) add('remove element', from, to, '');
      });
    },
    UnaryExpression: (node) => {
      if (node.operator === '!') add('drop !', ...at(node), textOf(node.argument as Node));
    },
    CallExpression: (node) => {
      const callee = node.callee as Node;
      const property = callee.property as Node | undefined;
      const by = callee.type === 'MemberExpression' ? OTHER_METHOD.get(property?.value) : undefined;
      if (by !== undefined && property !== undefined) add(`${property.value} to ${by}`, ...at(property), by);
    },
  };
  walk(module, (node) => OPERATORS[node.type]?.(node));
  return found;
}

/** A function of a source file, in bytes. */
export interface FunctionSpan {
  readonly from: number;
  readonly to: number;
  readonly bodyFrom: number;
  readonly bodyTo: number;
  /** `=> expression`. */
  readonly isExpression: boolean;
}

export function functionsOf(text: string): readonly FunctionSpan[] {
  const source = Buffer.from(text);
  const module = parseSync(text, { syntax: 'typescript', target: 'es2023' }) as unknown as Node;
  const first = firstByte(source, module);
  const found: FunctionSpan[] = [];
  walk(module, (node) => {
    if (!/Function|Method|Constructor|Getter|Setter/.test(node.type)) return;
    const body = ((node.function as Node | undefined)?.body ?? node.body) as Node | undefined;
    if (body == null) return;
    const [from, to, bodyFrom, bodyTo] = [node.span.start, node.span.end, body.span.start, body.span.end].map(
      (at) => at - first,
    ) as [number, number, number, number];
    found.push({ from, to, bodyFrom, bodyTo, isExpression: source[bodyFrom] !== BRACE });
  });
  return found;
}

const BRACE = '{'.charCodeAt(0);

const isText = (node: Node): boolean => node.type === 'StringLiteral' || node.type === 'TemplateLiteral';

/** Spans count from the first byte of what was ever parsed, and the module's own from its first token. */
function firstByte(source: Buffer, module: Node): number {
  const comments = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n)*/.exec(source.toString())?.[0] ?? '';
  return module.span.start - Buffer.byteLength(comments);
}

const NO_CODE = /^(Ts|Import|Export(All|Named))/;

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, visit);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if (typeof node.type === 'string') {
    if (NO_CODE.test(node.type) && !/^Ts(As|NonNull|Satisfies)/.test(node.type)) return;
    if (node.type === 'KeyValueProperty' && PROSE.includes(String((node.key as Node).value))) return;
    visit(node);
  }
  for (const [member, child] of Object.entries(node)) {
    if (member === 'span' || member === 'typeAnnotation' || member === 'typeParams' || member === 'key') continue;
    walk(child, visit);
  }
}
