import { type CompiledStatement, errorOfStatement, isOfPrincipal, matchesAction } from './compile.ts';
import { evaluateCondition } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import type { Mismatch, StatementExplanation } from './decision.ts';
import { nearestPattern } from './difference.ts';
import { differencesInWords, nameDifferenceInWords, nearNameInWords } from './differenceWords.ts';
import { explainCondition, explainMatch, list } from './explainCondition.ts';
import { type NearName, nearAction, nearService } from './nearName.ts';
import type { KeyPolicy } from './parse.ts';
import { knownPrincipal, matchPrincipal } from './principal.ts';
import type { AccessRequest } from './request.ts';
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

/** A name that is misspelt is a statement about the right thing. */
const NEAR_WEIGHT = 60;

const distance = ({ mismatches }: StatementExplanation): number =>
  mismatches.reduce((sum, mismatch) => sum + weightOf(mismatch), 0);

function weightOf(mismatch: Mismatch): number {
  if (mismatch.result === 'unknown') return UNKNOWN_WEIGHT;
  return 'near' in mismatch && mismatch.near !== null ? NEAR_WEIGHT : WEIGHT[mismatch.part];
}

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
  const isDenying = statement.effect === 'Deny' && applies === 'yes';
  const matched = isDenying ? compiled.conditions.map((condition) => explainMatch(condition, context)) : [];
  return { statement: statement.label, effect: statement.effect, applies, mismatches, matched };
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
  const { negated } = statement.principal;
  const common = { part: 'principal', expected, actual, negated } as const;
  if (typeof match === 'object') return [{ ...common, near: null, result: 'unknown', why: match.open }];
  if (negated) return [{ ...common, near: null, result: 'no', why: `NotPrincipal names the principal \`${actual}\`` }];
  const near = 'service' in principal ? nearPrincipal(statement.principal, actual) : null;
  const why = `the principal is \`${actual}\`, the policy names ${list(expected)}${nearly(near, expected)}`;
  return [{ ...common, near, result: 'no', why }];
}

const nearly = (near: NearName | null, names: readonly string[]): string => {
  if (near === null) return '';
  return names.length === 1 ? `, which ${nameDifferenceInWords(near.difference)}` : `: ${nearNameInWords(near)}`;
};

function nearPrincipal({ service, aws, federated, canonicalUser }: PrincipalElement, name: string): NearName | null {
  const members = [
    ['AWS', aws],
    ['Federated', federated],
    ['CanonicalUser', canonicalUser],
  ] as const;
  const found = members.find(([, names]) => names.includes(name));
  if (found !== undefined) return { name, difference: { is: 'member', member: found[0] } };
  return nearService(service, name) ?? nearService([...aws, ...federated], name);
}

function principalNames({ everyone, aws, service, federated, canonicalUser }: PrincipalElement): readonly string[] {
  return everyone ? ['*'] : [...aws, ...service, ...federated, ...canonicalUser];
}

function explainAction(compiled: CompiledStatement, { action }: AccessRequest): readonly Mismatch[] {
  if (matchesAction(compiled, action)) return [];
  const element = compiled.statement.action;
  const expected = element?.patterns ?? [];
  const near = element === null || element.negated ? null : nearAction(expected, action);
  const why =
    element === null
      ? 'the statement has no action, so it has no effect'
      : element.negated
        ? `NotAction names the action \`${action}\``
        : `the action is \`${action}\`, the policy names ${list(expected)}${nearly(near, expected)}`;
  return [{ part: 'action', expected, actual: action, negated: element?.negated ?? false, near, result: 'no', why }];
}

function explainResource(
  { statement, resource }: CompiledStatement,
  request: AccessRequest,
  context: Context,
): readonly Mismatch[] {
  const actual = request.resource;
  const expected = statement.resource?.patterns ?? [];
  const common = { part: 'resource', expected, actual, nearest: null } as const;
  if (resource === null)
    return [{ ...common, result: 'no', why: 'the statement has no Resource, so it has no effect' }];
  const truth = evaluateCondition(resource, context.lookup);
  if (truth === true) return [];
  if (truth === null)
    return [{ ...common, result: 'unknown', why: 'the Resource holds a policy variable that is not known' }];
  if (statement.resource?.negated)
    return [{ ...common, result: 'no', why: `NotResource names ${nounOf(actual)} \`${actual}\`` }];
  const nearest = nearestPattern(expected, actual, context.lookup);
  const told = nearest === null ? '' : `: ${differencesInWords(nearest.differences, { operator: 'Resource' })}`;
  const why = `${nounOf(actual)} is \`${actual}\`, the policy's Resource is ${list(expected)}${told}`;
  return [{ ...common, nearest, result: 'no', why }];
}

const nounOf = (resource: string): string => (resource.includes(':s3:::') ? 'the resource' : 'the key');

/** One mismatch in words: "aws:SourceArn is `...`, the policy expects `...`". */
export function describeMismatch(mismatch: Mismatch): string {
  return mismatch.why;
}

/** The same where there is little room: of a name or a value the part that differs. */
export function mismatchInBrief(mismatch: Mismatch): string {
  switch (mismatch.part) {
    case 'condition':
      return mismatch.brief;
    case 'principal':
    case 'action': {
      const named = mismatch.expected.slice(0, 3);
      return `${mismatch.part}: ${mismatch.near === null ? `the policy names ${list(named)}` : nearNameInWords(mismatch.near)}`;
    }
    case 'resource': {
      const { nearest, expected } = mismatch;
      if (nearest === null) return expected.length === 0 ? mismatch.why : `Resource is ${list(expected)}`;
      return `Resource: ${differencesInWords(nearest.differences, { operator: 'Resource' })}`;
    }
    case 'grammar':
      return mismatch.why;
    default:
      return mismatch satisfies never;
  }
}
