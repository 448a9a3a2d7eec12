import { type CompiledCondition, compileCondition, evaluateCondition, type Truth } from './condition.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { matches } from './patternMatch.ts';
import { controlsOver, type KnownPrincipal, knownPrincipal, matchPrincipal } from './principal.ts';
import type { AccessRequest, Principal } from './request.ts';
import type { GrammarCode, GrammarError, Statement } from './statement.ts';

/** A statement with its patterns and conditions compiled. */
export interface CompiledStatement {
  readonly statement: Statement;
  readonly actions: readonly Pattern[];
  /** The Resource element as a condition on `RESOURCE`; `null` when there is none. */
  readonly resource: CompiledCondition | null;
  readonly conditions: readonly CompiledCondition[];
}

/** Stands for the request's resource where it is looked up like a condition key; no condition key holds a blank. */
export const RESOURCE = 'the resource';

export function compileStatement(statement: Statement, hasVariables: boolean): CompiledStatement {
  const { action, resource, conditions } = statement;
  const operator = resource?.negated ? 'StringNotLike' : 'StringLike';
  return {
    statement,
    actions: (action?.patterns ?? []).map((text) => compilePattern([{ text, wildcards: true }], true)),
    resource:
      resource === null ? null : compileCondition({ operator, key: RESOURCE, values: resource.patterns }, hasVariables),
    conditions: conditions.map((condition) => compileCondition(condition, hasVariables)),
  };
}

/** A statement whose principal and action match a request, or may: what is left are its conditions. */
export interface Candidate {
  readonly label: string;
  readonly grants: 'deny' | 'allow' | 'delegate';
  /** Why nobody can say whether the statement applies, whatever its conditions say; `null` where that is known. */
  readonly open: string | null;
  readonly conditions: readonly CompiledCondition[];
}

interface Compiled {
  readonly compiled: readonly CompiledStatement[];
}

/** What the statements of a policy, and the Deny statements of resource control policies, come down to for a request. */
export function candidatesOf(
  policy: Compiled,
  request: AccessRequest,
  resourceControlPolicies: readonly Compiled[],
): readonly Candidate[] {
  const asker = knownPrincipal(request.principal);
  const candidates: Candidate[] = [];
  for (const compiled of policy.compiled) {
    const candidate = candidateOf(compiled, request, asker);
    if (candidate !== null) candidates.push(candidate);
  }
  for (const { compiled } of controlsOver(request.principal, resourceControlPolicies))
    for (const statement of compiled) {
      const candidate = statement.statement.effect === 'Deny' ? candidateOf(statement, request, asker) : null;
      if (candidate !== null) candidates.push({ ...candidate, label: `resource control policy ${candidate.label}` });
    }
  return candidates;
}

/** What a statement comes down to for one request; `null` when it cannot apply. */
function candidateOf(compiled: CompiledStatement, request: AccessRequest, asker: KnownPrincipal): Candidate | null {
  const { statement, resource } = compiled;
  const principal = matchPrincipal(statement.principal, statement.effect, asker);
  const grants = statement.effect === 'Deny' ? 'deny' : principal === 'delegated' ? 'delegate' : 'allow';
  if (grants === 'delegate' && request.directly) return null;
  if (namesNobody(statement)) return null;
  const unreadable = statement.undecidable ?? errorOfStatement(statement);
  if (unreadable !== null) return { label: statement.label, grants, open: unreadable, conditions: [] };
  if (resource === null || principal === 'no' || !matchesAction(compiled, request.action)) return null;
  const isOpen = resource.variables.length > 0 || request.resources !== undefined;
  const fixed: Truth = isOpen ? null : evaluateCondition(resource, () => request.resource);
  if (fixed === false) return null;
  return {
    label: statement.label,
    grants,
    open: typeof principal === 'object' ? principal.open : null,
    conditions: fixed === true ? compiled.conditions : [resource, ...compiled.conditions],
  };
}

/** Whether some Allow statement may be for a principal, whatever it asks; if none is, all that it asks is denied. */
export function mayBeAllowed({ compiled }: Compiled, principal: Principal, directly = false): boolean {
  const asker = knownPrincipal(principal);
  return compiled.some(({ statement }) => {
    if (statement.effect === 'Deny' || namesNobody(statement)) return false;
    if (statement.undecidable !== null || errorOfStatement(statement) !== null) return true;
    const match = matchPrincipal(statement.principal, 'Allow', asker);
    return match !== 'no' && !(directly && match === 'delegated');
  });
}

/** Errors that leave the rest of a statement readable: they are a matter of one condition, which stays open. */
const OF_ONE_CONDITION: readonly GrammarCode[] = ['unknown-operator', 'no-values', 'value-form'];

/** Why a statement as a whole cannot be read. */
export const errorOfStatement = ({ grammarErrors }: Statement): string | null =>
  grammarErrors.find(({ code }) => !OF_ONE_CONDITION.includes(code))?.message ?? null;

/** Whether an Allow has a principal that IAM's grammar refuses; whom such a Deny is for nobody knows. */
export const namesNobody = ({ effect, grammarErrors }: Statement): boolean =>
  effect === 'Allow' && grammarErrors.some(isOfPrincipal);

export const isOfPrincipal = ({ code }: GrammarError): boolean => code.startsWith('principal-');

export function matchesAction({ statement, actions }: CompiledStatement, action: string): boolean {
  if (statement.action === null) return false;
  return actions.some((pattern) => matches(pattern, action)) !== statement.action.negated;
}

/** What the statements of policies make of an action, apart from their conditions: alike for actions that they treat alike. */
export const actionKind = (policies: readonly Compiled[], action: string): string =>
  policies
    .flatMap(({ compiled }) => compiled.map((statement) => (matchesAction(statement, action) ? '1' : '0')))
    .join('');
