import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a Lambda invocation came to: the handler's answer, or the error that the runtime client reported. */
export type Outcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export interface InvokeOptions {
  /** Milliseconds until the deadline that the function is told of. */
  readonly timeout?: number;
}

/**
 * Lambda's side of the Runtime API (AWS Lambda Developer Guide, "Using the Lambda runtime API"): the runtime client asks
 * for the next invocation, runs the handler and posts its answer.
 */
export interface RuntimeApi {
  /** Host and port, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Resolves when the runtime client first asks for work: initialisation is over. Rejects on an error during it. */
  readonly ready: Promise<void>;
  invoke(event: unknown, options?: InvokeOptions): Promise<Outcome>;
  close(): void;
}

interface Job {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly settle: (outcome: Outcome) => void;
}

export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const waiting: Job[] = [];
  const running = new Map<string, Job>();
  let idle: ServerResponse | undefined;
  let markReady = () => {};
  let markBroken = (_error: Error) => {};
  const ready = new Promise<void>((resolve, reject) => {
    markReady = resolve;
    markBroken = reject;
  });
  ready.catch(() => {});

  const handOut = () => {
    const job = idle && waiting.shift();
    if (!idle || !job) return;
    running.set(job.id, job);
    idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': job.id,
      'lambda-runtime-deadline-ms': String(job.deadline),
      'lambda-runtime-invoked-function-arn': functionArn,
    });
    idle.end(JSON.stringify(job.event));
    idle = undefined;
  };

  const finish = (id: string, outcome: Outcome) => {
    running.get(id)?.settle(outcome);
    running.delete(id);
  };

  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      idle = response;
      markReady();
      handOut();
      return;
    }
    const body = await text(request);
    if (path === 'init/error') markBroken(new Error(`initialisation failed: ${body}`));
    const [, id, what] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (id && what === 'response') finish(id, { ok: true, payload: body === '' ? null : JSON.parse(body) });
    if (id && what === 'error') finish(id, { ok: false, ...(JSON.parse(body) as ErrorBody) });
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready,
    invoke: (event, { timeout = 60_000 } = {}) =>
      new Promise((settle) => {
        waiting.push({ id: randomUUID(), event, deadline: Date.now() + timeout, settle });
        handOut();
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface ErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
}

export async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
