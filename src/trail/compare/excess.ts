import type { KeyValue } from '../../policy/condition.ts';
import { findExcess } from '../../policy/findExcess.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import type { AccessRequest, Principal } from '../../policy/request.ts';
import { type Work, workFor } from '../../policy/work.ts';
import { distinct } from '../policyNames.ts';
import { actionKinds } from './actions.ts';
import { anybodyUnnamed, askersOf, askersOfAccount, callerAccountPatterns } from './askers.ts';
import { resourcesOf } from './resources.ts';
import { type DifferenceContext, witnessOf } from './witness.ts';

/** Somebody for whom two key policies differ, and a request for which they do. */
export interface AccessDifference {
  readonly action: string;
  /** As policies write it; a name that ends in `unnamed` stands for everybody whom no policy names. */
  readonly principal: { readonly AWS: string } | { readonly Service: string };
  /** The condition keys of the request, as few as the difference needs. */
  readonly context: DifferenceContext;
  /** The statements of the policy that gives it. */
  readonly statements: readonly string[];
}

/** What one policy gives and another does not; `reason`: why nobody can say of everything. */
export interface Excesses {
  readonly found: readonly AccessDifference[];
  readonly reason: string | null;
}

/** The most that one request takes. */
const WORK_OF_REQUEST = 250_000;

/** Finds what one of two policies gives and the other does not. */
export function excessFinder(
  policies: readonly KeyPolicy[],
  keyArn: string | null,
  work: Work,
): (policy: KeyPolicy, than: KeyPolicy) => Excesses {
  const asked = (askers: typeof askersOf) => questionsOf(policies, keyArn, askers);
  const questions = asked(askersOf);
  const isEveryAccountAsked = callerAccountPatterns(policies).length <= 1;
  return (policy, than) => {
    const excesses = excessOf(policy, than, questions, work);
    const isSettled = isEveryAccountAsked || excesses.found.length > 0 || excesses.reason !== null;
    return isSettled ? excesses : excessOfAnyAccount(policy, than, asked, work);
  };
}

interface Question {
  readonly request: AccessRequest;
  /** Actions that have the same answer, for people to see. */
  readonly actions: readonly string[];
}

/** One request for each that the policies could tell apart, with every other condition key unknown. */
function questionsOf(
  policies: readonly KeyPolicy[],
  keyArn: string | null,
  askers: typeof askersOf,
): readonly Question[] {
  const kinds = actionKinds(policies);
  return resourcesOf(policies, keyArn).flatMap((resource) =>
    askers(policies, resource).flatMap((asker) =>
      kinds.map(({ asked, shown }) => ({
        request: { ...asker, action: asked, resource, otherKeys: 'unknown' as const },
        actions: shown,
      })),
    ),
  );
}

function excessOf(policy: KeyPolicy, than: KeyPolicy, questions: readonly Question[], work: Work): Excesses {
  const found = new Map<string, AccessDifference>();
  let reason: string | null = null;
  for (const { request, actions } of questions) {
    const excess = excessOfRequest(policy, than, request, work);
    if (excess.is === 'open') reason ??= `${nameOf(request.principal)}, ${request.action}: ${excess.reason}`;
    if (excess.is !== 'found') continue;
    const principal = written(request.principal);
    const witness = witnessOf(policy, than, request, excess.values);
    for (const action of actions) {
      const id = JSON.stringify([principal, action]);
      if (!found.has(id)) found.set(id, { action, principal, ...witness });
    }
  }
  return { found: [...found.values()], reason };
}

function excessOfRequest(policy: KeyPolicy, than: KeyPolicy, request: AccessRequest, work: Work) {
  const own = workFor(Math.min(WORK_OF_REQUEST, work.left));
  const { left } = own;
  const excess = findExcess(policy, than, request, own);
  work.left -= left - own.left;
  return excess;
}

/**
 * Where several patterns of account ids may overlap: nobody of any account gets more, or else somebody of an account that
 * is found by asking for all of them at once.
 */
function excessOfAnyAccount(
  policy: KeyPolicy,
  than: KeyPolicy,
  asked: (askers: typeof askersOf) => readonly Question[],
  work: Work,
): Excesses {
  for (const { request } of asked((policies, keyArn) => [anybodyUnnamed(policies, keyArn)])) {
    const excess = excessOfRequest(policy, than, request, work);
    if (excess.is === 'none') continue;
    if (excess.is === 'open') return { found: [], reason: `somebody unnamed, ${request.action}: ${excess.reason}` };
    const accounts = accountsIn(excess.values);
    const questions = asked((policies, keyArn) =>
      accounts.flatMap((account) => askersOfAccount(policies, keyArn, account)),
    );
    const { found } = excessOf(policy, than, questions, work);
    return { found, reason: found.length > 0 ? null : NOT_TOLD_APART };
  }
  return { found: [], reason: null };
}

const NOT_TOLD_APART = 'several patterns of account ids stand in the policies, and not every account is told apart';

const accountsIn = (values: ReadonlyMap<string, KeyValue>): readonly string[] =>
  distinct([...values.values()].flat().flatMap((value) => value?.match(/(?<!\d)\d{12}(?!\d)/) ?? []));

const nameOf = (principal: Principal): string => ('service' in principal ? principal.service : principal.aws);

const written = (principal: Principal): AccessDifference['principal'] =>
  'service' in principal ? { Service: principal.service } : { AWS: principal.aws };
