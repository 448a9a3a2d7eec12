/**
 * Compares AWS's newest public API models (botocore's, from PyPI) with the fingerprint of what the product rests on:
 *
 *   npm run watch:aws [-- --models WHEEL_OR_FOLDER] [--accept]
 *
 * Exits 1 on whatever is new or gone, until it is judged in docs/aws-facts.md and accepted; 2 where the models cannot be
 * read; 0 where nothing is new, and, saying so, where the registry cannot be reached.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge, TABLE } from './awsModels/judge.ts';
import { modelsAt, publicFacts } from './awsModels/models.ts';
import { newestWheel } from './awsModels/newest.ts';
import { zipFiles } from './awsModels/zip.ts';

const root = join(import.meta.dirname, '..');
const FINGERPRINT = join(root, 'scripts/awsModels/fingerprint.txt');

try {
  process.exitCode = await watch();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function watch(): Promise<number> {
  const { values } = parseArgs({
    options: { models: { type: 'string' }, accept: { type: 'boolean', default: false } },
  });
  const newest = values.models === undefined ? await newestWheel() : null;
  if (newest !== null && 'offline' in newest) {
    console.log(`skipped, the registry could not be reached: ${newest.offline}`);
    return 0;
  }
  const models = publicFacts(newest === null ? modelsAt(values.models ?? '') : zipFiles(newest.wheel));
  const table = readFileSync(join(root, TABLE), 'utf8');
  const { lines, exitCode, fingerprint } = judge(readFileSync(FINGERPRINT, 'utf8'), models, table, values.accept);
  console.log(lines.join('\n'));
  if (fingerprint !== null) writeFileSync(FINGERPRINT, fingerprint);
  return exitCode;
}
