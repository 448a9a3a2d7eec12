import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createClients } from '../../src/aws/clients.ts';
import { InfrastructureError } from '../../src/aws/errors.ts';
import { REQUEST_LIMIT_MS } from '../../src/aws/requestLimit.ts';
import { startSession } from '../../src/aws/session.ts';
import { REQUESTS_A_HOST_AND_ROLE } from '../../src/aws/turns.ts';
import { keyPolicyPort, kmsCall } from '../../src/aws/write/keyPolicy.ts';
import { writePolicy } from '../../src/remediate/policyStep.ts';
import { KEY_ARN } from './support/answers.ts';
import { type Endpoint, json, startEndpoint, untilTrue } from './support/endpoint.ts';
import { quickClock } from './support/service.ts';

const role = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' };
const call = kmsCall('DescribeKey', KEY_ARN);
const accessFor = (limit: number) => ({
  session: startSession('111122223333', 'the caller', new AbortController().signal, null, limit),
  clients: createClients().as(role),
});

describe('an answer whose body drips', () => {
  const policies = { before: '{"Statement":[{"Sid":"before"}]}', after: '{"Statement":[{"Sid":"after"}]}' };
  let endpoint: Endpoint;
  let live: string;
  const asked: string[] = [];
  const timers: NodeJS.Timeout[] = [];
  const drip = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    timers.push(setInterval(() => response.write(' '), 20));
  };

  beforeEach(async () => {
    live = policies.before;
    asked.length = 0;
    endpoint = await startEndpoint(async (request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      asked.push(operation);
      if (operation === 'GetKeyPolicy') return json(response, 200, { Policy: live });
      if (operation === 'PutKeyPolicy') live = JSON.parse(await text(request)).Policy;
      drip(response);
    });
  });
  afterEach(() => {
    for (const timer of timers.splice(0)) clearInterval(timer);
    endpoint.close();
  });

  it('is an infrastructure error when the limit has passed, and its connection is closed', async () => {
    const { session, clients } = accessFor(500);
    const answer = session.demand(call, (options) =>
      clients.get(KMSClient, call.region).send(new DescribeKeyCommand({ KeyId: KEY_ARN }), options),
    );
    await expect(answer).rejects.toThrow(InfrastructureError);
    await expect(answer).rejects.toThrow(
      `KMS DescribeKey for \`${KEY_ARN}\` in eu-west-1 failed: no whole answer within 0.5 seconds, so it was stopped`,
    );
    await untilTrue(() => endpoint.open() === 0);
    expect(asked).toEqual(['DescribeKey']);
  });

  it('to a write: what is there is read back, and nothing is written twice', async () => {
    // Also a read on this machine has to come within it.
    const step = writePolicy(keyPolicyPort(accessFor(1_500), KEY_ARN), policies, quickClock());
    expect(await step.run()).toEqual({ done: true });
    expect(asked).toEqual(['GetKeyPolicy', 'PutKeyPolicy', 'GetKeyPolicy']);
  });
});

describe('the time of a request', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** What the clients see of an SDK client: a request of one attempt. */
  class Service {
    around: (next: () => Promise<unknown>) => () => Promise<unknown> = (next) => next;
    readonly middlewareStack = {
      add: (middleware: (next: () => Promise<unknown>) => () => Promise<unknown>) => {
        const { around } = this;
        this.around = (next) => around(middleware(next));
      },
    };
    send = (work: () => Promise<unknown>) => this.around(work)();
  }
  const hold = (milliseconds: number) => () => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it.each([
    ['an attempt within the limit', REQUEST_LIMIT_MS - 1, 'answered'],
    ['an attempt that takes longer', REQUEST_LIMIT_MS + 1, 'stopped'],
  ])('%s: %i ms', async (_, milliseconds, expected) => {
    const { session, clients } = accessFor(REQUEST_LIMIT_MS);
    const asked = session.ask(call, () => clients.get(Service, 'us-east-1').send(hold(milliseconds)));
    const ended = asked.then(
      () => 'answered',
      () => 'stopped',
    );
    await jest.advanceTimersByTimeAsync(REQUEST_LIMIT_MS + 1);
    expect(await ended).toBe(expected);
  });

  it('does not count while an attempt waits for its turn, nor before the first one', async () => {
    const { session, clients } = accessFor(REQUEST_LIMIT_MS);
    const service = clients.get(Service, 'us-east-1');
    const each = REQUEST_LIMIT_MS * 0.4;
    // Every attempt but the first four waits for two others, and all of a request take less than the limit.
    const asked = Array.from({ length: 3 * REQUESTS_A_HOST_AND_ROLE }, () =>
      session.ask(call, async () => {
        await hold(2 * REQUEST_LIMIT_MS)();
        await service.send(hold(each));
        await service.send(hold(each));
      }),
    );
    const ended = Promise.allSettled(asked);
    await jest.advanceTimersByTimeAsync(2 * REQUEST_LIMIT_MS + 6 * each);
    expect((await ended).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('is one for all attempts', async () => {
    const { session, clients } = accessFor(REQUEST_LIMIT_MS);
    const service = clients.get(Service, 'us-east-1');
    const asked = session.ask(call, async () => {
      for (let attempt = 1; attempt <= 3; attempt += 1) await service.send(hold(REQUEST_LIMIT_MS * 0.4));
    });
    const failed = expect(asked).rejects.toThrow('no whole answer');
    await jest.advanceTimersByTimeAsync(REQUEST_LIMIT_MS);
    await failed;
  });

  it('goes on while the SDK pauses before another attempt', async () => {
    const { session, clients } = accessFor(REQUEST_LIMIT_MS);
    const asked = session.ask(call, async () => {
      await clients.get(Service, 'us-east-1').send(hold(1));
      await hold(REQUEST_LIMIT_MS)();
    });
    const failed = expect(asked).rejects.toThrow('no whole answer within 20 seconds');
    await jest.advanceTimersByTimeAsync(REQUEST_LIMIT_MS);
    await failed;
  });

  it('leaves no timer behind, whether it was answered or stopped while others were in front of it', async () => {
    const controller = new AbortController();
    const session = startSession('1', 'x', controller.signal);
    const service = createClients().as(role).get(Service, 'us-east-1');
    const asked = Array.from({ length: REQUESTS_A_HOST_AND_ROLE + 1 }, () =>
      session.ask(call, () => service.send(hold(10))),
    );
    const ended = Promise.allSettled(asked);
    controller.abort();
    await ended;
    await jest.advanceTimersByTimeAsync(20);
    expect(jest.getTimerCount()).toBe(0);
  });
});
