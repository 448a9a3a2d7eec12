import '../support/watchableLog.ts';

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { parse } from 'yaml';
import { lambdaBuilds } from '../../../scripts/lambdaBuilds.ts';
import { hookOutcome } from '../../../src/handlers/hook/answerHook.ts';
import { handler } from '../../../src/handlers/hook/cloudFormationHook.ts';
import { MESSAGE_LENGTH } from '../../../src/handlers/hook/hookAnswer.ts';
import { hookParameters, WITHOUT_EFFECT } from '../../../src/handlers/hook/hookParameters.ts';
import { CHECKS } from '../../../src/trail/checks/index.ts';
import resources from '../../cases/hook/resources.json';
import templates from '../../cases/hook/templates.json';
import unreadable from '../../cases/hook/unreadable.json';
import { KEY, openKeys, openPolicy, TRAIL, VERY_OPEN } from '../support/largeTemplates.ts';

const root = join(__dirname, '../../..');
const sample = (name: string) => JSON.parse(readFileSync(join(root, `events/hook/${name}.json`), 'utf8'));

const SECRET = 'X-Amz-Signature=very-secret';
/** In milliseconds; enough for the slowest machine. */
const PLENTY = 900_000;
let remaining = PLENTY;
const context = {
  functionName: 'hook',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => remaining,
} as Context;

/** What the presigned URL leads to, and how often it was asked for. */
let served: { status: number; body: string; headers?: Record<string, string> }[] = [];
let asked = 0;
let server: Server;
const before = { ...process.env };
let written: jest.SpyInstance[];

beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1;
    const answer = served.length > 1 ? served.shift() : served[0];
    if (answer === undefined) return;
    response.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  remaining = PLENTY;
  served = [];
  asked = 0;
  process.env.AWS_ENDPOINT_URL = origin();
  written = (['info', 'warn', 'error', 'log'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(),
  );
});
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const log = () => written.flatMap((spy) => spy.mock.calls.flat()).join('\n');

/** Language-neutral: `payload` is what the presigned URL leads to; `@file` in it stands for a file's text. */
interface HookCase {
  readonly name: string;
  readonly event: { readonly clientRequestToken?: string } | null;
  readonly payload?: unknown;
  readonly parameters?: object;
  readonly expect: { readonly status: string; readonly says: string; readonly saysNot?: string };
}

const resource = (type: string, resourceProperties: unknown, members: object = {}) => {
  const requestData = {
    targetName: type,
    targetType: type,
    targetLogicalId: 'It',
    targetModel: { resourceProperties },
  };
  return { ...sample('trail-unencrypted'), requestData, ...members };
};

/** The sample of a stack or a change set whose payload is served here. */
function leadingTo(payload: unknown, event = sample('stack')) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = text.replace(/"@([^"]+)"/g, (_, file: string) => JSON.stringify(readFileSync(join(root, file), 'utf8')));
  served = [{ status: 200, body }];
  return { ...event, requestData: { ...event.requestData, payload: `${origin()}/payload?${SECRET}` } };
}

describe.each([
  ['a resource', resources],
  ['a template', templates],
  ['what cannot be read', unreadable],
] as const)('%s', (_, rows) => {
  test.each((rows as readonly unknown[] as readonly HookCase[]).map((row) => [row.name, row] as const))(
    '%s',
    async (_name, { event, payload, parameters, expect: expected }) => {
      process.env.RULE_PARAMETERS = JSON.stringify(parameters ?? {});
      const answer = await handler(payload === undefined ? event : leadingTo(payload, event), context);
      expect(answer.errorCode ?? answer.hookStatus).toBe(expected.status);
      expect(answer.hookStatus).toBe(expected.status === 'SUCCESS' ? 'SUCCESS' : 'FAILED');
      expect(answer.message).toMatch(new RegExp(expected.says));
      if (expected.saysNot) expect(answer.message).not.toMatch(new RegExp(expected.saysNot));
      expect(answer.clientRequestToken).toBe(event?.clientRequestToken ?? '');
      expect(log()).toContain('answered');
      expect(`${answer.message}${log()}`).not.toContain('very-secret');
    },
  );
});

it('properties that are nested too deeply are an answer, not a crash', async () => {
  const Tags = JSON.parse(`${'['.repeat(9000)}${']'.repeat(9000)}`);
  expect((await handler(resource(TRAIL, { Tags }), context)).hookStatus).toBe('FAILED');
});

