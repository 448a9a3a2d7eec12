import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { startLambda } from '../../test/e2e/support/lambda.ts';
import { type Measurement, median } from './budget.ts';

const ROUNDS = 21;

/** What a bundle costs before any line of the rule: the three SDK clients that every invocation needs, and nothing else. */
const bareClients = `
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { KMSClient } from '@aws-sdk/client-kms';
export const clients = [new CloudTrailClient({}), new ConfigServiceClient({}), new KMSClient({})];
export const handler = async () => {};
`;

/** Builds a handler that is told as text into a folder, as the rule is built. */
export async function bundled(contents: string, outdir: string, options: BuildOptions): Promise<void> {
  const stdin = { contents, resolveDir: import.meta.dirname, sourcefile: 'index.ts', loader: 'ts' } as const;
  await build({ ...options, bundle: true, platform: 'node', stdin, outdir, entryNames: 'index' });
}

/**
 * Spawn to ready under the real runtime interface client, as ratios of one run; the three take turns, so that a machine
 * that is busy for a while slows them all.
 *
 * @param rule folder of the rule's bundle
 * @param scratch an empty folder
 * @param options the options of the rule's own build
 */
export async function startup(rule: string, scratch: string, options: BuildOptions): Promise<readonly Measurement[]> {
  const empty = join(scratch, 'empty');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'index.mjs'), 'export const handler = async () => {};\n');
  const bare = join(scratch, 'bare');
  await bundled(bareClients, bare, options);

  const folders = { empty, bare, rule };
  const times = { empty: [] as number[], bare: [] as number[], rule: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of ['empty', 'bare', 'rule'] as const) {
      const lambda = await startLambda({ folder: folders[name], handler: 'index.handler' });
      lambda.stop();
      // The first round warms the disk's cache.
      if (round > 0) times[name].push(lambda.initMilliseconds);
    }
  }
  const [none, three, all] = [median(times.empty), median(times.bare), median(times.rule)];
  const shown = (ms: number) => `${ms.toFixed(0)} ms`;
  return [
    {
      what: 'Lambda init, against an empty handler',
      measured: all / none,
      limit: 2.2,
      bound: 'at most',
      unit: ' times',
      note: `goal 2; ${shown(all)} against ${shown(none)}, medians of ${ROUNDS}`,
    },
    {
      what: 'Lambda init, against three bare SDK clients',
      measured: all / three,
      limit: 1.15,
      bound: 'at most',
      unit: ' times',
      note: `${shown(all)} against ${shown(three)}`,
    },
  ];
}
