import { type ChildProcess, spawn } from 'node:child_process';
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
 * @param started is handed the process, to watch or to end it
 */
export async function cli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stdin = '',
  {
    file = join(root, 'dist/cli.js'),
    descriptors,
    started = () => {},
  }: {
    readonly file?: string;
    readonly descriptors?: number;
    readonly started?: (child: ChildProcess) => void;
  } = {},
): Promise<Outcome> {
  const [command, words] = limited([process.execPath, file, ...args], descriptors);
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  started(child);
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}
