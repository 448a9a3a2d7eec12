import type { CheckId } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { accessOf } from '../../trail/repair/planAccess.ts';
import { headOf } from '../planHead.ts';
import { access } from './access.ts';
import { head, type MadeBy, madeBy } from './frame.ts';
import { html, lines, type Markup, prose } from './markup.ts';

/** Plans as one HTML file that loads nothing and runs no script: for whoever reads or approves them. */
export function* htmlPlans(plans: readonly RepairPlan[], about: MadeBy): Generator<string> {
  yield head('Repair of CloudTrail keys').source;
  yield html`<body><header><h1>Repair of CloudTrail keys</h1><p>What would change, why, and what access that gives and takes. Nothing is changed by this page.</p>
${madeBy(about)}</header><main>
`.source;
  for (const plan of plans) yield section(plan).source;
  yield '</main>\n</body></html>\n';
}

function section(plan: RepairPlan): Markup {
  const { look, title, fixes, leaves } = headOf(plan);
  const { keyArn, trailArns, laterTrailArns = [], reason, policy, commands } = plan;
  return html`<details class="trail" open><summary><span class="tag ${look}">${title}</span><h3><bdi>${keyArn ?? 'no key'}</bdi></h3></summary>
<div class="body"><dl>${checks('Fixes', fixes)}${checks('Leaves', leaves)}${named('Trail', trailArns)}${named('For a later stage', laterTrailArns)}</dl>
${reason === null ? null : html`<p class="annotation">${prose(reason)}</p>`}${edits(plan)}${plan.work === null ? null : access(accessOf(plan))}${policy === null ? null : block('The key policy that results', JSON.stringify(policy, null, 2))}${commands.length === 0 ? null : block('Commands', commands.join('\n'))}${remaining(plan)}</div></details>
`;
}

const checks = (word: string, ids: readonly CheckId[]): Markup | null =>
  ids.length === 0 ? null : html`<dt>${word}</dt><dd>${ids.join(', ')}</dd>`;

const named = (word: string, arns: readonly string[]): readonly Markup[] =>
  arns.map((arn) => html`<dt>${word}</dt><dd><bdi>${arn}</bdi></dd>`);

function edits({ edits: all }: RepairPlan): Markup | null {
  if (all.length === 0) return null;
  const rows = all.map(
    ({ statement, change, message }) =>
      html`<div class="finding"><p class="check"><strong>${change}</strong>${statement === null ? null : html` <code>${statement}</code>`}</p><p>${prose(message)}</p></div>`,
  );
  return html`<h4>What changes</h4>${rows}`;
}

function remaining({ remaining: left }: RepairPlan): Markup | null {
  if (left.length === 0) return null;
  const rows = left.map(
    ({ check, severity, message, remediation }) =>
      html`<div class="finding"><p class="check"><span class="tag ${severity.toLowerCase()}">${severity}</span> <strong>${check}</strong></p><p>${prose(message)}</p><p>${prose(remediation)}</p></div>`,
  );
  return html`<h4>Left for a person</h4>${rows}`;
}

const block = (title: string, text: string): Markup =>
  html`<h4>${title}</h4><div class="block"><pre><code>${lines(text)}</code></pre></div>`;
