import { authorize } from '../../policy/authorize.ts';
import { type CompiledStatement, matchesAction } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { parseStatement } from '../../policy/parseStatement.ts';
import { knownPrincipal, matchPrincipal } from '../../policy/principal.ts';
import type { AccessRequest } from '../../policy/request.ts';
import type { Condition, Statement } from '../../policy/statement.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import type { StatementDocument } from '../statements.ts';
import { policyOf } from './policyOf.ts';
import { principalOf, sampleRequestsOf } from './sampleRequests.ts';
import { ENTRY, SOURCE_ARN } from './trailStatements.ts';

/** Two policies that differ in some statements, and what the difference is meant to be. */
interface PolicyDifference {
  readonly before: KeyPolicy;
  readonly after: KeyPolicy;
  /** Positions of the statements that were changed; what `after` holds beyond `before` was added. */
  readonly changed: readonly number[];
  readonly keyArn: string;
  /** The trails for which CloudTrail is allowed. */
  readonly trailArns: readonly string[];
  /** What is knowingly taken away, as Deny statements. */
  readonly loses: readonly StatementDocument[];
}

/** Somebody for whom the policies differ in a way that is not meant, or for whom nobody can prove that they do not. */
export interface AccessDiff {
  readonly kind: 'gain' | 'loss';
  readonly principal: string;
  readonly action: string;
  /** Allow statements of the policy that let it through. */
  readonly statements: readonly string[];
}

/**
 * Proves that nobody gains anything but CloudTrail for the trails, and that nobody loses what is not listed; `null` when
 * both are proved, otherwise somebody for whom they are not.
 *
 * Each difference is put as one policy that allows exactly the requests in question: what a changed statement allows,
 * denied where the other policy allows it too or where it is meant. The engine then has to deny it in every world, for
 * every principal and action that the policies tell apart. Statements that did not change cancel out.
 */
export function accessDiff(difference: PolicyDifference): AccessDiff | null {
  const { before, after, keyArn } = difference;
  const samples = sampleRequestsOf([before, after], keyArn);
  const gains = [gainByAllows(difference), ...gainsByDenies(difference)];
  const losses = [lossByAllows(difference), ...lossesByDenies(difference)];
  return firstPossible('gain', gains, samples) ?? firstPossible('loss', losses, samples);
}

/** A policy, and the statements that must also speak of a request for it to be in question. */
interface Question {
  readonly policy: KeyPolicy;
  readonly about: CompiledStatement | null;
}

function firstPossible(
  kind: AccessDiff['kind'],
  questions: readonly Question[],
  samples: readonly AccessRequest[],
): AccessDiff | null {
  for (const { policy, about } of questions) {
    if (policy.compiled.length === 0) continue;
    for (const sample of samples) {
      if (about !== null && !speaksOf(about, sample)) continue;
      const decision = authorize(policy, sample);
      if (decision.outcome === 'denied') continue;
      const allows = new Set(policy.statements.filter(isAllow).map(({ label }) => label));
      const statements = decision.statements.filter((label) => allows.has(label));
      return { kind, principal: principalOf(sample), action: sample.action, statements };
    }
  }
  return null;
}

function speaksOf(compiled: CompiledStatement, { principal, action }: AccessRequest): boolean {
  const { effect, principal: element } = compiled.statement;
  return matchPrincipal(element, effect, knownPrincipal(principal)) !== 'no' && matchesAction(compiled, action);
}

/** What the changed and added Allow statements allow and those that they replace did not. */
function gainByAllows({ before, after, changed, trailArns }: PolicyDifference): Question {
  const pairs = pairsOf(before, after, changed);
  const added = after.statements.slice(before.statements.length).filter(isAllow);
  const news = [...pairs.map((pair) => pair.after), ...added];
  return question(after, [
    ...news,
    ...pairs.map((pair) => asDeny(pair.before)),
    ...denies(after),
    ...intended(trailArns, NEEDED),
  ]);
}

interface Pair {
  readonly before: Statement;
  readonly after: Statement;
}

/**
 * The changed Allow statements before and after. Conditions that both have and whose policy variables nobody can resolve
 * are left out of both: what one statement has beyond the other without them it has all the more with them.
 */
