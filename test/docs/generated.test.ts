import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../../scripts/docs/generatedFiles.ts';

const root = join(__dirname, '..', '..');

test.each([...generatedFiles(root)])('%s is what the sources say (npm run docs)', (page, text) => {
  expect(readFileSync(join(root, page), 'utf8')).toBe(text);
});
