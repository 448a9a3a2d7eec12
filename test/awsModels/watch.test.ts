import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from '../../scripts/awsModels/judge.ts';
import { modelsAt, publicFacts } from '../../scripts/awsModels/models.ts';
import { newestWheel } from '../../scripts/awsModels/newest.ts';
import { zipFiles } from '../../scripts/awsModels/zip.ts';
import { changed, FACTS, files, modelsOf, WATCHED, zip } from './models.ts';

const FINGERPRINT = `botocore 1.2.3\n${FACTS.join('\n')}\n`;
const factsOf = (version: string, model?: object) => publicFacts(modelsOf(files(version, model)), WATCHED);

test('the facts of a model: names of all operations, and what the watched ones hold', () => {
  expect(factsOf('1.2.3')).toEqual({ version: '1.2.3', facts: FACTS });
});

const changes = [
  ['nothing', changed(() => {}), []],
  [
    'an operation',
    changed((model) => Object.assign(model.operations, { Burn: { input: { shape: 'PaintRequest' } } })),
    ['new: boxes operation Burn'],
  ],
  [
    'a member',
    changed((model) => Object.assign(model.shapes.LockRequest.members, { Depth: { shape: 'Name' } })),
    ['new: boxes member LockRequest.Depth'],
  ],
  [
    'a member of an operation that is not watched',
    changed((model) => Object.assign(model.shapes.PaintRequest.members, { Depth: { shape: 'Name' } })),
    [],
  ],
  [
    'a member of a shape that nobody reads',
    changed((model) => Object.assign(model.shapes.Inside.members, { Depth: { shape: 'Name' } })),
    [],
  ],
  ['an enum value', changed((model) => model.shapes.State.enum.push('Stuck')), ['new: boxes enum State.Stuck']],
  [
    'two values of an enum of which some matter',
    changed((model) => model.shapes.Colour.enum.push('GREEN', 'REDDISH')),
    ['new: boxes enum Colour.REDDISH'],
  ],
  [
    'an error',
    changed((model) => model.operations.Lock.errors.push({ shape: 'LostException' })),
    ['new: boxes error Lock.LostException'],
  ],
  [
    'a value that only the documentation knows',
    changed((model) => {
      model.shapes.LockRequest.members.Box.documentation += ' Or <code>A_THIRD</code>.';
    }),
    ['new: boxes word A_THIRD'],
  ],
  [
    'a limit',
    changed((model) => {
      model.shapes.Colours.max = 330;
    }),
    ['new: boxes limit Colours.max=330', 'gone: boxes limit Colours.max=5'],
  ],
  [
    'a member that is no longer required',
    changed((model) => {
      model.shapes.LockRequest.required = [];
    }),
    ['gone: boxes required LockRequest.Box'],
  ],
  [
    'an operation that is gone',
    changed((model) => {
      Reflect.deleteProperty(model.operations, 'Peek');
    }),
    ['gone: boxes operation Peek'],
  ],
] as const;

test.each(changes)('%s: fails until it is judged', (_name, model, expected) => {
  const { lines, exitCode, fingerprint } = judge(FINGERPRINT, factsOf('1.2.4', model), '', false);
  expect(lines.slice(1, 1 + expected.length)).toEqual(expected);
  expect([exitCode, fingerprint]).toEqual([expected.length === 0 ? 0 : 1, null]);
  expect(lines).toHaveLength(expected.length === 0 ? 1 : expected.length + 2);
});

const NEW = changed((model) => {
  Object.assign(model.operations, { Burn: {} });
  model.shapes.State.enum.push('Stuck');
});
const row = (date: string, version: string, what: string): string => `| ${date} | ${version} | ${what} | nothing |`;

const acceptances = [
  ['rows that name each', [row('2026-11-29', '1.2.4', '`boxes operation Burn`, `boxes enum State.Stuck`')], []],
  ['a row with a wildcard', [row('2026-11-29', '1.2.4', '`boxes *`')], []],
  [
    'rows of two versions',
    [row('2026-11-29', '1.2.4', '`boxes enum State.*`'), row('2026-12-06', '1.10.0', '`boxes operation Burn`')],
    [],
  ],
  ['no row', [], ['new boxes enum State.Stuck', 'new boxes operation Burn']],
  ['a row for one of the two', [row('2026-11-29', '1.2.4', '`boxes operation *`')], ['new boxes enum State.Stuck']],
  [
    'a row of the version that the fingerprint is of',
    [row('2026-11-29', '1.2.3', '`*`')],
    ['new boxes enum State.Stuck', 'new boxes operation Burn'],
  ],
  [
    'a row of a later version',
    [row('2026-11-29', '1.11.0', '`*`')],
    ['new boxes enum State.Stuck', 'new boxes operation Burn'],
  ],
  ['a row without a date', [row('soon', '1.2.4', '`*`')], ['new boxes enum State.Stuck', 'new boxes operation Burn']],
  [
    'a name without backticks, and one whose dot is any character',
    [row('2026-11-29', '1.2.4', 'boxes operation Burn, `boxes enum State?Stuck`, `boxes enum State.Stuc`')],
    ['new boxes enum State.Stuck', 'new boxes operation Burn'],
  ],
] as const;

