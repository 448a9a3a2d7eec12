import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerLine } from '../../src/cli/simulate/answer.ts';
import { readQuery } from '../../src/cli/simulate/query.ts';
import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { policyCases } from '../caseFiles.ts';

type World = Readonly<Record<string, unknown>>;

/** A line of `simulate` with its answer. */
interface Case {
  readonly name: string;
  /** The number of the IAM semantic that the case is about, or the name of an operator or a decision. */
  readonly semantic: number | string;
  readonly policy?: unknown;
  readonly request?: { readonly context: World; readonly unknown?: readonly string[] | '*' };
  /** In place of policy and request: the line as it stands. */
  readonly line?: string;
  /** Further policies, of which none may deny; no part of simulate's format. */
  readonly resourceControlPolicies?: readonly unknown[];
  readonly expect: {
    readonly decision: string;
    readonly statements?: readonly string[];
    readonly dependsOn?: readonly string[];
    /** Members of either side. */
    readonly witnesses?: Readonly<Record<string, World>>;
    /** A part of the text. */
    readonly reason?: string;
    readonly error?: string;
  };
}

const cases = readdirSync(join(__dirname, '../cases/policy')).flatMap((file) => policyCases<Case>(`policy/${file}`));

interface Answer {
  readonly decision: string;
  readonly statements: readonly string[];
  readonly dependsOn: readonly string[];
  readonly witnesses: { readonly allowed: World; readonly denied: World } | null;
  readonly reason?: string;
  readonly error?: string;
}

const lineOf = ({ policy, request, line }: Case): string => line ?? JSON.stringify({ id: '1', policy, request });

function answer(given: Case): Answer {
  if (given.resourceControlPolicies !== undefined) return answerWithControls(given, given.resourceControlPolicies);
  return JSON.parse(answerLine(lineOf(given))) as Answer;
}

function answerWithControls(given: Case, controls: readonly unknown[]): Answer {
  const read = readQuery(lineOf(given));
  if ('error' in read || !read.query.policy.valid) throw new Error(`${given.name} cannot be read`);
  const parsed = controls.map((control) => {
    const parse = parseKeyPolicy(control);
    if (!parse.valid) throw new Error(parse.error);
    return parse.policy;
  });
  const { outcome, ...rest } = authorize(read.query.policy.policy, read.query.request, parsed);
  return JSON.parse(JSON.stringify({ decision: outcome, ...rest })) as Answer;
}

/** The same case with one world for its unknown keys; a key that the world leaves out is absent. */
function inWorld(given: Case, world: World): Case {
  const { request } = given;
  if (request === undefined) throw new Error(`${given.name} has no request`);
  return { ...given, request: { ...request, context: { ...request.context, ...world }, unknown: [] } };
}

describe.each([...new Set(cases.map(({ semantic }) => semantic))])('%s', (semantic) => {
  test.each(cases.filter((one) => one.semantic === semantic))('$name', (given) => {
    const { expect: expected } = given;
    const { decision, statements: decided, dependsOn, witnesses, reason, error } = answer(given);
    expect({ decision, reason, error }).toMatchObject({ decision: expected.decision });
    if (expected.statements !== undefined) expect(decided).toEqual(expected.statements);
    if (expected.dependsOn !== undefined) expect([...dependsOn].sort()).toEqual([...expected.dependsOn].sort());
    if (expected.witnesses !== undefined) expect(witnesses).toMatchObject(expected.witnesses);
    if (expected.error !== undefined) expect(error).toContain(expected.error);
    if (expected.reason !== undefined) {
      expect(reason).toContain(expected.reason);
      expect(witnesses).toBeNull();
    } else if (decision === 'unknown') {
      expect(['allowed', 'delegated']).toContain(answer(inWorld(given, witnesses?.allowed ?? {})).decision);
      expect(answer(inWorld(given, witnesses?.denied ?? {})).decision).toBe('denied');
    } else if (decision !== 'invalid') expect(witnesses).toBeNull();
  });
});

/** Case counts below which a semantic or an operator is not proved. */
const FEWEST = { semantic: 6, operator: 3, answer: 4 };

const FAMILIES = [
  'StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike',
  'ArnEquals ArnLike ArnNotEquals ArnNotLike BinaryEquals Bool IpAddress NotIpAddress',
  'NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals',
  'DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals',
];
const OPERATORS = FAMILIES.flatMap((family) => family.split(' ')).flatMap((operator) => [
  operator,
  `${operator}IfExists`,
  `ForAllValues:${operator}`,
  `ForAnyValue:${operator}`,
]);

describe('coverage', () => {
  const countOf = (semantic: number | string): number => cases.filter((one) => one.semantic === semantic).length;

  test.each(Array.from({ length: 16 }, (_, index) => index + 1))(
    `semantic %s has at least ${FEWEST.semantic} cases`,
    (semantic) => {
      expect(countOf(semantic)).toBeGreaterThanOrEqual(FEWEST.semantic);
    },
  );

  test.each([...OPERATORS, 'Null'])(
    `%s has at least ${FEWEST.operator} cases: matching, not matching, absent`,
    (operator) => {
      expect(countOf(operator)).toBeGreaterThanOrEqual(FEWEST.operator);
      const decisions = new Set(cases.filter((one) => one.semantic === operator).map((one) => one.expect.decision));
      expect([...decisions]).toEqual(expect.arrayContaining(['allowed', 'denied', 'unknown']));
    },
  );

  test.each(['unknown', 'delegated'])(`the answer %s has at least ${FEWEST.answer} cases`, (decision) => {
    expect(countOf(decision)).toBeGreaterThanOrEqual(FEWEST.answer);
  });

  test('names are unique within what they are about', () => {
    const names = cases.map(({ semantic, name }) => `${semantic}: ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });
});
