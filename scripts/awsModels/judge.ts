import type { PublicFacts } from './models.ts';

/** Where a person writes down what a change means. */
export const TABLE = 'docs/aws-facts.md';

export interface Judgement {
  /** What is printed. */
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
  /** The fingerprint's new text, where it was accepted. */
  readonly fingerprint: string | null;
}

/** The models against the fingerprint: all that is new or gone fails until rows of the table name it and it is accepted. */
export function judge(fingerprint: string, models: PublicFacts, table: string, accept: boolean): Judgement {
  const [title = '', ...known] = fingerprint.trimEnd().split('\n');
  const before = title.replace('botocore ', '');
  const changes = [
    ...without(models.facts, known).map((fact) => ({ change: 'new', fact })),
    ...without(known, models.facts).map((fact) => ({ change: 'gone', fact })),
  ];
  const versions = `botocore ${models.version} against the fingerprint of ${before || 'nothing'}`;
  const listed = changes.map(({ change, fact }) => `${change}: ${fact}`);
  if (changes.length === 0) return { lines: [`${versions}: nothing new`], exitCode: 0, fingerprint: null };
  if (!accept) {
    const advice = `${listed.length} to be judged: a row of ${TABLE} for each, then npm run watch:aws -- --accept`;
    return { lines: [versions, ...listed, advice], exitCode: 1, fingerprint: null };
  }
  const patterns = judgedBetween(table, before, models.version);
  // A version never changes: what differs from its own fingerprint is what we watch, not AWS.
  const open =
    before === models.version ? [] : changes.filter(({ fact }) => !patterns.some((pattern) => pattern.test(fact)));
  if (open.length > 0) {
    const named = open.map(({ change, fact }) => `not judged: ${change} ${fact}`);
    const advice = `${named.length} without a dated row of ${TABLE} for botocore ${models.version} that names it: nothing accepted`;
    return { lines: [versions, ...named, advice], exitCode: 1, fingerprint: null };
  }
  return {
    lines: [versions, ...listed, `${listed.length} accepted`],
    exitCode: 0,
    fingerprint: `${[`botocore ${models.version}`, ...models.facts].join('\n')}\n`,
  };
}

function without(facts: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return facts.filter((fact) => !known.has(fact));
}

/**
 * What rows `| 2026-11-29 | 1.44.8 | ... |` name in backticks, `*` for anything: rows of versions after the fingerprint's
 * and up to the models', so that no old row accepts what came later.
 */
function judgedBetween(table: string, before: string, models: string): readonly RegExp[] {
  return [...table.matchAll(/^\| *\d{4}-\d{2}-\d{2} *\| *([\d.]+) *\|(.*)$/gm)]
    .filter(([, version = '']) => order(before, version) < 0 && order(version, models) <= 0)
    .flatMap(([, , rest = '']) => [...rest.matchAll(/`([^`]+)`/g)])
    .map(([, text = '']) => new RegExp(`^${text.split('*').map(literal).join('.*')}$`));
}

const literal = (text: string): string => text.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`);

function order(one: string, other: string): number {
  const [ones, others] = [one, other].map((version) => version.split('.').map(Number));
  return [0, 1, 2].map((at) => (ones?.[at] ?? 0) - (others?.[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
