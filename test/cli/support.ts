import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Output } from '../../src/cli/output.ts';
import { run } from '../../src/cli/program.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function cli(
  args: readonly string[],
  {
    stdin = '',
    now = new Date('2026-11-20T10:30:00Z'),
    isTTY = false,
    env = {},
  }: {
    readonly stdin?: string;
    readonly now?: Date;
    readonly isTTY?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Outcome> {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const printed = Promise.all([text(stdout), text(stderr)]);
  const outputs = { stdout: new Output(stdout), stderr: new Output(stderr) };
  const code = await run(args, { stdin: Readable.from([stdin]), ...outputs, env, now: () => now });
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}
