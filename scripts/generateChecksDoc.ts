import { writeFileSync } from 'node:fs';
import { CHECKS } from '../src/trail/checks/index.ts';
import { checksDocument } from './checksDocument.ts';

writeFileSync(new URL('../docs/checks.md', import.meta.url), checksDocument(CHECKS));
