/** Writes every page, and every part of a page, that is made from the sources: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './docs/generatedFiles.ts';

const root = join(import.meta.dirname, '..');
for (const [page, text] of generatedFiles(root)) writeFileSync(join(root, page), text);
