import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type { Measurement } from './budget.ts';

/** The file that Lambda loads for `index.handler`. */
export function entryOf(folder: string): string {
  const entry = ['index.mjs', 'index.cjs', 'index.js'].map((name) => join(folder, name)).find(existsSync);
  if (!entry) throw new Error(`no index.mjs, index.cjs or index.js in \`${folder}\`: run npm run build`);
  return entry;
}

/** Bytes that are read at every start. */
export async function loadedAtStart(folder: string): Promise<Measurement> {
  const files = await filesAtStart(folder);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return {
    what: 'Lambda bundle loaded at start',
    measured: bytes / 1_000,
    limit: 330,
    bound: 'at most',
    unit: ' KB',
    note: `${files.length} file${files.length === 1 ? '' : 's'}`,
  };
}

/** The entry and what it imports statically, over every step. */
export async function filesAtStart(folder: string): Promise<readonly string[]> {
  const entry = entryOf(folder);
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    outdir: folder,
    absWorkingDir: folder,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const loaded = new Set<string>();
  const pending = [relative(folder, entry)];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const input = metafile.inputs[path];
    if (loaded.has(path) || !input) continue;
    loaded.add(path);
    for (const imported of input.imports) if (imported.kind !== 'dynamic-import') pending.push(imported.path);
  }
  return [...loaded].map((path) => join(folder, path));
}
