import { type Control, controlsOf } from '../src/trail/controls.ts';
import type { Check } from '../src/trail/finding.ts';

const INTRODUCTION = `# Checks

This page is generated from the checks themselves by \`npm run docs\`: change a check, not this page.

Each check gives one finding for each trail: \`pass\`, \`fail\`, \`unknown\` (with the reason) or \`not-applicable\`. A trail is
NON_COMPLIANT when a check of at least \`minimumSeverity\` fails, or when a decisive check is unknown and \`whenUndecided\`
says so. Decisive are \`key-exists\`, \`key-usable\`, \`key-customer-managed\`, \`cloudtrail-can-encrypt\` and
\`public-excluded\`. Ids are permanent. How urgent each finding is and how to mend it, step by step:
[remediation.md](remediation.md).
`;

/** docs/checks.md as it should be. */
export const checksDocument = (checks: readonly Check[]): string =>
  [INTRODUCTION, overview(checks), ...checks.map(section)].join('\n');

function overview(checks: readonly Check[]): string {
  const rows = checks.map(({ id, title, severity }) => `| [\`${id}\`](#${id}) | ${cell(title)} | ${severity} |`);
  return `${['| id | holds when | severity |', '|---|---|---|', ...rows].join('\n')}\n`;
}

function section(check: Check): string {
  const lines = [
    `## ${check.id}`,
    `${check.title}. Severity: **${check.severity}**.`,
    `**Why.** ${check.rationale}`,
    `**What to do.** ${check.remediation}`,
    [`- Passes: ${check.examples.pass}.`, `- Fails: ${check.examples.fail}.`].join('\n'),
    ...controls(controlsOf(check.id)),
    `**Sources.** ${check.sources.join('; ')}.`,
  ];
  return `${lines.join('\n\n')}\n`;
}

function controls(all: readonly Control[]): readonly string[] {
  if (all.length === 0) return [];
  const benchmarks = [...new Set(all.map(({ benchmark }) => benchmark))];
  const rows = benchmarks.map((benchmark) => {
    const named = all.filter((control) => control.benchmark === benchmark).map(({ control }) => control);
    return `| ${benchmark} | ${named.join(', ')} |`;
  });
  return [['| benchmark | control |', '|---|---|', ...rows].join('\n')];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
