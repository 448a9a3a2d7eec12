import { execFileSync } from 'node:child_process';
import { relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

test('Jest knows which tests have to do with a file of src: `npm run quick` runs those alone', () => {
  const args = ['--findRelatedTests', 'src/policy/parse.ts', '--listTests'];
  const said = execFileSync(resolve(root, 'node_modules/.bin/jest'), args, { cwd: root, encoding: 'utf8' });
  const files = said.trim().split('\n');
  expect(files.map((file) => relative(root, file))).toContain('test/policy/authorize.test.ts');
});
