import type { Finding } from '../../trail/finding.ts';
import type { Exception } from './exception.ts';
import type { CompiledException, Exceptions } from './exceptions.ts';

/** What the exceptions of a trail do to its deciding findings. */
interface AppliedExceptions {
  /** Deciding findings that no exception in force covers. */
  readonly remaining: readonly Finding[];
  /** Of the exceptions that cover a finding, the one that ends first; `null` when none covers one. */
  readonly inForce: Exception | null;
  /** The exception of a remaining finding that ended last; `null` when none did. */
  readonly expired: Exception | null;
}

/**
 * Takes away the deciding findings that are excepted at a moment.
 *
 * @param exceptions those for the trail
 */
export function applyExceptions(deciding: readonly Finding[], exceptions: Exceptions, at: Date): AppliedExceptions {
  const now = at.getTime();
  const longest = deciding.map((finding) => lastToEnd(exceptions.filter((entry) => covers(entry, finding))));
  const isInForce = (entry: CompiledException | null): entry is CompiledException => entry !== null && now < entry.end;
  const over = longest.filter((entry) => entry !== null && !isInForce(entry));
  return {
    remaining: deciding.filter((_, index) => !isInForce(longest[index] ?? null)),
    inForce: firstToEnd(longest.filter(isInForce))?.exception ?? null,
    expired: lastToEnd(over.filter((entry) => entry !== null))?.exception ?? null,
  };
}

/** A CRITICAL check is excepted by name only. */
function covers({ exception }: CompiledException, finding: Finding): boolean {
  return exception.checks === null ? finding.severity !== 'CRITICAL' : exception.checks.includes(finding.check);
}

const lastToEnd = (entries: Exceptions): CompiledException | null =>
  entries.reduce<CompiledException | null>(
    (last, entry) => (last !== null && last.end >= entry.end ? last : entry),
    null,
  );

const firstToEnd = (entries: Exceptions): CompiledException | null =>
  entries.reduce<CompiledException | null>(
    (first, entry) => (first !== null && first.end <= entry.end ? first : entry),
    null,
  );
