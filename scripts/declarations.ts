import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A relative import in a declaration file, as the sources spell it. */
const IMPORT = /(from '|import\(')(\.{1,2}\/[^']+)\.ts'/g;

/**
 * Writes the declarations of the library's entry, and of what they lead to, into a folder: for `import` as `.d.ts`, for
 * `require` as `.d.cts`.
 *
 * TypeScript leaves the sources' `.ts` in the imports of declarations; there they must name the module that is declared.
 */
export function writeDeclarations(root: string, outdir: string): void {
  const emitted = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const args = ['-p', join(root, 'tsconfig.types.json'), '--outDir', emitted];
    execFileSync(process.execPath, [compiler, ...args], { stdio: 'inherit' });
    const pending = ['index'];
    const done = new Set<string>();
    for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
      if (done.has(module)) continue;
      done.add(module);
      const text = readFileSync(join(emitted, `${module}.d.ts`), 'utf8');
      for (const [, , path = ''] of text.matchAll(IMPORT)) pending.push(join(dirname(module), path));
      const target = join(outdir, module);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(`${target}.d.ts`, text.replaceAll(IMPORT, "$1$2.js'"));
      writeFileSync(`${target}.d.cts`, text.replaceAll(IMPORT, "$1$2.cjs'"));
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}
