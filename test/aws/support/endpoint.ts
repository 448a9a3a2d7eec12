import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A real endpoint on this machine, which AWS_ENDPOINT_URL names: what SDK clients do shows in its connections. */
export interface Endpoint {
  readonly url: string;
  /** Opened so far. */
  connections(): number;
  /** Open now. */
  open(): number;
  /** Requests so far. */
  requests(): number;
  /** The most requests that were at work together. */
  mostAtOnce(): number;
  close(): void;
}

export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** @param reply ends the response, sooner or later */
export async function startEndpoint(reply: Reply): Promise<Endpoint> {
  const sockets: Socket[] = [];
  let requests = 0;
  let atWork = 0;
  let most = 0;
  // Connections end when a test says so, however busy the machine is.
  const server = createServer({ keepAliveTimeout: 3_600_000 }, (request, response) => {
    requests += 1;
    atWork += 1;
    most = Math.max(most, atWork);
    response.once('close', () => {
      atWork -= 1;
    });
    request.resume();
    reply(request, response);
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ENDPOINT_URL = url;
  return {
    url,
    connections: () => sockets.length,
    open: () => sockets.filter(({ destroyed }) => !destroyed).length,
    requests: () => requests,
    mostAtOnce: () => most,
    close: () => {
      delete process.env.AWS_ENDPOINT_URL;
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

export async function untilTrue(condition: () => boolean): Promise<void> {
  for (let round = 0; !condition(); round += 1) {
    if (round === 5_000) throw new Error('it never came true');
    await wait(1);
  }
}
