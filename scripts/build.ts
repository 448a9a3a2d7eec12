/**
 * Builds what is shipped: each Lambda function as `dist/lambda/<handler>/index.mjs`, with the options that SAM gives to
 * esbuild, the command line as `dist/cli.js`, and the library as `dist/index.js` with its declarations; beside them whose code
 * is part of it (`dist/bundled.json`), and the notices that its licences ask for.
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { commandLineBuild, onNode20 } from './commandLineBuild.ts';
import { writeDeclarations } from './declarations.ts';
import { everyLambdaBuild } from './lambdaBuilds.ts';
import { bundledPackages } from './release/bundledPackages.ts';
import { thirdPartyNotices } from './release/notices.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const common = { absWorkingDir: root, bundle: true, platform: 'node', metafile: true } as const satisfies BuildOptions;

const metafiles: Metafile[] = [];

rmSync(dist, { recursive: true, force: true });
for (const { handler, entryPoint, options } of everyLambdaBuild(root)) {
  const outdir = join(dist, 'lambda', handler);
  const { metafile } = await build({ ...options, ...common, entryPoints: { index: entryPoint }, outdir });
  metafiles.push(metafile);
  const { atStart, total } = sizes(metafile, /\/index\.m?js$/);
  console.log(`dist/lambda/${handler}: ${kilobytes(atStart)} loaded at start, ${kilobytes(total)} in all`);
}

{
  const { metafile } = await build(commandLineBuild(root, dist));
  metafiles.push(metafile);
  chmodSync(join(dist, 'cli.js'), 0o755);
  const { atStart, total } = sizes(metafile, /\/cli\.js$/);
  console.log(`dist/cli.js: ${kilobytes(atStart)} loaded at start, ${kilobytes(total)} in all`);
}

// Whoever still uses `require` gets the library too.
for (const [format, outfile] of [
  ['esm', 'index.js'],
  ['cjs', 'index.cjs'],
] as const) {
  const library = {
    ...onNode20(root),
    entryPoints: [join(root, 'src/index.ts')],
    format,
    outfile: join(dist, outfile),
  };
  const { metafile } = await build(library);
  metafiles.push(metafile);
  console.log(`dist/${outfile}: ${kilobytes(sizes(metafile, /\/index\.c?js$/).total)}`);
}
writeDeclarations(root, join(dist, 'types'));

const bundled = bundledPackages(root, metafiles);
const named = bundled.map(({ name, version, license }) => ({ name, version, license }));
writeFileSync(join(dist, 'bundled.json'), `${JSON.stringify(named, null, 2)}\n`);
const notices = thirdPartyNotices(bundled, readFileSync(join(root, 'LICENSE'), 'utf8'));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices);

/** Bytes of the entry with everything that it imports statically, and of all files. */
function sizes({ outputs }: Metafile, entry: RegExp): { readonly atStart: number; readonly total: number } {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: imported } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && imported in outputs) load(imported);
    }
  };
  for (const path of Object.keys(outputs)) if (entry.test(path)) load(path);
  const bytes = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  return { atStart: bytes(loaded), total: bytes(Object.keys(outputs)) };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
