import { samples } from '../../events/samples.json';
import { RESULT_COLUMNS } from '../../scripts/docs/resultsTable.ts';
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
