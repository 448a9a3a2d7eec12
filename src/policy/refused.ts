import { namesNobody } from './compile.ts';
import type { KeyPolicy } from './parse.ts';
import type { Statement } from './statement.ts';

/** Whether IAM's grammar refuses an Allow: no policy with it can be written, so it allows nobody. */
const isRefusedAllow = ({ effect, grammarErrors }: Statement): boolean =>
  effect === 'Allow' && grammarErrors.length > 0;

const admitted = new WeakMap<KeyPolicy, KeyPolicy>();

/** The policy without the Allow statements that IAM's grammar refuses. A refused Deny stays, and stays open. */
export function withoutRefusedAllows(policy: KeyPolicy): KeyPolicy {
  if (!policy.statements.some(isRefusedAllow)) return policy;
  const known = admitted.get(policy);
  if (known !== undefined) return known;
  const left: KeyPolicy = {
    ...policy,
    statements: policy.statements.filter((statement) => !isRefusedAllow(statement)),
    compiled: policy.compiled.filter(({ statement }) => !isRefusedAllow(statement)),
  };
  admitted.set(policy, left);
  return left;
}

/** What keeps Allow statements from naming anybody, as a sentence; `null` where none is kept from it. */
export function refusedPrincipals({ statements }: KeyPolicy): string | null {
  const refused = statements.filter(namesNobody).map(({ label, grammarErrors }) => {
    const said = grammarErrors.map(({ message }) => message).join('; ');
    return `statement \`${label}\` allows nobody, because IAM's grammar refuses it: ${said}`;
  });
  return refused.length === 0 ? null : refused.join('; ');
}
