import { readdirSync, readFileSync } from 'node:fs';
import { handWritten } from '../../scripts/docs/markers.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';

const page = (id: string) => handWritten(readFileSync(`docs/checks/${id}.md`, 'utf8'));

const WAYS = ['Console', 'CLI', 'Terraform', 'CloudFormation', 'Verify'];
test.each(CHECKS.flatMap(({ id }) => WAYS.map((way) => [id, way] as const)))('%s says how: %s', (id, way) => {
  expect(page(id)).toMatch(new RegExp(`^- \\*\\*${way}\\*\\*: \\S`, 'm'));
});

test('ids are permanent: no page and no cases are about a check that is gone', () => {
  const ids = CHECKS.map(({ id }) => id).sort();
  const named = (folder: string, end: string) =>
    readdirSync(folder)
      .map((file) => file.replace(end, ''))
      .sort();
  expect(named('docs/checks', '.md')).toEqual(ids);
  expect(named('test/cases/trail/checks', '.json')).toEqual(ids);
});

test.each(CHECKS.map(({ id }) => id))('the page and the cases of %s are finished', (id) => {
  expect(page(id)).not.toContain('TODO');
  expect(readFileSync(`test/cases/trail/checks/${id}.json`, 'utf8')).not.toContain('TODO');
});
