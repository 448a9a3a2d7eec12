import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { htmlAssets } from './htmlAssets.ts';

/** Node 20 is the oldest that still gets repairs; Lambda alone runs on a newer one. */
export const onNode20 = (root: string) =>
  ({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    metafile: true,
    target: 'node20',
    mainFields: ['module', 'main'],
    plugins: [htmlAssets],
  }) satisfies BuildOptions;

/** The command line, in pieces, so that only the commands that read live accounts load the SDK. */
export const commandLineBuild = (root: string, outdir: string) =>
  ({
    ...onNode20(root),
    format: 'esm',
    entryPoints: { cli: join(root, 'src/cli/main.ts') },
    outdir,
    splitting: true,
    chunkNames: 'cli/[name]-[hash]',
    // Errors carry their names themselves: keeping those of functions costs each inner function a call.
    minify: true,
    // Some dependencies are CommonJS and ask for Node's modules with `require`. The entry brings the `#!` line.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module';\nconst require = createRequire_(import.meta.url);",
    },
  }) as const satisfies BuildOptions;
