import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './tables.ts';

/**
 * The members of a line of results as a table's columns, with their types as Hive, and so AWS Glue and Athena, spell them. Names
 * are written as the lines have them: SQL and the reader of the lines tell no case.
 */
export const RESULT_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['version', 'int'],
  ['run', 'string'],
  ['tool', 'struct<name:string,version:string>'],
  ['evaluatedAt', 'string'],
  ['factsAt', 'string'],
  ['coverage', 'struct<accounts:int,read:int,unread:int>'],
  ['trailArn', 'string'],
  ['eventDataStoreArn', 'string'],
  ['accountId', 'string'],
  ['accountName', 'string'],
  ['region', 'string'],
  ['kmsKeyArn', 'string'],
  ['policySha256', 'string'],
  ['owner', 'string'],
  ['complianceType', 'string'],
  ['standing', 'string'],
  ['annotation', 'string'],
  [
    'findings',
    'array<struct<check:string,severity:string,status:string,message:string,remediation:string,' +
      'evidence:struct<statements:array<string>,dependsOn:array<string>,capturedAt:string>,' +
      'missingPermission:struct<principal:string,action:string,resource:string>>>',
  ],
  ['controls', 'array<struct<framework:string,id:string>>'],
  ['address', 'string'],
  ['reason', 'string'],
];

/** A saved query: its file holds a line with its name, a line with what it answers, and the query. */
export interface SavedQuery {
  /** Of the file, without `.sql`. */
  readonly id: string;
  readonly name: string;
  readonly answers: string;
  readonly sql: string;
}

const FOLDER = 'deploy/queries';

export const savedQueries = (root: string): readonly SavedQuery[] =>
  readdirSync(join(root, FOLDER)).map((file) => {
    const text = readFileSync(join(root, FOLDER, file), 'utf8');
    const [, name, answers, sql] = /^-- (.+)\n-- (.+)\n([\s\S]+)$/.exec(text) ?? [];
    if (name === undefined || answers === undefined || sql === undefined)
      throw new Error(`${FOLDER}/${file} does not begin with its name and what it answers`);
    return { id: file.replace(/\.sql$/, ''), name, answers, sql: sql.trimEnd() };
  });

/** What stands between the markers of the template. */
export const resultsParts = (root: string): ReadonlyMap<string, readonly string[]> =>
  new Map([
    [
      'columns',
      RESULT_COLUMNS.map(([name, type]) => `- { Name: ${name.toLowerCase()}, Type: '${type.toLowerCase()}' }`),
    ],
    ['saved queries', savedQueries(root).flatMap(queryLines)],
  ]);

const queryLines = ({ id, name, answers, sql }: SavedQuery): readonly string[] => [
  `${id.replaceAll(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase())}Query:`,
  '  Type: AWS::Athena::NamedQuery',
  '  Condition: KeepsResults',
  '  Properties:',
  `    Name: ${JSON.stringify(name)}`,
  `    Description: ${JSON.stringify(answers)}`,
  '    Database: !Ref ResultsDatabase',
  '    WorkGroup: !Ref ResultsWorkGroup',
  '    QueryString: |',
  ...sql.split('\n').map((line) => `      ${line}`),
];

export const columnsTable = (): string =>
  table(
    ['column', 'type'],
    [...RESULT_COLUMNS, ['date', 'string'] as const].map(([name, type]) => [`\`${name}\``, `\`${type}\``]),
  );

export const queriesTable = (root: string): string =>
  table(
    ['query', 'answers', 'file'],
    savedQueries(root).map(({ id, name, answers }) => [name, answers, `[\`${id}.sql\`](../${FOLDER}/${id}.sql)`]),
  );
