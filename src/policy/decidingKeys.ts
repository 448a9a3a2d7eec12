import type { Candidate } from './compile.ts';
import type { KeyValue } from './condition.ts';
import type { Context } from './context.ts';
import { decide, truthsOf } from './decide.ts';
import type { Exploration, Leaf } from './enumerate.ts';

/** Conditions looked at in search of the keys that matter. */
const LARGEST_SEARCH = 200_000;

/**
 * The keys (by representative) that an unknown answer depends on: those that, changed alone in some world, change the
 * answer. Where the search had to stop early, the keys that were not looked at count too; where no single key changes the
 * answer, all do.
 */
export function keysThatMatter(
  candidates: readonly Candidate[],
  context: Context,
  { leaves, incomplete }: Exploration,
): readonly string[] {
  const found = new Set<string>();
  for (const { values } of leaves) for (const name of values.keys()) found.add(name);
  const names = [...found];
  const hasOneOutcome = new Set(leaves.map((leaf) => leaf.outcome)).size < 2;
  if (names.length === 1 || (incomplete !== null && hasOneOutcome)) return names;
  const cost = candidates.reduce((sum, { conditions }) => sum + 1 + conditions.length, 0);
  const budget = { left: LARGEST_SEARCH, cost };
  const matter = names.filter((name) => matters(name, candidates, context, leaves, budget));
  return matter.length > 0 ? matter : names;
}

function matters(
  name: string,
  candidates: readonly Candidate[],
  context: Context,
  leaves: readonly Leaf[],
  budget: { left: number; readonly cost: number },
): boolean {
  if (budget.left < 0) return true;
  const ordered = new Map<Leaf['outcome'], readonly KeyValue[]>();
  for (const { outcome } of leaves) if (!ordered.has(outcome)) ordered.set(outcome, valuesOf(name, outcome, leaves));
  for (const leaf of leaves)
    for (const value of ordered.get(leaf.outcome) ?? []) {
      budget.left -= budget.cost;
      if (budget.left < 0) return true;
      if (outcomeWith(name, value, leaf, candidates, context) !== leaf.outcome) return true;
    }
  return false;
}

/** The values that a key has in all leaves, those of leaves with another answer first. */
function valuesOf(name: string, outcome: Leaf['outcome'], leaves: readonly Leaf[]): readonly KeyValue[] {
  const ordered = [...leaves].sort((a, b) => Number(a.outcome === outcome) - Number(b.outcome === outcome));
  const values = new Map<string, KeyValue>();
  for (const { values: world } of ordered) {
    const value = world.get(name) ?? null;
    values.set(JSON.stringify(value), value);
  }
  return [...values.values()];
}

function outcomeWith(
  name: string,
  value: KeyValue,
  leaf: Leaf,
  candidates: readonly Candidate[],
  context: Context,
): string | null {
  const truths = truthsOf(candidates, (key) => {
    const known = context.lookup(key);
    if (known !== undefined) return known;
    const representative = context.representativeOf(key);
    return representative === name ? value : (leaf.values.get(representative) ?? null);
  });
  return decide(candidates, truths);
}
