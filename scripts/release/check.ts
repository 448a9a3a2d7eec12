/**
 * Whether the sources may be released under a tag: prints each reason against it, and fails where there is one.
 *
 *   node scripts/release/check.ts v1.2.3
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf } from './problems.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const problems = problemsOf(read, process.argv[2] ?? '', process.env);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
