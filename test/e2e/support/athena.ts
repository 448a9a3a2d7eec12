import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { RESULT_COLUMNS } from '../../../scripts/docs/resultsTable.ts';
import { type HiveType, hiveType } from '../../support/hiveType.ts';

const python = join(import.meta.dirname, '../node_modules/.cache/python/bin/python');

export type Row = Readonly<Record<string, string | number | null>>;

/** What Athena, whose engine is Trino, spells otherwise than DuckDB. Functions that DuckDB lacks are made in duckdb.py. */
const DIFFERENCES: readonly (readonly [what: string, athena: RegExp, duckdb: (today: string) => string])[] = [
  [
    'a day less an interval is a day there and a time here',
    /current_date - INTERVAL '(\d+)' DAY/g,
    () => 'current_date - $1',
  ],
  ['today', /current_date/g, (today) => `DATE '${today}'`],
  ['the arrow of a function without a name', /\b([a-z]) -> /g, () => 'lambda $1: '],
  ['the name of a function that takes one', /\btransform\(/g, () => 'list_transform('],
];

/** The query as DuckDB reads it. */
const inDuckDb = (sql: string, today: string): string =>
  DIFFERENCES.reduce((text, [, athena, duckdb]) => text.replaceAll(athena, duckdb(today)), sql);

/** `array<struct<a:string>>` is `STRUCT("a" VARCHAR)[]`. */
function duckDbType(type: HiveType): string {
  if (type.is === 'array') return `${duckDbType(type.of)}[]`;
  if (type.is !== 'struct') return { string: 'VARCHAR', int: 'INTEGER' }[type.is];
  return `STRUCT(${[...type.members].map(([name, member]) => `"${name}" ${duckDbType(member)}`).join(', ')})`;
}

/**
 * What queries over the table answer, by their names, on lines in a folder that is laid out as the bucket is.
 *
 * The lines are read as they stand, so columns have the case of their members; Hive's reader of JSON tells none.
 */
export function queryResults(
  folder: string,
  today: string,
  queries: Readonly<Record<string, string>>,
): Readonly<Record<string, readonly Row[]>> {
  const input = {
    files: join(folder, 'results/date=*/run=*/*.jsonl'),
    columns: Object.fromEntries(RESULT_COLUMNS.map(([name, type]) => [name, duckDbType(hiveType(type))])),
    queries: Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, inDuckDb(sql, today)])),
  };
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, 'duckdbQueries.py')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
