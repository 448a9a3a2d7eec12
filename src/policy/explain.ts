import { type CompiledStatement, errorOfStatement, isOfPrincipal, matchesAction } from './compile.ts';
import { type CompiledCondition, evaluateCondition } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import type { Mismatch, StatementExplanation } from './decision.ts';
import { cannotHold } from './impossible.ts';
import type { KeyPolicy } from './parse.ts';
import { knownPrincipal, matchPrincipal } from './principal.ts';
import type { AccessRequest, KeyState } from './request.ts';
import type { PrincipalElement, Statement } from './statement.ts';

/** Why each statement does or does not apply to the request; those that apply first, then the nearest miss. */
export function explain(policy: KeyPolicy, request: AccessRequest): readonly StatementExplanation[] {
  const context = indexContext(request);
  const explanations = policy.compiled.map((compiled) => explainStatement(compiled, request, context));
  return explanations.sort((a, b) => distance(a) - distance(b));
}

/** A statement is nearer the fewer parts miss; a wrong principal or action makes it a statement about something else. */
const WEIGHT = { principal: 1000, action: 300, resource: 100, grammar: 50, condition: 10 } as const;
const UNKNOWN_WEIGHT = 1;

const distance = ({ mismatches }: StatementExplanation): number =>
  mismatches.reduce((sum, { part, result }) => sum + (result === 'no' ? WEIGHT[part] : UNKNOWN_WEIGHT), 0);

function explainStatement(compiled: CompiledStatement, request: AccessRequest, context: Context): StatementExplanation {
  const { statement } = compiled;
  const grammar = explainGrammar(statement);
  const mismatches = [
    ...grammar,
    // What a refused element was meant for nobody knows.
    ...(statement.grammarErrors.some(isOfPrincipal) ? [] : explainPrincipal(compiled, request)),
    ...(statement.grammarErrors.some(({ code }) => code === 'patterns-form')
      ? []
      : [...explainAction(compiled, request), ...explainResource(compiled, request, context)]),
    ...compiled.conditions
      .filter(({ open }) => open === null || grammar.length === 0)
      .flatMap((condition) => explainCondition(condition, context)),
  ];
  const isRefusedDeny = statement.effect === 'Deny' && errorOfStatement(statement) !== null;
  const isOpen = statement.undecidable !== null || isRefusedDeny;
  const isUnknown = mismatches.length > 0 || isOpen;
  const isMiss = !isOpen && mismatches.some(({ result }) => result === 'no');
  const applies = isMiss ? 'no' : isUnknown ? 'unknown' : 'yes';
  return { statement: statement.label, effect: statement.effect, applies, mismatches };
}

function explainGrammar({ effect, grammarErrors }: Statement): readonly Mismatch[] {
  if (grammarErrors.length === 0) return [];
  const why = `IAM's grammar refuses the statement: ${grammarErrors.map(({ message }) => message).join('; ')}`;
  const codes = grammarErrors.map(({ code }) => code);
  return [{ part: 'grammar', codes, result: effect === 'Allow' ? 'no' : 'unknown', why }];
}

function explainPrincipal({ statement }: CompiledStatement, { principal }: AccessRequest): readonly Mismatch[] {
  const match = matchPrincipal(statement.principal, statement.effect, knownPrincipal(principal));
  if (match === 'yes' || match === 'delegated') return [];
  const actual = 'service' in principal ? principal.service : principal.aws;
  const expected = principalNames(statement.principal);
  const common = { part: 'principal', expected, actual } as const;
  if (typeof match === 'object') return [{ ...common, result: 'unknown', why: match.open }];
  const why = statement.principal.negated
    ? `NotPrincipal names the principal \`${actual}\``
    : `the principal is \`${actual}\`, the policy names ${list(expected)}`;
  return [{ ...common, result: 'no', why }];
}

