import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createClients } from '../../src/aws/clients.ts';
import { usageMeter } from '../../src/aws/requestUsage.ts';

/** Answers to come, as status and body. */
const answers: [number, object][] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((_, response) => {
    const [status, body] = answers.shift() ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  delete process.env.AWS_ENDPOINT_URL;
  server.close();
  server.closeAllConnections();
});

const role = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' };
const throttled: [number, object] = [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }];
const found: [number, object] = [200, { KeyMetadata: { KeyId: 'k' } }];

it.each([
  ['an answer', [found], 1, 0],
  ['an answer after one that throttles', [throttled, found], 2, 1],
  ['a refusal', [[400, { __type: 'AccessDeniedException', message: 'no' }]], 1, 0],
] as [string, [number, object][], number, number][])('%s', async (_, given, requests, throttles) => {
  answers.push(...given);
  const meter = usageMeter();
  const client = createClients({}, meter).as(role).get(KMSClient, 'us-east-1');
  await client.send(new DescribeKeyCommand({ KeyId: 'k' })).catch(() => undefined);
  expect(meter.used()).toMatchObject({ requests, throttled: throttles });
  expect(meter.used().slowestMilliseconds).toBeGreaterThanOrEqual(meter.used().meanMilliseconds);
});