test.each(acceptances)('accepting with %s', (_name, rows, open) => {
  const models = factsOf('1.10.0', NEW);
  const { lines, exitCode, fingerprint } = judge(FINGERPRINT, models, rows.join('\n'), true);
  const unjudged = lines.filter((line) => line.startsWith('not judged: '));
  expect(unjudged).toEqual(open.map((fact) => `not judged: ${fact}`));
  expect([exitCode, fingerprint === null]).toEqual(open.length === 0 ? [0, false] : [1, true]);
  if (fingerprint !== null) expect(judge(fingerprint, models, '', false).exitCode).toBe(0);
});

test('of the same version more is watched: accepted without a row, and not before', () => {
  expect(judge(FINGERPRINT, factsOf('1.2.3', NEW), '', false).exitCode).toBe(1);
  expect(judge(FINGERPRINT, factsOf('1.2.3', NEW), '', true).fingerprint).toContain('boxes enum State.Stuck\n');
});

test('an empty fingerprint knows nothing, and a row accepts the first', () => {
  expect(judge('', factsOf('1.2.3'), '', true).exitCode).toBe(1);
  expect(judge('', factsOf('1.2.3'), row('2026-11-29', '1.2.3', '`boxes *`'), true).fingerprint).toBe(FINGERPRINT);
});

describe('where the models come from', () => {
  test('a wheel', () => {
    expect(publicFacts(zipFiles(zip(files('1.2.3'))), WATCHED).facts).toEqual(FACTS);
  });

  test('a wheel as a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
    writeFileSync(join(folder, 'a.whl'), zip(files('1.2.3')));
    expect(publicFacts(modelsAt(join(folder, 'a.whl')), WATCHED).facts).toEqual(FACTS);
    expect(() => publicFacts(modelsAt(folder), WATCHED)).toThrow('no `botocore/__init__.py` with a version is there');
    rmSync(folder, { recursive: true });
  });

  const unreadable = [
    ['no archive', () => zipFiles(Buffer.from('<html>')), 'it is no zip archive'],
    ['another compression', () => publicFacts(zipFiles(zip(files('1.2.3'), 9)), WATCHED), 'compression method 9'],
    ['no such service', () => publicFacts(modelsOf(files('1.2.3')), { doors: { operations: [] } }), '`doors`'],
    [
      'a shape that is not there',
      () =>
        factsOf(
          '1.2.3',
          changed((model) => Reflect.deleteProperty(model.shapes, 'Name')),
        ),
      'the model of `boxes` has no shape `Name`',
    ],
  ] as const;
  test.each(unreadable)('%s is an error', (_name, read, message) => expect(read).toThrow(message));

  const wheel = zip(files('1.2.3'));
  const release = (sha256: string) => ({
    urls: [
      { packagetype: 'sdist', url: '/a.tar.gz', digests: { sha256: '' } },
      { packagetype: 'bdist_wheel', url: '../../packages/a.whl', digests: { sha256 } },
    ],
  });
  const published = release(createHash('sha256').update(wheel).digest('hex'));
  const registry = (json: object, status = 200) =>
    (async (url: string | URL | Request) =>
      String(url).endsWith('/json')
        ? Response.json(json, { status })
        : new Response(new Uint8Array(wheel), {
            status: String(url) === 'https://pypi.org/packages/a.whl' ? 200 : 404,
          })) as typeof fetch;

  test('the registry', async () => {
    expect(await newestWheel(registry(published))).toEqual({ wheel });
  });

  test('no network: that is said, and nothing fails', async () => {
    const offline = async () => {
      throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND pypi.org') });
    };
    expect(await newestWheel(offline)).toEqual({ offline: 'getaddrinfo ENOTFOUND pypi.org' });
  });

  test.each([
    ['an error of the registry', registry(published, 503), '`pypi.org` answered with status 503'],
    ['another wheel than was published', registry(release('00')), 'not the published one'],
    ['no wheel', registry({ urls: [] }), 'the newest botocore has no wheel'],
    ['another document', registry({ message: 'moved' }), 'the newest botocore has no wheel'],
  ])('%s is no absence', async (_name, get, message) => {
    await expect(newestWheel(get)).rejects.toThrow(message);
  });
});
