import type { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { REQUESTS_AT_ONCE } from './turns.ts';

/**
 * Connections that wait for another request, over all hosts. With those at work (`REQUESTS_AT_ONCE`), and as many again that
 * are closing and that a busy other side still holds, they take less than half of the 1,024 file descriptors that a Lambda
 * function has (AWS Lambda Developer Guide, "Lambda quotas").
 */
const MOST_IDLE = 160;

// The same class by another way: importing node:http as an ECMAScript module loads far more than its agent.
const HttpAgent = Object.getPrototypeOf(HttpsAgent) as typeof Agent;

// Requests wait in turn before they reach an agent: in its own line the time limits of a request would count already.
const options = { keepAlive: true, maxSockets: REQUESTS_AT_ONCE };

/** The agents of every SDK client: a connection belongs to its host, whichever client or role opened it. */
export const httpsAgent: Agent = shared(new HttpsAgent(options));
export const httpAgent: Agent = shared(new HttpAgent(options));

/**
 * Bounds what an agent keeps idle over all hosts; with S3 each bucket is one. Node's `maxTotalSockets` would let a request
 * wait for ever behind the idle connections of other hosts.
 */
function shared(agent: Agent): Agent {
  const keepSocketAlive = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket: Duplex) => {
    // One that was ended stays in the list until it has closed.
    const idle = Object.values(agent.freeSockets).flatMap(
      (sockets) => sockets?.filter(({ destroyed }) => !destroyed) ?? [],
    );
    // The first is of the host that has waited longest.
    if (idle.length >= MOST_IDLE) idle[0]?.destroy();
    return keepSocketAlive(socket);
  };
  // A client that is closed closes its agents, which are everybody's.
  agent.destroy = () => undefined;
  return agent;
}
