import { globSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { samples } from '../../events/samples.json';
import { parseExceptions } from '../../src/rule/exceptions/exceptions.ts';
import { cli } from '../cli/support.ts';

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats(ajv);
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const validator = (name: string) => ajv.compile(json(`docs/schemas/${name}.schema.json`) as object);

const report = validator('report');
const reportOf = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await cli([...args, '--format', 'json'])).stdout);

describe('reports', () => {
  test.each(samples.map(({ name, snapshot, ...rest }) => [name, snapshot, rest] as const))(
    '%s',
    async (_, snapshot, rest) => {
      const event = 'event' in rest && typeof rest.event === 'string' ? ['--event', `events/${rest.event}`] : [];
      const document = await reportOf('evaluate', '--snapshot', `events/${snapshot}`, ...event);
      expect(report(document) ? [] : report.errors).toEqual([]);
    },
  );

  test.each(globSync('events/templates/*'))('%s', async (file) => {
    const document = await reportOf('check', file);
    expect(report(document) ? [] : report.errors).toEqual([]);
  });

  test.each<[string, (document: Record<string, unknown>) => void]>([
    ['another version', (document) => Object.assign(document, { version: 2 })],
    ['a member less', (document) => delete document.standings],
    ['a member more', (document) => Object.assign(document, { more: 1 })],
  ])('not with %s', async (_, change) => {
    const document = await reportOf('evaluate', '--snapshot', 'events/snapshots/compliant.json');
    expect(report(document)).toBe(true);
    change(document);
    expect(report(document)).toBe(false);
  });
});

const snapshot = validator('snapshot');

test.each(globSync('events/snapshots/*.json'))('snapshot %s', (file) => {
  expect(snapshot(json(file)) ? [] : snapshot.errors).toEqual([]);
});

test.each([
  { version: 1 },
  { version: 1, trails: [], keys: [{ Grants: [{}] }] },
  { version: 1, trails: [{}], keys: [] },
])('no snapshot: %j', (document) => expect(snapshot(document)).toBe(false));

ajv.addSchema(json('docs/schemas/snapshot.schema.json') as object, 'snapshot.schema.json');
const line = validator('snapshot-line');

test.each<[string, object, boolean]>([
  ['what is about all lines', { version: 1, collectedAt: '2026-11-20T10:00:00Z', coverage: { accounts: [] } }, true],
  ['nothing', {}, true],
  ['another version', { version: 2 }, false],
  ['a trail without its ARN', { trails: [{ Trail: {} }] }, false],
  ['a bucket without its name', { buckets: [{}] }, false],
])('a line that tells %s', (_, document, isAccepted) => expect(line(document)).toBe(isAccepted));

test.each(globSync('events/snapshots/*.json'))('as a line: %s', (file) => {
  expect(line(json(file)) ? [] : line.errors).toEqual([]);
});

const exceptions = validator('exceptions');
const TERMS = { owner: 'security@example.com', reason: 'moves in January', expires: '2027-01-31' };
const ARN = 'arn:aws:cloudtrail:*:111122223333:trail/legacy-*';

test.each<[string, object, boolean]>([
  ['of a trail', { trailArn: ARN, ...TERMS }, true],
  ['of every trail', { trailArn: '*', ...TERMS }, true],
  ['of a file', { address: 'module.audit.*', checks: ['trail-encrypted'], ...TERMS }, true],
  ['of both', { trailArn: ARN, address: 'Trail', ...TERMS }, false],
  ['of neither', TERMS, false],
  ['without an owner', { trailArn: ARN, ...TERMS, owner: ' ' }, false],
  ['without an end', { trailArn: ARN, owner: 'a', reason: 'b' }, false],
  ['on a day that there is not', { trailArn: ARN, ...TERMS, expires: '2027-02-30' }, false],
  ['of no check', { trailArn: ARN, ...TERMS, checks: [] }, false],
  ['with a misspelt member', { trailArn: ARN, ...TERMS, check: [] }, false],
])('an exception %s: the schema says what the parser says', (_, exception, isAccepted) => {
  const document = { version: 1, exceptions: [exception] };
  expect(exceptions(document)).toBe(isAccepted);
  const parse = () => parseExceptions(JSON.stringify(document), new Date('2026-11-20T10:00:00Z'));
  if (isAccepted) expect(parse).not.toThrow();
  else expect(parse).toThrow();
});
