import { get } from 'node:http';
import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudTrailClient, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { httpAgent } from '../../src/aws/connections.ts';
import { REQUESTS_A_HOST_AND_ROLE, REQUESTS_AT_ONCE } from '../../src/aws/turns.ts';
import { type Endpoint, json, startEndpoint, untilTrue } from './support/endpoint.ts';

const role = (name: string) => ({ accessKeyId: name, secretAccessKey: 'secret', sessionToken: 'token' });
const own = () => createClients().as(role('own'));
const describeKey = (clients: AwsClients, region = 'us-east-1') =>
  clients.get(KMSClient, region).send(new DescribeKeyCommand({ KeyId: 'k' }));
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

type Middleware = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>;

/** What the clients see of an SDK client, without requests on any wire. */
class Service {
  readonly #middleware: Middleware[] = [];
  readonly middlewareStack = { add: (middleware: Middleware) => this.#middleware.push(middleware) };

  send(work: () => Promise<unknown>): Promise<unknown> {
    return this.#middleware.reduceRight((next, middleware) => middleware(next), work as Parameters<Middleware>[0])({});
  }
}

let endpoint: Endpoint;
let hold: () => Promise<void>;
beforeEach(async () => {
  hold = async () => undefined;
  endpoint = await startEndpoint(async (_, response) => {
    await hold();
    json(response, 200, {});
  });
});
afterEach(() => endpoint.close());

test('a connection serves every service, Region, role and client of its host', async () => {
  for (let count = 0; count < 3; count += 1) {
    const clients = createClients();
    for (const name of ['a', 'b']) {
      for (const region of ['us-east-1', 'eu-west-1']) {
        await describeKey(clients.as(role(name)), region);
        await clients
          .as(role(name))
          .get(CloudTrailClient, region)
          .send(new GetTrailStatusCommand({ Name: 't' }));
      }
    }
  }
  expect([endpoint.requests(), endpoint.connections()]).toEqual([24, 1]);
});

test('a host has at most four requests of one role at once, on as many connections', async () => {
  hold = () => untilTrue(() => endpoint.requests() >= REQUESTS_A_HOST_AND_ROLE);
  const clients = own();
  await times(40, () => describeKey(clients));
  expect([endpoint.requests(), endpoint.mostAtOnce(), endpoint.connections()]).toEqual([
    40,
    REQUESTS_A_HOST_AND_ROLE,
    REQUESTS_A_HOST_AND_ROLE,
  ]);
});

test.each([
  [1, REQUESTS_A_HOST_AND_ROLE],
  [3, 3 * REQUESTS_A_HOST_AND_ROLE],
  [100, REQUESTS_AT_ONCE],
])('requests of %i roles to a host: %i at once, and all of them in the end', async (count, most) => {
  const clients = createClients();
  const roles = Array.from({ length: count }, (_, index) => role(`${index}`));
  const running: (() => void)[] = [];
  let peak = 0;
  const work = () => new Promise<void>((resolve) => running.push(resolve));
  const done = times(600 / count, () =>
    Promise.all(roles.map((one) => clients.as(one).get(Service, 'us-east-1').send(work))),
  );
  while (running.length > 0) {
    peak = Math.max(peak, running.length);
    for (const end of running.splice(0)) end();
    await wait(1);
  }
  await done;
  expect(peak).toBe(most);
});

test('closing the clients of a role leaves connections, and a client with a request at work, alone', async () => {
  const clients = createClients();
  const [first, second] = [role('first'), role('second')];
  await describeKey(clients.as(second));
  const working = clients.as(first);
  let release = () => {};
  hold = () => new Promise((resolve) => (release = resolve));
  const answer = describeKey(working);
  await untilTrue(() => endpoint.requests() === 2);
  for (let index = 0; index < 20; index += 1) clients.as(role(String(index)));
  expect(clients.as(first)).toBe(working);
  release();
  await answer;
  hold = async () => undefined;
  const [closed, reopened] = [working.get(KMSClient, 'us-east-1'), clients.as(second)];
  closed.destroy();
  await describeKey(working);
  await describeKey(reopened);
  expect(endpoint.connections()).toBe(1);
});

test('300 hosts, as with S3 each bucket is one: each is answered, and 160 connections stay open', async () => {
  for (let index = 0; index < 300; index += 1) expect(await askHost(`bucket-${index}`)).toBe(200);
  expect(endpoint.connections()).toBe(300);
  await untilTrue(() => endpoint.open() === 160);
  // Those of the hosts that were asked last.
  for (const index of [140, 299]) await askHost(`bucket-${index}`);
  expect(endpoint.connections()).toBe(300);
  await askHost('bucket-0');
  expect(endpoint.connections()).toBe(301);
});

/** Whatever its name, the host is the endpoint. */
function askHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const lookup: LookupFunction = (_, options, answer) =>
      options.all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4);
    const { port } = new URL(endpoint.url);
    get({ host, port, agent: httpAgent, lookup }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode));
    }).once('error', reject);
  });
}
