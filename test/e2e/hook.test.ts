import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { filesAtStart, loadedAtStart } from '../../scripts/bench/bundle.ts';
import { root } from './support/bundle.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sample = (name: string) => JSON.parse(read(`events/hook/${name}.json`));

interface Answer {
  readonly hookStatus: string;
  readonly errorCode?: string;
  readonly message: string;
  readonly clientRequestToken: string;
}

describe('the hook’s bundle, under the real runtime client', () => {
  let payloads: Server;
  let lambda: Lambda;
  let folder: string;
  /** By path; what is not here never comes. */
  const bodies = new Map<string, string>([
    ['/good', JSON.stringify({ template: read('events/templates/good.yaml') })],
    ['/wrong-account', read('events/hook/payload-wrong-account.json')],
    ['/no-template', '{}'],
  ]);

  before(async () => {
    payloads = createServer(({ url = '' }, response) => {
      const body = bodies.get(url.split('?')[0] ?? '');
      if (body !== undefined) response.end(body);
    });
    await new Promise<void>((resolve) => payloads.listen(0, '127.0.0.1', resolve));
    const bundle = await handlerBundle('cloudFormationHook');
    folder = bundle.folder;
    lambda = await startLambda({ ...bundle, environment: { AWS_ENDPOINT_URL: origin() } });
  });
  after(() => {
    payloads.closeAllConnections();
    payloads.close();
    lambda.stop();
  });

  const origin = () => `http://127.0.0.1:${(payloads.address() as AddressInfo).port}`;
  const leadingTo = (path: string, target: 'stack' | 'change-set') => {
    const event = sample(target);
    return { ...event, requestData: { ...event.requestData, payload: `${origin()}${path}?X-Amz-Signature=secret` } };
  };
  const answer = async (event: { readonly clientRequestToken: string }, timeout = 28_000): Promise<Answer> => {
    const outcome = await lambda.invoke(event, { timeout });
    assert.ok(outcome.ok, JSON.stringify(outcome));
    const given = outcome.payload as Answer;
    assert.equal(given.clientRequestToken, event.clientRequestToken);
    return given;
  };

  const rows: readonly (readonly [string, () => { readonly clientRequestToken: string }, string, RegExp])[] = [
    ['a trail without a key', () => sample('trail-unencrypted'), 'NonCompliant', /trail-encrypted/],
    ['a trail whose key stands elsewhere', () => sample('trail-with-key'), 'SUCCESS', /not known before deployment/],
    ['a public key for CloudTrail', () => sample('key-public'), 'NonCompliant', /public-excluded/],
    ['a good key for CloudTrail', () => sample('key-good'), 'SUCCESS', /no definite failure/],
    ['a good stack', () => leadingTo('/good', 'stack'), 'SUCCESS', /no definite failure/],
    [
      'a change set with a wrong policy',
      () => leadingTo('/wrong-account', 'change-set'),
      'NonCompliant',
      /444455556666/,
    ],
    [
      'a payload without a template',
      () => leadingTo('/no-template', 'stack'),
      'InternalFailure',
      /without a `template`/,
    ],
  ];
  for (const [name, event, status, says] of rows) {
    it(`${name}: ${status}`, async () => {
      const given = await answer(event());
      assert.equal(given.errorCode ?? given.hookStatus, status);
      assert.match(given.message, says);
    });
  }

  it('answers before its time is up when the payload never comes', async () => {
    const started = performance.now();
    const given = await answer(leadingTo('/never', 'stack'), 3_000);
    assert.equal(given.errorCode, 'InternalFailure');
    assert.ok(performance.now() - started < 3_000);
  });

  it('takes no payload over plain HTTP where no endpoint says so', async () => {
    const plain = await startLambda({ folder, handler: 'index.handler' });
    try {
      const outcome = await plain.invoke(leadingTo('/good', 'stack'));
      assert.ok(outcome.ok);
      assert.match((outcome.payload as Answer).message, /accepted is `https:`/);
    } finally {
      plain.stop();
    }
  });

  it('logs each answer, and never the presigned URL', () => {
    assert.match(lambda.logs(), /"message":"answered"/);
    assert.doesNotMatch(lambda.logs(), /Signature=secret/);
  });

  it('loads little at start: no SDK, no YAML parser', async (test) => {
    const { measured, limit } = await loadedAtStart(folder);
    test.diagnostic(`${measured} KB`);
    assert.ok(measured <= limit, `${measured} KB`);
    const textOf = (files: readonly string[]) => files.map((file) => readFileSync(file, 'utf8')).join('');
    const atStart = textOf(await filesAtStart(folder));
    const all = textOf(readdirSync(folder).map((file) => join(folder, file)));
    assert.doesNotMatch(all, /\$metadata/, 'the SDK is in the bundle');
    assert.match(all, /YAMLParseError/);
    assert.doesNotMatch(atStart, /YAMLParseError/, 'the YAML parser is loaded at start');
  });
});
