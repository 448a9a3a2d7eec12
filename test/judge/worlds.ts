import {
  allows,
  type ConcreteRequest,
  condition,
  coverage,
  isIllFormed,
  list,
  type PolicyDocument,
  type Principal,
  speaksOf,
  type Truth,
  type Value,
  type World,
} from './policyLanguage.ts';

/** What a condition key of a request can hold: `values` and nothing else, or texts of a shape. */
export interface Domain {
  readonly values?: readonly Value[];
  readonly shape?: RegExp;
  /** Values that are tried whatever a policy says. */
  readonly seeds?: readonly string[];
  /** What stands in for wildcards of a policy, beside a few letters and digits. */
  readonly fills?: readonly string[];
  readonly not?: readonly string[];
  readonly isAlwaysThere?: boolean;
}

export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Of the name in lower case. */
  readonly domainOf: (key: string) => Domain;
  /** Keys that hold the same value, in lower case. */
  readonly tied?: readonly string[];
  readonly directly?: boolean;
}

export interface Policies {
  readonly key: readonly PolicyDocument[];
  readonly controls: readonly PolicyDocument[];
}

/** What was found out over a finite list of worlds. */
export interface Found {
  readonly truths: ReadonlySet<Truth>;
  /** Not all worlds of the list were tried. */
  readonly isPartial: boolean;
  /** A world in which the request is let through. */
  readonly witness: World | null;
}

const MOST_WORLDS = 20_000;
const MOST_OF_VARIABLE = 12;

/** Tries worlds until both answers were seen or, where `untilAllowed`, one lets the request through. */
export function tryWorlds(policies: Policies, question: Question, untilAllowed: boolean): Found {
  const relevant = {
    key: policies.key.map((policy) => relevantOf(policy, question)),
    controls: policies.controls.map((policy) => relevantOf(policy, question)),
  };
  const all = [...relevant.key, ...relevant.controls];
  const choices = choicesOf(all, question);
  const truths = new Set<Truth>();
  let witness: World | null = null;
  let tried = 0;
  for (const world of worlds(choices, new Map())) {
    tried += 1;
    if (tried > MOST_WORLDS) break;
    const request: ConcreteRequest = { ...question, world };
    const truth = allows(relevant.key, relevant.controls, request, question.directly);
    truths.add(truth);
    if (truth === true) witness ??= new Map(world);
    if (truth === true && (untilAllowed || truths.has(false))) break;
    if (truth === false && !untilAllowed && truths.has(true)) break;
  }
  return { truths, isPartial: tried > MOST_WORLDS, witness };
}

/** The statements that can apply to a request in some world. */
function relevantOf(policy: PolicyDocument, { principal, action }: Question): PolicyDocument {
  const Statement = policy.Statement.filter(
    (one) =>
      !(isIllFormed(one) && one.Effect === 'Allow') && coverage(one, principal) !== false && speaksOf(one, action),
  );
  return { ...policy, Statement };
}

interface Choice {
  readonly keys: readonly string[];
  readonly values: readonly Value[];
}

function* worlds([first, ...rest]: readonly Choice[], world: Map<string, Value>): Generator<World> {
  if (first === undefined) {
    yield world;
    return;
  }
  for (const value of first.values) {
    for (const key of first.keys) world.set(key, value);
    yield* worlds(rest, world);
  }
}

interface Comparison {
  readonly policy: PolicyDocument;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export const comparisonsOf = (policies: readonly PolicyDocument[]): readonly Comparison[] =>
  policies.flatMap((policy) =>
    policy.Statement.filter((one) => !(isIllFormed(one) && one.Effect === 'Allow')).flatMap(({ Condition = {} }) =>
      Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({
          policy,
          operator,
          key: key.toLowerCase(),
          values: list(values),
        })),
      ),
    ),
  );

export const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{\s*([^,}]*?)\s*[,}]/g)].map((match) => String(match[1]).toLowerCase());

