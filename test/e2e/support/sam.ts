import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Moto } from './moto.ts';

const PYTHON = join(import.meta.dirname, '../node_modules/.cache/python/bin');

/** `sam deploy` uploads the functions there: the stack of SAM's own bucket is nothing that moto makes. */
export const BUCKET = ['--no-resolve-s3', '--s3-bucket', 'code'] as const;

/** The environments of samconfig.toml: the stack of each, and what it cannot do without. */
export const ENVIRONMENTS = [
  ['default', 'cloudtrail-kms-rule', []],
  ['central', 'cloudtrail-kms-central', ['--parameter-overrides', 'OrganizationId=o-exampleorgid']],
  ['hook', 'cloudtrail-kms-hook', []],
  ['runbooks', 'cloudtrail-kms-runbooks', []],
] as const;

export interface Said {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a command against moto, without a terminal and without input: whatever asks a question fails. */
export async function against(
  { port }: Moto,
  cwd: string,
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const env = {
    PATH: `${PYTHON}:${process.env.PATH}`,
    HOME: process.env.HOME,
    SAM_CLI_TELEMETRY: '0',
    // By a name: moto takes the first part of any other host for a bucket.
    AWS_ENDPOINT_URL: `http://localhost:${port}`,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'us-east-1',
    ...more,
  };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, said: `${stdout}${stderr}` };
}