describe('the payload of a stack', () => {
  const good = {
    status: 200,
    body: JSON.stringify({ template: readFileSync(join(root, 'events/templates/good.yaml'), 'utf8') }),
  };
  const failing = (status: number) => ({ status, body: `<Error>${SECRET}</Error>` });

  it.each([
    ['is asked for again after a passing error', () => [failing(503), good], 'SUCCESS', 2],
    ['is given up after three', () => [failing(500)], 'InternalFailure', 3],
    ['is not asked for again when the URL has expired', () => [failing(403)], 'InternalFailure', 1],
    [
      'is not followed to another place',
      () => [{ status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } }],
      'InternalFailure',
      3,
    ],
    ['is not read without end', () => [{ status: 200, body: ' '.repeat(16 * 1024 * 1024 + 1) }], 'InternalFailure', 1],
  ] as const)('%s', async (_, answers, status, times) => {
    const event = leadingTo('');
    served = [...answers()];
    const answer = await handler(event, context);
    expect(answer.errorCode ?? answer.hookStatus).toBe(status);
    expect(asked).toBe(times);
    expect(`${answer.message}${log()}`).not.toContain('very-secret');
  });

  it('that never comes is an answer before the time is up', async () => {
    const event = leadingTo('');
    served = [];
    remaining = 300;
    const answer = await handler(event, context);
    expect(answer).toMatchObject({
      errorCode: 'InternalFailure',
      message: expect.stringMatching(/did not arrive in time/),
    });
  });
});

describe('the message', () => {
  it('keeps to what CloudFormation shows, the gravest first, and counts the rest', async () => {
    const answer = await handler(leadingTo({ template: openKeys(60) }), context);
    expect(answer.message.length).toBeLessThanOrEqual(MESSAGE_LENGTH.cloudFormation);
    expect(answer.message).toMatch(/^\(1\) `Key0`: public-excluded.* \(2\) `Key1`: public-excluded/);
    expect(answer.message).toMatch(/ And \d+ more\.$/);
  });

  it('is shorter for the Cloud Control API', async () => {
    const event = resource(KEY, { KeyPolicy: openPolicy('x'.repeat(3000)), KeySpec: 'RSA_2048' }, { stackId: null });
    const answer = await handler(event, context);
    expect(answer.message.length).toBeLessThanOrEqual(MESSAGE_LENGTH.cloudControl);
    expect(answer.message).toMatch(/^\(1\) .*public-excluded.* \(2\) .*key-symmetric/);
  });
});

it('a template that cannot be evaluated in time is an error that says what to do', async () => {
  const surroundings = {
    parameters: hookParameters({}),
    signal: new AbortController().signal,
    allowedOrigin: origin(),
    now: new Date(),
    answerBy: Date.now(),
  };
  await expect(hookOutcome(leadingTo({ template: VERY_OPEN }), surroundings)).rejects.toThrow(
    /could not be evaluated in time: run `cloudtrail-kms check`/,
  );
});

describe('deploy/hook.yaml', () => {
  const file = join(root, 'deploy/hook.yaml');
  const { Resources } = parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
  const { Properties } = Resources.HookFunction;

  it('builds the hook as the tests do', () => {
    const [hook] = lambdaBuilds(file);
    const [rule] = lambdaBuilds(join(root, 'template.yaml'));
    expect(hook).toMatchObject({
      handler: 'cloudFormationHook',
      entryPoint: 'src/handlers/hook/cloudFormationHook.ts',
    });
    expect({ ...hook?.options, external: undefined }).toEqual({ ...rule?.options, external: undefined });
    expect(Properties.Handler).toBe('cloudFormationHook.handler');
  });

  it('ends before CloudFormation stops waiting', () => {
    expect(Properties.Timeout).toBeLessThan(30);
  });

  it('gives the function nothing but its log', () => {
    const [statements] = Resources.FunctionRole.Properties.Policies.map(
      (each: { PolicyDocument: { Statement: readonly { Action: readonly string[] }[] } }) =>
        each.PolicyDocument.Statement,
    );
    expect(statements.flatMap(({ Action }: { Action: readonly string[] }) => Action)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});

it('every check of a key alone is documented, and every parameter without effect', () => {
  const text = readFileSync(join(root, 'docs/hook.md'), 'utf8');
  for (const name of WITHOUT_EFFECT) expect(text).toContain(`\`${name}\``);
  for (const { id: check } of CHECKS.filter(({ speaksOf }) => speaksOf === 'key'))
    expect(text).toContain(`\`${check}\``);
});