function pairsOf(before: KeyPolicy, after: KeyPolicy, changed: readonly number[]): readonly Pair[] {
  return changed.flatMap((index) => {
    const [was, is] = [before.statements[index], after.statements[index]];
    if (was === undefined || is === undefined || !isAllow(was)) return [];
    return [{ before: without(was, is.conditions), after: without(is, was.conditions) }];
  });
}

const without = (statement: Statement, others: readonly Condition[]): Statement =>
  given(statement, others.filter(isOpen));

const isOpen = ({ values }: Condition): boolean => values.some((value) => value.includes('${'));

/** What a statement comes down to where some conditions hold. */
function given(statement: Statement, holding: readonly Condition[]): Statement {
  const holds = (condition: Condition): boolean =>
    holding.some((one) => JSON.stringify(one) === JSON.stringify(condition));
  return { ...statement, conditions: statement.conditions.filter((condition) => !holds(condition)) };
}

/**
 * What the Allow statements allow and a changed Deny denied. Its conditions that nobody can resolve are taken to hold: where
 * they do not, it denied nothing.
 */
function gainsByDenies({ before, after, changed, trailArns }: PolicyDifference): readonly Question[] {
  return at(before, changed)
    .filter((statement) => !isAllow(statement))
    .map((deny) => {
      const holding = deny.conditions.filter(isOpen);
      const { conditions } = given(deny, holding);
      const both = after.statements.filter(isAllow).map((allow) => ({
        ...given(allow, holding),
        conditions: [...given(allow, holding).conditions, ...conditions],
        undecidable: allow.undecidable ?? deny.undecidable,
        grammarErrors: [...allow.grammarErrors, ...deny.grammarErrors],
      }));
      const [about = null] = policyOf(before, [deny]).compiled;
      const against = denies(after).map((one) => given(one, holding));
      return { ...question(after, [...both, ...against, ...intended(trailArns, '*')]), about };
    });
}

/** What the changed Allow statements allowed and nothing allows any more. */
function lossByAllows({ before, after, changed, loses }: PolicyDifference): Question {
  const pairs = pairsOf(before, after, changed);
  if (pairs.length === 0) return question(before, []);
  const others = after.statements.filter((statement, index) => isAllow(statement) && !changed.includes(index));
  const kept = [...pairs.map((pair) => pair.after), ...others].map(asDeny);
  const listed = loses.map((statement) => parseStatement(statement, 'Deny', 0).statement);
  return question(before, [...pairs.map((pair) => pair.before), ...kept, ...denies(before), ...listed]);
}

/** What a changed or added Deny denies and the changed ones did not deny before. */
function lossesByDenies({ before, after, changed }: PolicyDifference): readonly Question[] {
  const added = after.statements.slice(before.statements.length);
  const news = [...at(after, changed), ...added].filter((statement) => !isAllow(statement));
  const olds = at(before, changed).filter((statement) => !isAllow(statement));
  return news.map((deny) => {
    const holding = deny.conditions.filter(isOpen);
    const denied: Statement = { ...given(deny, holding), effect: 'Allow' };
    return question(after, [denied, ...olds.map((old) => given(old, holding))]);
  });
}

/** What CloudTrail is allowed: no statement is corrected or added for more, whatever else it lists. */
const NEEDED: readonly string[] = Object.values(ENTRY);

/** CloudTrail acting for one of the trails. */
function intended(trailArns: readonly string[], actions: string | readonly string[]): readonly Statement[] {
  const document = {
    Sid: 'CloudTrail for the trails of the plan',
    Principal: { Service: CLOUDTRAIL },
    Action: actions,
    Resource: '*',
    Condition: { StringEquals: { [SOURCE_ARN]: trailArns } },
  };
  return [parseStatement(document, 'Deny', 0).statement];
}

const at = (policy: KeyPolicy, indexes: readonly number[]): readonly Statement[] =>
  policy.statements.filter((_, index) => indexes.includes(index));

const isAllow = ({ effect }: Statement): boolean => effect === 'Allow';
const asDeny = (statement: Statement): Statement => ({ ...statement, effect: 'Deny' });
const denies = ({ statements }: KeyPolicy): readonly Statement[] => statements.filter((one) => !isAllow(one));

const question = (origin: KeyPolicy, statements: readonly Statement[]): Question => ({
  policy: policyOf(origin, statements),
  about: null,
});
