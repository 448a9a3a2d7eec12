import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../e2e/support/bundle.ts';
import { standardVariables } from '../e2e/support/lambda.ts';

/** What an invocation came to, with everything that was logged. */
export type Answered =
  | { readonly ok: true; readonly payload: unknown; readonly log: string }
  | { readonly ok: false; readonly name: string; readonly message: string; readonly log: string }
  /** The process ended, or went on past the invocation's time. */
  | { readonly ok: null; readonly why: string };

/** A function's environment: one process that serves many invocations. */
export interface FunctionProcess {
  invoke(event: unknown, functionArn: string, remaining: number): Promise<Answered>;
  stop(): void;
}

/** Lambda ends an invocation at once; this machine may be slow to. */
const TOLERANCE = 4_000;

/** @param bundle its name below `dist/lambda` */
export async function startFunction(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const child = fork(join(import.meta.dirname, 'functionHost.ts'), [join(root, 'dist/lambda', bundle, 'index.mjs')], {
    env: { ...standardVariables, PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2_000);
  });
  const ended = new Promise<Answered>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ ok: null, why: `the process ended (${code ?? signal}): ${complaints}` }),
    );
  });
  await Promise.race([once(child, 'message'), ended]);
  return {
    invoke: (event, functionArn, remaining) => {
      if (child.connected) child.send({ event, functionArn, remaining });
      return Promise.race([answerOf(child), ended, tooLate(remaining)]);
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

const answerOf = async (child: ChildProcess): Promise<Answered> => (await once(child, 'message'))[0] as Answered;

const tooLate = (remaining: number): Promise<Answered> =>
  new Promise((resolve) => {
    const late = { ok: null, why: `no answer within the invocation's ${remaining} ms` } as const;
    setTimeout(() => resolve(late), remaining + TOLERANCE).unref();
  });