function principalNames({ everyone, aws, service, federated, canonicalUser }: PrincipalElement): readonly string[] {
  return everyone ? ['*'] : [...aws, ...service, ...federated, ...canonicalUser];
}

function explainAction(compiled: CompiledStatement, { action }: AccessRequest): readonly Mismatch[] {
  if (matchesAction(compiled, action)) return [];
  const element = compiled.statement.action;
  const expected = element?.patterns ?? [];
  const why =
    element === null
      ? 'the statement has no action, so it has no effect'
      : element.negated
        ? `NotAction names the action \`${action}\``
        : `the action is \`${action}\`, the policy names ${list(expected)}`;
  return [{ part: 'action', expected, actual: action, result: 'no', why }];
}

function explainResource(
  { statement, resource }: CompiledStatement,
  request: AccessRequest,
  context: Context,
): readonly Mismatch[] {
  const actual = request.resource;
  const expected = statement.resource?.patterns ?? [];
  const common = { part: 'resource', expected, actual } as const;
  if (resource === null)
    return [{ ...common, result: 'no', why: 'the statement has no Resource, so it has no effect' }];
  const truth = evaluateCondition(resource, context.lookup);
  if (truth === true) return [];
  if (truth === null)
    return [{ ...common, result: 'unknown', why: 'the Resource holds a policy variable that is not known' }];
  const why = statement.resource?.negated
    ? `NotResource names the key \`${actual}\``
    : `the key is \`${actual}\`, the policy's Resource is ${list(expected)}`;
  return [{ ...common, result: 'no', why }];
}

function explainCondition(condition: CompiledCondition, context: Context): readonly Mismatch[] {
  const evaluated = evaluateCondition(condition, context.lookup);
  const truth = evaluated === null && cannotHold(condition, context) ? false : evaluated;
  if (truth === true) return [];
  const { operator, key, values: expected } = condition.source;
  const actual = context.lookup(condition.key);
  const result = truth === null ? 'unknown' : 'no';
  const shown = show(actual, context.stateOf(condition.key));
  const why = truth === null ? whyUnknown(condition, actual, shown) : whyNot(condition, actual, shown);
  return [{ part: 'condition', operator, key, expected, actual, result, why }];
}

type Actual = string | readonly string[] | null | undefined;

function whyUnknown(condition: CompiledCondition, actual: Actual, shown: string): string {
  const { source, open, openValue, variables } = condition;
  if (open !== null) return open;
  if (actual === undefined) return `${source.key} is ${shown}, the policy expects ${expectation(source)}`;
  if (openValue !== null) return openValue;
  if (variables.length > 0) return `the policy variable for ${variables.join(', ')} is not known`;
  return `${source.operator} is not documented for the value of ${source.key}, ${shown}`;
}

function whyNot({ source, operator }: CompiledCondition, actual: Actual, shown: string): string {
  if (operator?.family === 'null')
    return `${source.key} is ${actual === null ? 'absent' : 'present'}, the policy expects it ${actual === null ? 'present' : 'absent'}`;
  return `${source.key} is ${shown}, the policy expects ${expectation(source)}`;
}

/** Operators that read as plain equality go without their name. */
function expectation({ operator, values }: CompiledCondition['source']): string {
  const isPlain = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool'].includes(operator);
  return isPlain ? list(values) : `${operator} ${list(values)}`;
}

function show(actual: Actual, state: KeyState): string {
  if (actual === null) return 'absent';
  if (typeof actual === 'string') return `\`${actual}\``;
  if (actual !== undefined) return list(actual);
  if (state.is !== 'constrained' || state.matching.length === 0) return 'not known';
  return state.says ?? list(state.matching);
}

const list = (values: readonly string[]): string =>
  values.length === 0 ? 'nothing' : values.map((value) => `\`${value}\``).join(' or ');

/** One mismatch in words: "aws:SourceArn is `...`, the policy expects `...`". */
export function describeMismatch(mismatch: Mismatch): string {
  return mismatch.why;
}
