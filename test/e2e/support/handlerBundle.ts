import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { everyLambdaBuild } from '../../../scripts/lambdaBuilds.ts';
import { root } from './bundle.ts';

/** A handler that template.yaml does not deploy, bundled as `npm run build` bundles it. */
export async function handlerBundle(handler: string): Promise<{ readonly folder: string; readonly handler: string }> {
  const wanted = everyLambdaBuild(root).find((each) => each.handler === handler);
  if (wanted === undefined) throw new Error(`no function is built from the handler ${handler}`);
  const folder = mkdtempSync(join(tmpdir(), `${handler}-`));
  await build({
    ...wanted.options,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    entryPoints: { index: wanted.entryPoint },
    outdir: folder,
  });
  return { folder, handler: 'index.handler' };
}
