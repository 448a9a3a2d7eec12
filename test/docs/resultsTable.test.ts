import { readFileSync } from 'node:fs';
import { samples } from '../../events/samples.json';
import { RESULT_COLUMNS, savedQueries } from '../../scripts/docs/resultsTable.ts';
import { denial } from '../../src/facts/readings.ts';
import { resultPublisher } from '../../src/handlers/shared/results.ts';
import type { CentralRun } from '../../src/rule/central/centralRun.ts';
import { cli } from '../cli/support.ts';
import { type HiveType, hiveType } from '../support/hiveType.ts';

const columns: HiveType = {
  is: 'struct',
  members: new Map(RESULT_COLUMNS.map(([name, type]) => [name, hiveType(type)])),
};

/** Where a value is not what a type says, or has a member that the type lacks. */
function differences(value: unknown, type: HiveType, at = ''): readonly string[] {
  if (value === null) return [];
  if (type.is === 'array') {
    if (!Array.isArray(value)) return [`${at} is no array`];
    return value.flatMap((item, index) => differences(item, type.of, `${at}[${index}]`));
  }
  if (type.is === 'struct') {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no object`];
    return Object.entries(value).flatMap(([name, member]) => {
      const of = type.members.get(name);
      return of === undefined ? [`${at}.${name} has no column`] : differences(member, of, `${at}.${name}`);
    });
  }
  const isRight = type.is === 'int' ? Number.isInteger(value) : typeof value === 'string';
  return isRight ? [] : [`${at} is no ${type.is}`];
}

test.each(samples.map(({ name, snapshot }) => [name, snapshot]))('columns hold every line: %s', async (_, snapshot) => {
  const { stdout } = await cli(['evaluate', '--snapshot', `events/${snapshot}`, '--format', 'jsonl']);
  const lines = stdout.split('\n').slice(0, -1);
  expect(lines.flatMap((line) => differences(JSON.parse(line), columns))).toEqual([]);
});

test('columns hold the line of a trail without a verdict', async () => {
  const written: string[] = [];
  const results = { write: async (_: string, lines: readonly string[]) => void written.push(...lines) };
  const run = { unevaluated: [{ trailArn: 'a', accountId: null, isOrganization: false, reason: 'x' }] };
  const publisher = resultPublisher(results, { run: 'r', evaluatedAt: new Date(0) });
  await publisher.finish(run as unknown as CentralRun);
  expect(written.flatMap((line) => differences(JSON.parse(line), columns))).toEqual([]);
});

test('columns are those of the reader: no two of one name but for case', () => {
  const names = RESULT_COLUMNS.map(([name]) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
});

describe('missing permissions', () => {
  const sql = savedQueries('.').find(({ id }) => id === 'missing-permissions')?.sql ?? '';
  const [, pattern = ''] = /regexp_extract\(f\.message, '(.+)'\)/.exec(sql) ?? [];
  const KEY = 'arn:aws:kms:us-east-1:111122223333:key/k';
  const request = { Principal: 'the role of the function', Action: 'kms:GetKeyPolicy', Resource: KEY };
  const acrossAccounts = /const role = `(.+)`;\n +const what = `\$\{role\} (.+?) \(/.exec(
    readFileSync('src/aws/read/key.ts', 'utf8'),
  );

  test.each([
    [
      'a denial',
      `the key policy could not be read: ${denial(request, '')}`,
      `function lacks kms:GetKeyPolicy on ${KEY}`,
    ],
    [
      'a denial in AWS’s words',
      denial(request, `User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: kms:ListGrants on x`),
      `arn:aws:sts::1:assumed-role/a/b lacks kms:ListGrants on ${KEY}`,
    ],
    [
      'a key of another account',
      `GetKeyPolicy does not work across accounts: it takes a role in account 444455556666 with kms:GetKeyPolicy on ${KEY} (no role)`,
      `a role in account 444455556666 with kms:GetKeyPolicy on ${KEY}`,
    ],
  ])('are found in %s', (_, message, found) => {
    expect(new RegExp(pattern).exec(message)?.[0]).toBe(found);
  });

  test('in the words of a key of another account', () => {
    const [, role = '', what = ''] = acrossAccounts ?? [];
    expect(`${role} ${what}`).toMatch(/it takes a role in account \$\{.+\} with \$\{.+\} on \$\{.+\}/);
  });
});
