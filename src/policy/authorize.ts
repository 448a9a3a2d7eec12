import { type Candidate, candidatesOf } from './compile.ts';
import type { KeyValue } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import { decide, deciders, type Outcome, truthsOf } from './decide.ts';
import { keysThatMatter } from './decidingKeys.ts';
import type { Decision, World } from './decision.ts';
import type { Exploration, Leaf } from './enumerate.ts';
import { explore } from './explore.ts';
import type { KeyPolicy } from './parse.ts';
import { refusedPrincipals } from './refused.ts';
import type { AccessRequest } from './request.ts';
import { asksForNoneOf } from './valueSolver.ts';
import { exploreVariables, unknownVariables } from './variableCases.ts';
import { type Effort, LARGEST_EXPLORATION, workFor } from './work.ts';

/**
 * Decides a request by a key policy and, where given, resource control policies, of which none may deny.
 *
 * Answers at once where the known keys settle the matter; otherwise over all worlds that the unknown keys allow. Of
 * `resourceControlPolicies` only the Deny statements count. What the effort does not suffice for is `unknown`.
 */
export function authorize(
  policy: KeyPolicy,
  request: AccessRequest,
  resourceControlPolicies: readonly KeyPolicy[] = [],
  effort: Effort = { work: workFor(LARGEST_EXPLORATION), namesKeys: true },
): Decision {
  const candidates = candidatesOf(policy, request, resourceControlPolicies);
  effort.work.left -= policy.compiled.length;
  const context = indexContext(request);
  const truths = truthsOf(candidates, context.lookup);
  const outcome = decide(candidates, truths);
  if (outcome !== null) {
    const statements = deciders(candidates, truths, outcome);
    // Where nothing denies it, a statement that was meant to allow it may be one that allows nobody.
    const reason = outcome === 'denied' && statements.length === 0 ? refusedPrincipals(policy) : null;
    return { ...settled(outcome, statements), reason };
  }
  const isHopeless = ({ grants, conditions }: Candidate): boolean =>
    grants !== 'deny' && conditions.some((condition) => asksForNoneOf(context.stateOf(condition.key), condition));
  if (candidates.every((one, index) => truths[index] === false || isHopeless(one))) return settled('denied', []);
  const decided = (exploration: Exploration): Decision => conclude(candidates, context, exploration, effort);
  const decision = decided(explore(candidates, context, effort));
  if (decision.reason === null) return decision;
  for (const exploration of exploreVariables(candidates, request, context, effort)) {
    const byVariables = decided(exploration);
    if (byVariables.reason === null) return byVariables;
  }
  return decision;
}

const settled = (outcome: Outcome, statements: readonly string[]): Decision => ({
  outcome,
  statements: [...new Set(statements)],
  dependsOn: [],
  witnesses: null,
  reason: null,
});

function conclude(
  candidates: readonly Candidate[],
  context: Context,
  exploration: Exploration,
  { namesKeys }: Effort,
): Decision {
  const { leaves, incomplete, deciding } = exploration;
  const outcomes = new Set(leaves.map((leaf) => leaf.outcome));
  const [only] = outcomes;
  const decidersOf = (leaf: Leaf): readonly string[] => labelsAt(candidates, context, leaf);
  if (outcomes.size === 1 && only !== null && only !== undefined && incomplete === null)
    return settled(only, deciding ?? inOrder(candidates, leaves.flatMap(decidersOf)));
  const denied = leaves.find((leaf) => leaf.outcome === 'denied');
  const delegated = leaves.find((leaf) => leaf.outcome === 'delegated');
  const allowed = delegated ?? leaves.find((leaf) => leaf.outcome === 'allowed');
  const open = leaves.find((leaf) => leaf.outcome === null);
  const sides = [allowed, denied, open].filter((leaf) => leaf !== undefined);
  const worldOf = (leaf: Leaf | undefined): World | null =>
    leaf === undefined ? null : nameKeys(candidates, context, leaf.values);
  const isProved = allowed !== undefined && denied !== undefined;
  const keys = namesKeys ? keysThatMatter(candidates, context, exploration) : [];
  return {
    outcome: 'unknown',
    statements: inOrder(candidates, sides.flatMap(decidersOf)),
    dependsOn: namesOf(candidates, context, isProved ? keys : [...keys, ...unknownVariables(candidates, context)]),
    witnesses: sides.length === 0 ? null : { allowed: worldOf(allowed), denied: worldOf(denied) },
    reason: isProved ? null : (open?.reason ?? incomplete ?? ALLOWED_OR_DELEGATED),
  };
}

/** Labels in the order of their statements, each once. */
function inOrder(candidates: readonly Candidate[], labels: readonly string[]): readonly string[] {
  const wanted = new Set(labels);
  return candidates.map(({ label }) => label).filter((label) => wanted.has(label));
}

export const ALLOWED_OR_DELEGATED =
  "no world is denied: the policy itself allows in some, and leaves it to the account's IAM policies in others";

/** The statements that decide in one world; where it stays open, those that nobody can decide. */
function labelsAt(candidates: readonly Candidate[], context: Context, leaf: Leaf): readonly string[] {
  if (leaf.outcome !== null)
    return deciders(candidates, truthsOf(candidates, lookupIn(context, leaf.values)), leaf.outcome);
  // A key that only policy variables mention has no value in the leaf, and stays unknown here.
  const truths = truthsOf(candidates, (key) => context.lookup(key) ?? leaf.values.get(context.representativeOf(key)));
  return candidates.filter((_, index) => truths[index] === null).map(({ label }) => label);
}

/** Looks keys up in one world; a key that no condition mentions is absent. */
function lookupIn(context: Context, values: ReadonlyMap<string, KeyValue>): (key: string) => KeyValue {
  return (key) => {
    const known = context.lookup(key);
    return known === undefined ? (values.get(context.representativeOf(key)) ?? null) : known;
  };
}

/** The keys of a world under the names that the request or else the policy gives them. */
function nameKeys(candidates: readonly Candidate[], context: Context, values: ReadonlyMap<string, KeyValue>): World {
  // Without a prototype, so that a key may be called __proto__.
  const world: Record<string, KeyValue> = Object.create(null);
  const named = new Set<string>();
  for (const { conditions } of candidates)
    for (const { source, variables } of conditions)
      for (const name of [source.key, ...variables]) {
        const key = name.toLowerCase();
        const value = values.get(context.representativeOf(key));
        if (value === undefined || named.has(key) || context.lookup(key) !== undefined) continue;
        named.add(key);
        world[context.spellingOf(key) ?? name] = value;
      }
  return world;
}

function namesOf(candidates: readonly Candidate[], context: Context, keys: readonly string[]): readonly string[] {
  return Object.keys(nameKeys(candidates, context, new Map(keys.map((key) => [key, null]))));
}
