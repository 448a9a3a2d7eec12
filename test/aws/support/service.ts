import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClients } from '../../../src/aws/clients.ts';
import { startSession } from '../../../src/aws/session.ts';

/** How an answer reaches the SDK. Without `acts` the service has not done what it was asked for. */
export interface Ending {
  readonly acts: boolean;
  readonly by: 'length' | 'chunk' | 'reset' | 'page' | 'failure' | 'refusal' | 'throttling';
}

/** What a service does with the JSON body of one operation, and answers. */
export type Operations = Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => object>>;

/**
 * A service that speaks AWS JSON over a real connection on this machine, whose answers can be made to end badly: one
 * for each ending that is queued for an operation, the later answers are whole.
 */
export async function startService(operations: Operations, endings: Map<string, Ending[]>) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || '{}');
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    asked.push(operation);
    const ending = endings.get(operation)?.shift();
    const type = { 'content-type': 'application/x-amz-json-1.1' };
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { ...type, 'x-amzn-errortype': code }).end(JSON.stringify({ __type: code }));
    };
    const act = operations[operation];
    if (act === undefined) return refuse(400, 'UnknownOperationException');
    const answer = ending === undefined || ending.acts ? JSON.stringify(act(body)) : '{"half": "an answer"}';
    const cut = answer.slice(0, Math.ceil(answer.length / 2));
    switch (ending?.by) {
      case undefined:
        return response.writeHead(200, type).end(answer);
      case 'length':
        response.writeHead(200, { ...type, 'content-length': answer.length + 1 });
        return response.write(cut, () => response.destroy());
      case 'chunk':
        response.writeHead(200, type);
        return response.write(cut, () => response.destroy());
      case 'reset':
        return request.socket.resetAndDestroy();
      case 'page':
        return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      case 'failure':
        return refuse(500, 'InternalFailure');
      case 'throttling':
        return refuse(400, 'ThrottlingException');
      case 'refusal':
        return refuse(400, 'LimitExceeded');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  const access = {
    session: startSession('111122223333', 'the caller', new AbortController().signal),
    clients: createClients(),
  };
  return {
    access,
    /** Operations in the order in which they came. */
    asked,
    stop: () => {
      delete process.env.AWS_ENDPOINT_URL;
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Time that passes when somebody waits. */
export function quickClock() {
  let now = 0;
  return {
    now: () => now,
    wait: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}
