import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PRESHARED, SECRET } from './presharedTls.ts';
import { accessKeyOf, startWire, type Wire } from './wire.ts';

/** Milliseconds until an answer, so that requests meet. */
const LATENCY = 20;

/** AWS's own host names, all of them on this machine: a process talks to them as it does to AWS, by TLS. */
export interface Hosts {
  readonly wire: Wire;
  /** For a process that is to find them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The most connections that were open together, over all hosts. */
  mostOpen(): number;
  /** The most connections that were open together to one host. */
  mostOpenToOne(): number;
  /** The most requests that one host was answering together for one role. */
  mostAtOnceForOne(): number;
  /** Requests that the SDK gave up and sent again, as it does on a busy machine. */
  repeated(): number;
  /** Forgets requests, answers and peaks. */
  reset(): void;
}

export async function startHosts(): Promise<Hosts> {
  const open = gauge();
  const requests = gauge();
  const wire = await startWire(null, undefined, (listener) => {
    const known = new WeakSet<Socket>();
    const later: RequestListener = (request, response) => {
      const { headers, socket } = request;
      // A session that is taken up again does not always name the host.
      if (!known.has(socket)) socket.once('close', open.up(String(headers.host)));
      known.add(socket);
      // Not its 'close': a client that has the whole answer may ask again before that.
      const answered = requests.up(`${headers.host} ${accessKeyOf(headers)}`);
      response.once('prefinish', answered).once('close', answered);
      setTimeout(listener, LATENCY, request, response);
    };
    return createServer({ ...PRESHARED, pskCallback: () => SECRET }, later);
  });
  return {
    wire,
    environment: {
      EVERY_HOST_PORT: new URL(wire.url).port,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'everyHost.ts'))}`,
    },
    mostOpen: open.mostInAll,
    mostOpenToOne: open.mostOfOne,
    mostAtOnceForOne: requests.mostOfOne,
    repeated: () => wire.requests.filter(({ attempt }) => attempt > 1).length,
    reset: () => {
      wire.reset();
      open.forget();
      requests.forget();
    },
  };
}

/** Counts what goes up and down by name, and keeps the peaks. */
function gauge() {
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  let inAll = 0;
  let mostInAll = 0;
  return {
    /** @returns what takes it down again */
    up(name: string): () => void {
      const count = (now.get(name) ?? 0) + 1;
      now.set(name, count);
      most.set(name, Math.max(most.get(name) ?? 0, count));
      inAll += 1;
      mostInAll = Math.max(mostInAll, inAll);
      let isUp = true;
      return () => {
        if (!isUp) return;
        isUp = false;
        now.set(name, (now.get(name) ?? 0) - 1);
        inAll -= 1;
      };
    },
    mostOfOne: () => Math.max(0, ...most.values()),
    mostInAll: () => mostInAll,
    forget: () => {
      most.clear();
      mostInAll = inAll;
    },
  };
}
