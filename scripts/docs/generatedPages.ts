import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { checkHead, newCheckPage } from './checkPage.ts';
import { checksIndex } from './checksIndex.ts';
import { controlsOfAll } from './controlsTable.ts';
import { withGenerated } from './markers.ts';
import { urgencyTable } from './urgencyTable.ts';

/** Every page that holds something generated, by its path from the root, as it should be. */
export function generatedPages(root: string): ReadonlyMap<string, string> {
  const read = (page: string) => readFileSync(join(root, page), 'utf8');
  const checkPages = CHECKS.map((check): [string, string] => {
    const page = `docs/checks/${check.id}.md`;
    const written = existsSync(join(root, page)) ? read(page) : newCheckPage();
    return [page, withGenerated(written, 'check', `\n${checkHead(check)}`)];
  });
  const readme = withGenerated(read('README.md'), 'check-count', String(CHECKS.length));
  return new Map([
    ['README.md', withGenerated(readme, 'controls', `\n${controlsOfAll(CHECKS)}`)],
    ['docs/remediation.md', withGenerated(read('docs/remediation.md'), 'urgency', `\n${urgencyTable(CHECKS)}`)],
    ['docs/checks.md', checksIndex(CHECKS)],
    ...checkPages,
  ]);
}
