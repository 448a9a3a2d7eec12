import { checkOf } from '../../trail/checks/index.ts';
import type { CheckId } from '../../trail/finding.ts';
import { openFindings, SEVERITIES } from '../order.ts';
import type { TrailReport } from '../report.ts';
import { html, type Markup, prose } from './markup.ts';

interface Tally {
  failing: number;
  unknown: number;
}

export type OpenChecks = readonly (readonly [CheckId, Tally])[];

/** Which checks fail or are not known, and on how many trails: gravest first, then most. */
export function openChecks(trails: readonly TrailReport[]): OpenChecks {
  const tallies = new Map<CheckId, Tally>();
  for (const { check, status } of trails.flatMap(openFindings)) {
    const tally = tallies.get(check) ?? { failing: 0, unknown: 0 };
    tallies.set(check, tally);
    tally[status === 'fail' ? 'failing' : 'unknown'] += 1;
  }
  const severity = (check: CheckId): number => SEVERITIES.indexOf(checkOf(check).severity);
  return [...tallies].sort(
    ([a, ofA], [b, ofB]) => severity(a) - severity(b) || ofB.failing - ofA.failing || ofB.unknown - ofA.unknown,
  );
}

export function causes(checks: OpenChecks): Markup | null {
  const rows = checks.map(([check, { failing, unknown }]) => {
    const { severity, title } = checkOf(check);
    return html`<tr><td><span class="tag ${severity.toLowerCase()}">${severity}</span></td><th scope="row"><button type="button" class="pick" data-check="${check}">${check}</button><span class="should">${prose(title)}</span></th><td class="number">${failing}</td><td class="number">${unknown}</td></tr>`;
  });
  if (rows.length === 0) return null;
  return html`<details class="causes" open><summary><h2>What is wrong, by check</h2></summary>
<table><thead><tr><th scope="col">Severity</th><th scope="col">Check</th><th scope="col" class="number">Fails</th><th scope="col" class="number">Not known</th></tr></thead><tbody>${rows}</tbody></table></details>
`;
}
