import type { CheckDocument, RepairedBy } from '../../src/trail/check.ts';
import { controlsOfCheck } from './controlsTable.ts';
import { WHEN } from './urgencyTable.ts';

const REPAIRED_BY: Readonly<Record<RepairedBy, string>> = {
  runbook:
    '`cloudtrail-kms repair`, or the [runbook](../remediation.md#let-aws-config-start-a-runbook) once it is approved',
  planner: '`cloudtrail-kms repair --apply`, as far as it can be proved',
  'chosen-key': 'another key for the trail, which a person chooses',
  person: 'a person',
};

/** What a check's page holds of the check itself. */
export function checkHead(check: CheckDocument): string {
  const { id, title, severity, rationale, remediation, examples, controls, sources } = check;
  const sections = [
    `# ${id}`,
    `${title}. Severity: **${severity}**.`,
    `**Why.** ${rationale}`,
    `**What to do.** ${remediation}`,
    [`- Passes: ${examples.pass}.`, `- Fails: ${examples.fail}.`].join('\n'),
    ...(controls.length === 0 ? [] : [controlsOfCheck(check).trimEnd()]),
    `**Sources.** ${sources.join('; ')}.`,
    facts(check).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

const facts = ({ urgency, isDecisive, speaksOf, repairedBy }: CheckDocument): readonly string[] => [
  `- How urgent: ${WHEN[urgency]}. The names in commands are those of [the first lines](../remediation.md#first-are-logs-being-lost).`,
  `- Fixed by ${REPAIRED_BY[repairedBy]}.`,
  ...(isDecisive ? ['- Decisive: while it is unknown the trail is undecided.'] : []),
  ...(speaksOf === 'key' ? ['- It speaks of the key, whatever trail uses it.'] : []),
];

/** The page of a check that has none yet. */
export const newCheckPage = (): string => `<!-- generated: check -->
<!-- end: check -->

## Fix it

TODO: what has happened, and what is lost meanwhile.

${['Console', 'CLI', 'Terraform', 'CloudFormation'].map((way) => `- **${way}**: TODO.\n`).join('')}- **Verify**: [as ever](../remediation.md#verify).
`;