function choicesOf(policies: readonly PolicyDocument[], { domainOf, tied = [] }: Question): readonly Choice[] {
  const comparisons = comparisonsOf(policies);
  const resources = policies.flatMap(({ Statement }) =>
    Statement.flatMap((one) => list(one.Resource ?? one.NotResource)),
  );
  const asVariable = new Set([...comparisons.flatMap(({ values }) => values), ...resources].flatMap(variablesIn));
  const keys = [...new Set([...comparisons.map(({ key }) => key), ...asVariable])];
  const groups = keys.some((key) => tied.includes(key))
    ? [[...tied], ...keys.filter((key) => !tied.includes(key)).map((key) => [key])]
    : keys.map((key) => [key]);
  const fixed = new Map(
    keys.flatMap((key): [string, Value][] => {
      const { values } = domainOf(key);
      return values?.length === 1 ? [[key, values[0] ?? null]] : [];
    }),
  );
  return groups.map((group) => {
    const domain = domainOf(group[0] ?? '');
    if (domain.values !== undefined) return { keys: group, values: domain.values };
    const onIt = comparisons.filter(
      ({ key, values }) =>
        group.includes(key) || values.some((value) => variablesIn(value).some((name) => group.includes(name))),
    );
    const texts = onIt.flatMap(({ values, operator }) =>
      /Null/.test(operator) ? [] : values.flatMap((value) => resolved(value, fixed)),
    );
    const candidates: Value[] = [
      ...new Set([
        ...(domain.seeds ?? ['something-else']),
        ...texts.flatMap((text) => like(text, domain.fills ?? [])),
        ...pairs(texts),
      ]),
    ].filter((value) => domain.shape?.test(value) !== false && domain.not?.includes(value) !== true);
    if (domain.isAlwaysThere !== true) candidates.push(null);
    const isCompared =
      onIt.some(({ values }) => values.some((value) => value.includes('${'))) ||
      group.some((key) => asVariable.has(key));
    const values = isCompared
      ? candidates
          .slice(0, MOST_OF_VARIABLE)
          .concat(candidates.length > MOST_OF_VARIABLE ? [null].filter(() => domain.isAlwaysThere !== true) : [])
      : distinctUnder(onIt, group, candidates);
    return { keys: group, values };
  });
}

/** A value of a policy as it stands and with its variables filled in, or with any text for those that are not known. */
function resolved(text: string, fixed: World): readonly string[] {
  const filled = text.replaceAll(/\$\{\s*([^,}]*?)\s*(?:,[^}]*)?\}/g, (_, key: string) => {
    const value = fixed.get(key.toLowerCase());
    return typeof value === 'string' ? value : '*';
  });
  return [text, filled];
}

/** One candidate of those that no comparison tells apart. */
function distinctUnder(
  comparisons: readonly Comparison[],
  group: readonly string[],
  candidates: readonly Value[],
): readonly Value[] {
  const first = new Map<string, Value>();
  for (const candidate of candidates) {
    const world = new Map(group.map((key) => [key, candidate]));
    const signature = comparisons
      .map(({ policy, operator, key, values }) => condition(policy, operator, key, values, world))
      .join();
    if (!first.has(signature)) first.set(signature, candidate);
  }
  return [...first.values()];
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d/;

/** Values near one of a policy: itself, its wildcards filled, misses by a letter, neighbours of numbers and dates. */
export function like(text: string, fills: readonly string[]): readonly string[] {
  const near = [text, `${text}x`, text.slice(0, -1), text.toUpperCase(), text.toLowerCase()];
  if (NUMBER.test(text)) near.push(String(Number(text) - 1), String(Number(text) + 1));
  if (DATE.test(text)) near.push(...[-1, 1].map((by) => new Date(Date.parse(text) + by * 86_400_000).toISOString()));
  if (/^[\d.]+\/\d+$/.test(text)) near.push(text.split('/')[0] ?? '');
  return [...near, ...filled(text, ['', 'x', '0', ...fills])];
}

/** A text with each of its wildcards filled: with every combination of a few, or with one for all. */
function filled(text: string, fills: readonly string[]): readonly string[] {
  const parts = text.split(/([*?])/);
  const wild = parts.filter((part) => part === '*').length;
  const single = (part: string, fill: string) =>
    part === '?' ? (/^\d$/.test(fill) ? fill : fill.slice(0, 1) || 'x') : part;
  if (wild === 0)
    return text.includes('?') ? ['x', '0', '9'].map((fill) => parts.map((part) => single(part, fill)).join('')) : [];
  if (fills.length ** wild > 600)
    return fills.map((fill) => parts.map((part) => (part === '*' ? fill : single(part, '0'))).join(''));
  let made = [''];
  for (const part of parts) {
    if (part === '*') made = made.flatMap((start) => fills.map((fill) => start + fill));
    else made = (part === '?' ? ['0', 'x'] : [part]).flatMap((end) => made.map((start) => start + end));
    if (made.length > 2_000) return [];
  }
  return made;
}

/** Values that several patterns of a policy may match: the start of one, the end of another, and what one has between. */
function pairs(texts: readonly string[]): readonly string[] {
  const wild = texts.filter((text) => text.includes('*')).slice(0, 6);
  return wild.flatMap((text) =>
    texts.slice(0, 8).flatMap((other) => {
      const inner = other.replaceAll(/[*?]/g, '');
      const [start = ''] = text.split('*');
      const end = other.split('*').at(-1) ?? '';
      return [text.replaceAll('*', inner), `${start}${end}`, `${start}x${end}`];
    }),
  );
}
