import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './bundle.ts';
import { limited } from './limited.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command line, with these variables and no others of AWS's.
 *
 * @param file the command line; with `descriptors` it may have so many files and connections open
 */
export async function cli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stdin = '',
  { file = join(root, 'dist/cli.js'), descriptors }: { readonly file?: string; readonly descriptors?: number } = {},
): Promise<Outcome> {
  const [command, words] = limited([process.execPath, file, ...args], descriptors);
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}
