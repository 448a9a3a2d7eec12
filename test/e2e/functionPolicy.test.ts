import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { sizeOf, wholePolicy } from '../../scripts/resourcePolicy.ts';

const python = join(import.meta.dirname, 'node_modules/.cache/python/bin/python');
const ARN = 'arn:aws:lambda:us-east-1:999900001111:function:cloudtrail-kms-rule:live';

// moto has no PutResourcePolicy: the API's public model checks what is sent, and a server of the test's own takes it.
it('the whole policy of 1,300 accounts is what PutResourcePolicy takes', async () => {
  const requests: { readonly url: string | undefined; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    requests.push({ url: decodeURIComponent(request.url ?? ''), body });
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accounts = Array.from({ length: 1_300 }, (_, index) => String(100_000_000_000 + index));
  const policy = wholePolicy(ARN, accounts);
  const call = `import boto3, sys
boto3.client('lambda', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b') \\
  .put_resource_policy(ResourceArn=sys.argv[2], Policy=sys.argv[3], RevisionId='00000000-0000-4000-8000-000000000000')`;
  const { port } = server.address() as AddressInfo;
  await promisify(execFile)(python, ['-c', call, `http://127.0.0.1:${port}`, ARN, JSON.stringify(policy)]);
  server.close();
  assert.ok(sizeOf(policy) <= 20_480);
  assert.equal(requests.length, 1);
  assert.match(requests[0]?.url ?? '', new RegExp(`/resource-policy/${ARN}`));
  assert.deepEqual(JSON.parse(JSON.parse(requests[0]?.body ?? '').Policy), policy);
});
