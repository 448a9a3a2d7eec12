import type { CheckDocument } from '../../src/trail/check.ts';
import { table } from './tables.ts';

/** docs/checks.md; each check's name is an anchor, so that links from before it had a page lead to its row. */
export function checksIndex(checks: readonly CheckDocument[]): string {
  const decisive = checks.filter(({ isDecisive }) => isDecisive).map(({ id }) => `\`${id}\``);
  const rows = checks.map(({ id, title, severity }) => [
    `<a id="${id}"></a>[\`${id}\`](checks/${id}.md)`,
    title,
    severity,
  ]);
  return `# Checks

This page, and the head of each check's page, is generated from the checks themselves by \`npm run docs\`: change a check,
not this page.

Each check gives one finding for each trail: \`pass\`, \`fail\`, \`unknown\` (with the reason) or \`not-applicable\`. A trail is
NON_COMPLIANT when a check of at least \`minimumSeverity\` fails, or when a decisive check is unknown and \`whenUndecided\`
says so. Decisive are ${decisive.slice(0, -1).join(', ')} and ${decisive.at(-1)}.
Ids are permanent. Each check's page says why it exists and how to fix what it finds, step by step; where to begin at night:
[remediation.md](remediation.md).

${table(['id', 'holds when', 'severity'], rows)}`;
}
