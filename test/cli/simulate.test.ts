import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { Output } from '../../src/cli/output.ts';
import { run } from '../../src/cli/program.ts';
import { cli } from './support.ts';

const KEY = 'arn:aws:kms:us-east-1:111111111111:key/k';

const query = (id: unknown, extra: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Encrypt',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 'kms:GenerateDataKey*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ],
  },
  request: {
    principal: { Service: 'cloudtrail.amazonaws.com' },
    action: 'kms:GenerateDataKey',
    resource: KEY,
    context: { 'aws:SourceAccount': '111111111111' },
    ...extra,
  },
});

async function simulate(input: string): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await cli(['simulate'], { stdin: input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout === '' || stdout.endsWith('\n')).toBe(true);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const lines = (...queries: readonly unknown[]): string =>
  queries.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

describe('the stream', () => {
  test('answers in the order of the lines, each in the shape of the contract', async () => {
    const allowed = query('a');
    const denied = query('b', { context: {} });
    const unknown = query(3, { context: {}, unknown: ['aws:SourceAccount'] });
    expect(await simulate(lines(allowed, denied, unknown))).toEqual([
      { id: 'a', decision: 'allowed', statements: ['Encrypt'], dependsOn: [], witnesses: null },
      { id: 'b', decision: 'denied', statements: [], dependsOn: [], witnesses: null },
      {
        id: 3,
        decision: 'unknown',
        statements: ['Encrypt'],
        dependsOn: ['aws:SourceAccount'],
        witnesses: { allowed: { 'aws:SourceAccount': '111111111111' }, denied: { 'aws:SourceAccount': null } },
      },
    ]);
  });

  test('goes on after an invalid line and exits with 0', async () => {
    const answers = await simulate(lines(query('a'), '{"id":"b"', query('c')));
    expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
      ['a', 'allowed'],
      [null, 'invalid'],
      ['c', 'allowed'],
    ]);
  });

  test('answers a blank line, so that answers stay beside their lines', async () => {
    const answers = await simulate(lines(query('a'), '', '   ', query('b')));
    expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
      ['a', 'allowed'],
      [null, 'invalid'],
      [null, 'invalid'],
      ['b', 'allowed'],
    ]);
  });

  test('reads lines that end in CRLF', async () => {
    const answers = await simulate(lines(query('a'), query('b')).replaceAll('\n', '\r\n'));
    expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
      ['a', 'allowed'],
      ['b', 'allowed'],
    ]);
  });

  test('reads a last line without a line break', async () => {
    expect(await simulate(lines(query('a')).trimEnd())).toMatchObject([{ id: 'a', decision: 'allowed' }]);
  });

  test('reads a line behind a byte order mark', async () => {
    expect(await simulate(`\uFEFF${lines(query('a'))}`)).toMatchObject([{ id: 'a', decision: 'allowed' }]);
  });

  test('says nothing to nothing', async () => {
    expect(await simulate('')).toEqual([]);
  });

  test('an unknown "*" makes every other key unknown', async () => {
    const star = query('a', { context: {}, unknown: '*' });
    expect(await simulate(lines(star))).toMatchObject([{ decision: 'unknown', dependsOn: ['aws:SourceAccount'] }]);
    const known = query('b', { unknown: '*' });
    expect(await simulate(lines(known))).toMatchObject([{ decision: 'allowed' }]);
  });

  test('a reason stands in place of witnesses', async () => {
    const open = query('a');
    const policy = { Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*' } };
    const [answer] = await simulate(lines({ ...open, policy }));
    expect(answer).toMatchObject({ decision: 'unknown', statements: ['#0'], witnesses: null });
    expect(answer?.reason).toContain('not documented');
  });
});

describe('invalid lines', () => {
  const rows: readonly (readonly [name: string, line: unknown, id: unknown, error: string])[] = [
    ['no JSON', 'allowed?', null, 'the line is not JSON: `allowed?`'],
    ['no object', '[]', null, 'accepted is a JSON object'],
    ['null', 'null', null, 'the line is `null`'],
    ['no policy', { id: 'x', request: query('x').request }, 'x', 'policy is missing'],
    ['no request', { id: 'x', policy: query('x').policy }, 'x', 'request is missing'],
    ['no principal', query('x', { principal: undefined }), 'x', 'request.principal is missing'],
    ['a principal that is text', query('x', { principal: '*' }), 'x', 'request.principal is `*`'],
    ['two principals', query('x', { principal: { Service: 'a', AWS: 'arn:' } }), 'x', 'request.principal'],
    ['an AWS principal without ARN', query('x', { principal: { AWS: '111111111111' } }), 'x', 'request.principal'],
    ['an empty service', query('x', { principal: { Service: '' } }), 'x', 'request.principal'],
    ['no action', query('x', { action: undefined }), 'x', 'request.action is missing'],
    ['a pattern as action', query('x', { action: 'kms:*' }), 'x', 'request.action is `kms:*`'],
    ['no resource', query('x', { resource: undefined }), 'x', 'request.resource is missing'],
    ['a number in the context', query('x', { context: { 'a:k': 1 } }), 'x', 'request.context.a:k is `1`'],
    ['a mixed list in the context', query('x', { context: { 'a:k': ['x', 1] } }), 'x', 'request.context.a:k'],
    ['a context that is a list', query('x', { context: [] }), 'x', 'request.context is `[]`'],
    ['a key known and unknown', query('x', { context: { 'a:k': 'x' }, unknown: ['A:K'] }), 'x', '`A:K` is given twice'],
    ['an unknown that is text', query('x', { unknown: 'aws:SourceArn' }), 'x', 'request.unknown'],
    ['an unknown member of the request', query('x', { Context: {} }), 'x', 'request.Context is not known'],
    ['a member twice', `{"id":"x",${JSON.stringify(query('x')).slice(1)}`, 'x', '`id` stands twice'],
    ['a policy that is none', { ...query('x'), policy: { Version: 'x' } }, 'x', 'Version is `"x"`'],
    ['an id that is an object', { id: { n: 1 } }, { n: 1 }, 'policy is missing'],
    ['no id', { policy: {} }, null, 'request is missing'],
  ];

  test.each(rows)('%s', async (_, line, id, error) => {
    const [answer, ...more] = await simulate(lines(line));
    expect(more).toEqual([]);
    expect(answer).toEqual({ id, decision: 'invalid', error: expect.stringContaining(error) });
  });
});

test('each line is answered as soon as it is there', async () => {
  const stdout = new PassThrough();
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await answers.next()).value)).id;
  const stdin = new PassThrough();
  const streams = { stdin, stdout: new Output(stdout), stderr: new Output(new PassThrough()) };
  const ended = run(['simulate'], { ...streams, env: {}, now: () => new Date(0) });
  for (const id of ['a', 'b', 'c']) {
    stdin.write(lines(query(id)));
    expect(await next()).toBe(id);
  }
  stdin.end();
  expect(await ended).toBe(0);
});
