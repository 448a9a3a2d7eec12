import type { KeyPolicy } from '../../policy/parse.ts';
import { withoutRefusedAllows } from '../../policy/refused.ts';
import type { Statement } from '../../policy/statement.ts';
import { workFor } from '../../policy/work.ts';
import { type AccessDifference, type Excesses, excessFinder } from './excess.ts';

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

/** The most that a comparison takes: a few seconds of a server's core. */
const WORK_OF_COMPARISON = 12_000_000;

/** Compares what two policies give, each the whole policy of the same key. `keyArn`: where it is known. */
export function comparePolicies(before: KeyPolicy, after: KeyPolicy, keyArn: string | null): PolicyComparison {
  const policies = [withoutRefusedAllows(before), withoutRefusedAllows(after)] as const;
  const excessOf = excessFinder(policies, keyArn, workFor(WORK_OF_COMPARISON));
  const gains = excessOf(policies[1], policies[0]);
  const losses = excessOf(policies[0], policies[1]);
  return concluded(gains, losses, whatIsNotAsked(policies));
}

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
  const [before = [], after = []] = policies.map(({ statements }) => statements.filter(isForOthers));
  return isSame(before, after)
    ? null
    : 'statements for `Federated` or `CanonicalUser` principals differ, which are not evaluated';
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
