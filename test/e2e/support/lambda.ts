import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limited } from './limited.ts';
import { type RuntimeApi, startRuntimeApi } from './runtimeApi.ts';

const runtimeClient = join(import.meta.dirname, '../node_modules/aws-lambda-ric/index.mjs');

export interface LambdaOptions {
  /** Folder of the bundle, as Lambda would mount it. */
  readonly folder: string;
  /** For example `index.handler`. */
  readonly handler: string;
  /** Files and connections that the process may have open; left out, as many as this one. */
  readonly descriptors?: number;
  /** Added to the variables that Lambda itself sets. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A bundle that runs under the real runtime interface client, as it does in Lambda. */
export interface Lambda extends Pick<RuntimeApi, 'invoke'> {
  /** Milliseconds from spawning the process to its first request for work. */
  readonly initMilliseconds: number;
  /** Everything written to standard output and standard error. */
  logs(): string;
  /** Largest resident memory of the process so far, in bytes. */
  peakMemory(): number;
  /** Resident memory of the process now, in bytes. */
  memory(): number;
  /** Processor time of the whole process so far, in milliseconds. */
  processorTime(): number;
  stop(): void;
}

/** Lambda's standard variables (AWS Lambda Developer Guide, "Defined runtime environment variables"). */
export const standardVariables = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'cloudtrail-kms-rule',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/cloudtrail-kms-rule',
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/20/[$LATEST]0123456789abcdef',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
};

export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  // Alone, as in Lambda: beside no node_modules that could supply what the bundle lacks.
  const taskRoot = mkdtempSync(join(tmpdir(), 'task-'));
  cpSync(options.folder, taskRoot, { recursive: true });
  const api = await startRuntimeApi('arn:aws:lambda:us-east-1:123456789012:function:cloudtrail-kms-rule');
  const started = performance.now();
  const [command, words] = limited([process.execPath, runtimeClient, options.handler], options.descriptors);
  const child = spawn(command, words, {
    cwd: taskRoot,
    env: {
      ...standardVariables,
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: taskRoot,
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      _HANDLER: options.handler,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  const logs = () => output.join('');
  const stop = () => {
    child.kill('SIGKILL');
    api.close();
    rmSync(taskRoot, { recursive: true, force: true });
  };
  const exited = whenExited(child, logs);
  try {
    await Promise.race([api.ready, exited]);
  } catch (error) {
    stop();
    throw error;
  }
  return {
    initMilliseconds: performance.now() - started,
    invoke: (event, invokeOptions) => Promise.race([api.invoke(event, invokeOptions), exited]),
    logs,
    peakMemory: () => memoryOf(child, 'VmHWM'),
    memory: () => memoryOf(child, 'VmRSS'),
    processorTime: () => processorTimeOf(child),
    stop,
  };
}

/** Rejects when the process ends. */
function whenExited(child: ChildProcess, logs: () => string): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the function's process ended with ${code}: ${logs()}`)));
  });
  ended.catch(() => {});
  return ended;
}

function memoryOf(child: ChildProcess, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
  return Number(kilobytes) * 1024;
}

/** Linux counts in hundredths of a second (proc_pid_stat(5), utime and stime). */
function processorTimeOf(child: ChildProcess): number {
  const [user = '', system = ''] =
    readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return (Number(user) + Number(system)) * 10;
}
