import type { KeyValue } from '../../policy/condition.ts';
import { findExcess } from '../../policy/findExcess.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { withoutRefusedAllows } from '../../policy/refused.ts';
import type { AccessRequest, Principal } from '../../policy/request.ts';
import type { Statement } from '../../policy/statement.ts';
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

/**
 * How what one key policy gives relates to what another gives.
 *
 * - `equal`, `narrower`, `wider`, `incomparable`: proved for every principal, service, action and context.
 * - `unknown`: nobody can say of everything, for the `reason`; what is listed is certain all the same.
 */
export interface PolicyComparison {
  readonly relation: 'equal' | 'narrower' | 'wider' | 'incomparable' | 'unknown';
  readonly gained: readonly AccessDifference[];
  readonly lost: readonly AccessDifference[];
  readonly reason: string | null;
}

/** The most that one request takes, and a comparison: a few seconds of a server's core. */
const WORK_OF_REQUEST = 250_000;
const WORK_OF_COMPARISON = 12_000_000;

/** Compares what two policies give, each the whole policy of the same key. `keyArn`: where it is known. */
export function comparePolicies(before: KeyPolicy, after: KeyPolicy, keyArn: string | null): PolicyComparison {
  const policies = [withoutRefusedAllows(before), withoutRefusedAllows(after)] as const;
  const work = workFor(WORK_OF_COMPARISON);
  const questions = questionsOf(policies, keyArn, askersOf);
  const gains = excessOf(policies[1], policies[0], questions, work);
  const losses = excessOf(policies[0], policies[1], questions, work);
  const isEveryAccountAsked = callerAccountPatterns(policies).length <= 1;
  const all = (excesses: Excesses, policy: KeyPolicy, than: KeyPolicy): Excesses =>
    isEveryAccountAsked || excesses.found.length > 0 || excesses.reason !== null
      ? excesses
      : excessOfAnyAccount(policy, than, policies, keyArn, work);
  return concluded(
    all(gains, policies[1], policies[0]),
    all(losses, policies[0], policies[1]),
    whatIsNotAsked(policies),
  );
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

interface Excesses {
  readonly found: readonly AccessDifference[];
  readonly reason: string | null;
}

function excessOf(policy: KeyPolicy, than: KeyPolicy, questions: readonly Question[], work: Work): Excesses {
  const found = new Map<string, AccessDifference>();
  let reason: string | null = null;
  for (const { request, actions } of questions) {
    const own = workFor(Math.min(WORK_OF_REQUEST, work.left));
    const { left } = own;
    const excess = findExcess(policy, than, request, own);
    work.left -= left - own.left;
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

/**
 * Where several patterns of account ids may overlap: nobody of any account gets more, or else somebody of an account that
 * is found by asking for all of them at once.
 */
function excessOfAnyAccount(
  policy: KeyPolicy,
  than: KeyPolicy,
  policies: readonly KeyPolicy[],
  keyArn: string | null,
  work: Work,
): Excesses {
  for (const { request } of questionsOf(policies, keyArn, (all, key) => [anybodyUnnamed(all, key)])) {
    const own = workFor(Math.min(WORK_OF_REQUEST, work.left));
    const { left } = own;
    const excess = findExcess(policy, than, request, own);
    work.left -= left - own.left;
    if (excess.is === 'none') continue;
    const accounts = excess.is === 'open' ? [] : accountsIn(excess.values);
    const questions = questionsOf(policies, keyArn, (all, key) =>
      accounts.flatMap((account) => askersOfAccount(all, key, account)),
    );
    const { found } = excessOf(policy, than, questions, work);
    if (found.length > 0) return { found, reason: null };
    return { found, reason: excess.is === 'open' ? `${request.action}: ${excess.reason}` : ACCOUNTS_NOT_TOLD_APART };
  }
  return { found: [], reason: null };
}

const ACCOUNTS_NOT_TOLD_APART =
  'several patterns of account ids stand in the policies, and not every account is told apart';

const accountsIn = (values: ReadonlyMap<string, KeyValue>): readonly string[] =>
  distinct([...values.values()].flat().flatMap((value) => value?.match(/(?<!\d)\d{12}(?!\d)/) ?? []));

const nameOf = (principal: Principal): string => ('service' in principal ? principal.service : principal.aws);

const written = (principal: Principal): AccessDifference['principal'] =>
  'service' in principal ? { Service: principal.service } : { AWS: principal.aws };

function concluded(gains: Excesses, losses: Excesses, notAsked: string | null): PolicyComparison {
  const { found: gained } = gains;
  const { found: lost } = losses;
  if (gained.length > 0 && lost.length > 0) return { relation: 'incomparable', gained, lost, reason: null };
  const open = [gained.length === 0 ? gains.reason : null, lost.length === 0 ? losses.reason : null, notAsked];
  const reason = open.find((one) => one !== null) ?? null;
  if (reason !== null) return { relation: 'unknown', gained, lost, reason };
  const relation = gained.length > 0 ? 'wider' : lost.length > 0 ? 'narrower' : 'equal';
  return { relation, gained, lost, reason };
}

/** What the requests do not cover. */
function whatIsNotAsked(policies: readonly KeyPolicy[]): string | null {
  const [before = [], after = []] = policies.map(({ statements }) => statements);
  if (isSame(before, after)) return null;
  if (!isSame(before.filter(isForOthers), after.filter(isForOthers)))
    return 'statements for `Federated` or `CanonicalUser` principals differ, which are not evaluated';
  return null;
}

const isForOthers = ({ principal }: Statement): boolean =>
  principal.federated.length + principal.canonicalUser.length > 0;

/** The same statements under whatever Sids, in whatever order. */
const isSame = (some: readonly Statement[], others: readonly Statement[]): boolean => {
  const [a, b] = [some, others].map((all) =>
    all
      .map(({ label: _, ...rest }) => JSON.stringify(rest))
      .sort()
      .join(),
  );
  return a === b;
};
