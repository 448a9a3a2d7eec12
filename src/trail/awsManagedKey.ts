import type { KeyFacts, TrailFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { setKey } from './remedies.ts';
import type { RemedyStep } from './remedy/steps.ts';

const IN_POLICY: ReadonlySet<RemedyStep['do']> = new Set(['edit-policy', 'write-policy', 'separate-users']);

/** The finding with another key in place of an edit of a policy that nobody but AWS can edit (AWS KMS keys: AWS managed keys). */
export function withoutEditsOfAws(finding: Finding, trail: TrailFacts, key: KeyFacts | null): Finding {
  if (!key?.metadata.read || key.metadata.value.manager !== 'AWS') return finding;
  const open = finding.remedy.filter((way) => !way.some((step) => IN_POLICY.has(step.do)));
  if (open.length === finding.remedy.length) return finding;
  return { ...finding, remedy: [[{ do: 'create-key', kind: 'customer-managed' }, setKey(trail)], ...open] };
}
