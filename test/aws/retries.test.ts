// Slow: `npm run quick` leaves it out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createClients } from '../../src/aws/clients.ts';
import { httpAgent } from '../../src/aws/connections.ts';
import { callOf } from '../../src/aws/errors.ts';
import { startSession } from '../../src/aws/session.ts';
import { type Endpoint, json, startEndpoint } from './support/endpoint.ts';

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

const found: Reply = (response) => json(response, 200, { KeyMetadata: { KeyId: 'k' } });
const broken: Reply = (response) => json(response, 500, { __type: 'KMSInternalException', message: 'not now' });
const role = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' };

/** Answers to come; without any more `broken`. */
const replies: Reply[] = [];

let endpoint: Endpoint;
beforeEach(async () => {
  // The SDK's pauses between attempts are a random part of some time: none of it.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  replies.length = 0;
  endpoint = await startEndpoint((request, response) => (replies.shift() ?? broken)(response, request));
});
afterEach(() => {
  jest.restoreAllMocks();
  endpoint.close();
});

const ask = (clients: ReturnType<typeof createClients>) =>
  clients
    .as(role)
    .get(KMSClient, 'us-east-1')
    .send(new DescribeKeyCommand({ KeyId: 'k' }))
    .then(
      ({ KeyMetadata }) => KeyMetadata?.KeyId,
      (error: Error) => error.name,
    );

test.each<[string, Reply]>([
  ['a connection that hangs up', (response) => response.destroy()],
  [
    'an answer that breaks off',
    (response) =>
      response.writeHead(200, { 'content-length': '99' }).write('{') && setImmediate(() => response.destroy()),
  ],
  ['an answer 503', (response) => json(response, 503, {})],
])('%s: asked again', async (_, trouble) => {
  replies.push(trouble, found);
  expect(await ask(createClients())).toBe('k');
  expect(endpoint.requests()).toBe(2);
});

test.each([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_SYSTEM',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EMFILE',
  'ENETDOWN',
  'ENFILE',
  'ENOBUFS',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])('%s, no connection: asked again', async (code) => {
  const connect = jest.spyOn(httpAgent, 'createConnection').mockImplementationOnce(() => {
    return new Socket().destroy(Object.assign(new Error(`connect ${code}`), { code }));
  });
  replies.push(found);
  expect(await ask(createClients())).toBe('k');
  expect(connect).toHaveBeenCalledTimes(2);
});

test('a code that is no trouble of this machine or the network is not asked again', async () => {
  const connect = jest.spyOn(httpAgent, 'createConnection').mockImplementationOnce(() => {
    return new Socket().destroy(Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' }));
  });
  expect(await ask(createClients())).toBe('Error');
  expect(connect).toHaveBeenCalledTimes(1);
});

test('the retries that forty failed invocations used up are there again for the next one', async () => {
  const clients = createClients();
  const outcomes = new Set<string | undefined>();
  for (let count = 0; count < 40; count += 1) {
    clients.startInvocation();
    outcomes.add(await ask(clients));
  }
  expect([...outcomes]).toEqual(['KMSInternalException']);
  expect(endpoint.requests()).toBe(160);
  clients.startInvocation();
  replies.push(broken, found);
  expect(await ask(clients)).toBe('k');
});

describe('where it is asked too often', () => {
  const throttled: Reply = (response) => json(response, 400, { __type: 'ThrottlingException', message: 'slow down' });
  test.each<[string, ReturnType<typeof createClients>, Reply, number, string]>([
    ['a function asks four times', createClients(), throttled, 4, 'ThrottlingException'],
    ['a person eight times', createClients({}, null, 8), throttled, 8, 'ThrottlingException'],
    ['but four times what is broken', createClients({}, null, 8), broken, 4, 'KMSInternalException'],
  ])('%s', async (_, clients, trouble, attempts, name) => {
    replies.push(...Array(8).fill(trouble));
    expect(await ask(clients)).toBe(name);
    expect(endpoint.requests()).toBe(attempts);
  });

  test('the pauses before do not count as the time of the request', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.99);
    const session = startSession('111122223333', 'me', new AbortController().signal, null, 1_400);
    const call = callOf('KMS', 'DescribeKey', 'k', 'us-east-1');
    const asked = async (whenThrottled: number) => {
      replies.splice(0, replies.length, throttled, throttled, found);
      const kms = createClients({}, null, whenThrottled).as(role).get(KMSClient, 'us-east-1');
      const answer = session.demand(call, (options) => kms.send(new DescribeKeyCommand({ KeyId: 'k' }), options));
      return answer.then(
        ({ KeyMetadata }) => KeyMetadata?.KeyId,
        (error: Error) => error.message,
      );
    };
    expect(await asked(8)).toBe('k');
    expect(await asked(4)).toContain('no whole answer within 1.4 seconds');
  });

  test('the eighth answer is one like any other', async () => {
    replies.push(...Array(7).fill(throttled), found);
    expect(await ask(createClients({}, null, 8))).toBe('k');
  });
});

test('within one invocation the quota ends: a service that is down is not asked four times for ever', async () => {
  const clients = createClients();
  for (let count = 0; count < 40; count += 1) await ask(clients);
  expect(endpoint.requests()).toBeLessThan(100);
});
