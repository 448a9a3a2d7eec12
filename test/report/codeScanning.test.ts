// Slow: `npm run quick` leaves it out.
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Report } from '../../src/report/report.ts';
import { MOST_RESULTS, sarifReport } from '../../src/report/sarif.ts';
import { cli } from '../cli/support.ts';
import { someOf, spread } from '../runs.ts';
import { textOf } from './estate.ts';
import { report, trailReport } from './example.ts';

/** What code scanning reads of a log (GitHub, SARIF support for code scanning, "Supported SARIF output file properties"). */
interface Log {
  $schema: string;
  version: string;
  runs: {
    tool: { driver: { name: string; rules: Rule[] } };
    automationDetails?: { id: string };
    results: Result[];
  }[];
}
interface Rule {
  id: string;
  name: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string; markdown: string };
  defaultConfiguration: { level: string };
  properties: { tags: string[]; precision: string; 'security-severity': string };
}
interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> } }[];
  partialFingerprints: Record<string, string>;
}

const isText = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '';
const run = ({ runs }: Log) => runs[0] as Log['runs'][number];
const driver = (log: Log) => run(log).tool.driver;
const rule = (log: Log) => driver(log).rules[0] as Rule;
const result = (log: Log) => run(log).results[0] as Result;
const place = (log: Log) =>
  result(log).locations[0]?.physicalLocation as Result['locations'][number]['physicalLocation'];
const everyRule = (holds: (rule: Rule) => boolean) => (log: Log) => driver(log).rules.every(holds);
const everyResult = (holds: (result: Result) => boolean) => (log: Log) => run(log).results.every(holds);
const everyPlace = (holds: (place: ReturnType<typeof physical>) => boolean) =>
  everyResult((one) => holds(physical(one)));
const physical = ({ locations }: Result) => locations[0]?.physicalLocation;
const LEVELS = ['note', 'warning', 'error'];
const PRECISIONS = ['very-high', 'high', 'medium', 'low'];
const REGION = ['startLine', 'startColumn', 'endLine', 'endColumn'];
const isWithin = (count: number, most: number): boolean => count > 0 && count <= most;
const isDescription = ({ text }: { readonly text: string }): boolean => isText(text) && text.length <= 1024;
const isScore = (text: string): boolean => /^\d+\.\d$/.test(text) && isWithin(Number(text), 10);
const isForwards = (region: Record<string, number> = {}): boolean => {
  const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region;
  return endLine > startLine || (endLine === startLine && endColumn > startColumn);
};
const unique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;
const identity = (one: Result) =>
  [one.ruleId, physical(one)?.artifactLocation.uri, one.partialFingerprints.primaryLocationLineHash].join();

/** What is documented, whether a log keeps to it, and a change after which it does not. */
const DOCUMENTED: readonly (readonly [string, (log: Log) => boolean, (log: Log) => unknown])[] = [
  ['a schema is named', (log) => isText(log.$schema), (log) => (log.$schema = '')],
  ['version 2.1.0', (log) => log.version === '2.1.0', (log) => (log.version = '2.2.0')],
  ['one run, of at most 20', (log) => log.runs.length === 1, (log) => log.runs.push(run(log))],
  ['the tool has a name', (log) => isText(driver(log).name), (log) => (driver(log).name = '')],
  ['rules, at most 25,000', (log) => isWithin(driver(log).rules.length, 25_000), (log) => (driver(log).rules = [])],
  [
    'rules have an id of their own',
    (log) => unique(driver(log).rules.map(({ id }) => id)),
    (log) => driver(log).rules.push(rule(log)),
  ],
  [
    'a rule name, at most 255 characters',
    everyRule(({ name }) => isText(name) && name.length <= 255),
    (log) => (rule(log).name = 'n'.repeat(256)),
  ],
  [
    'a short description, at most 1024 characters',
    everyRule((one) => isDescription(one.shortDescription)),
    (log) => (rule(log).shortDescription.text = ''),
  ],
  [
    'a full description, at most 1024 characters',
    everyRule((one) => isDescription(one.fullDescription)),
    (log) => (rule(log).fullDescription.text = 'x'.repeat(1025)),
  ],
  [
    'help as text and as Markdown',
    everyRule(({ help }) => isText(help.text) && isText(help.markdown)),
    (log) => (rule(log).help.text = ''),
  ],
  [
    'a level of a rule',
    everyRule((one) => LEVELS.includes(one.defaultConfiguration.level)),
    (log) => (rule(log).defaultConfiguration.level = 'none'),
  ],
  [
    'tags, at most 10 shown, `security` among them',
    everyRule(({ properties: { tags } }) => tags.includes('security') && tags.length <= 10),
    (log) => (rule(log).properties.tags = []),
  ],
  [
    'a precision',
    everyRule((one) => PRECISIONS.includes(one.properties.precision)),
    (log) => (rule(log).properties.precision = 'total'),
  ],
  [
    'a score above 0.0 and up to 10.0, as text',
    everyRule((one) => isScore(one.properties['security-severity'])),
    (log) => (rule(log).properties['security-severity'] = '0.0'),
  ],
  [
    'a result names its rule',
    (log) => everyResult((one) => driver(log).rules[one.ruleIndex]?.id === one.ruleId)(log),
    (log) => (result(log).ruleIndex += 1),
  ],
  ['a level of a result', everyResult((one) => LEVELS.includes(one.level)), (log) => (result(log).level = 'none')],
  ['a message', everyResult((one) => isText(one.message.text)), (log) => (result(log).message.text = ' ')],
  ['one location', everyResult((one) => one.locations.length === 1), (log) => (result(log).locations = [])],
  [
    'a path relative to the repository',
    everyPlace((one) => /^(?![./])[\w.~%/-]+$/.test(one?.artifactLocation.uri ?? '')),
    (log) => (place(log).artifactLocation.uri = '/a'),
  ],
  [
    'a region with lines and columns from 1',
    everyPlace((one) => REGION.every((side) => (one?.region[side] ?? 0) >= 1)),
    (log) => (place(log).region.endLine = 0),
  ],
  [
    'a region that is not empty',
    everyPlace((one) => isForwards(one?.region)),
    (log) => (place(log).region.endColumn = 1),
  ],
  [
    'the fingerprint that is looked at',
    everyResult((one) => isText(one.partialFingerprints.primaryLocationLineHash)),
    (log) => (result(log).partialFingerprints = {}),
  ],
  [
    'no two results are one alert',
    (log) => unique(run(log).results.map(identity)),
    (log) => run(log).results.push(result(log)),
  ],
  // The Action's upload gives it: an id in the file would take its place, and two files of a workflow would share it.
  [
    'no category of its own',
    (log) => run(log).automationDetails === undefined,
    (log) => (run(log).automationDetails = { id: 'a/' }),
  ],
];

const inFolder = (folder: string) => readdirSync(folder).map((file) => `${folder}/${file}`);
const COMMANDS = [
  ...inFolder('events/templates').map((file) => ['check', file]),
  ...inFolder('events/snapshots').map((file) => ['evaluate', '--snapshot', file]),
  // All that fails there is excepted.
  ['evaluate', '--snapshot', 'events/snapshots/unencrypted.json', '--exceptions', 'events/exceptions.json'],
].map((args) => [args.join(' '), args] as const);

async function logOf(args: readonly string[]): Promise<Log> {
  const { stdout, stderr } = await cli([...args, '--format', 'sarif']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test.each(spread(COMMANDS, 4))('%s: what code scanning documents holds', async (_, args) => {
  const log = await logOf(args);
  expect(DOCUMENTED.filter(([, holds]) => !holds(log)).map(([name]) => name)).toEqual([]);
});

let good: Log;
beforeAll(async () => {
  good = await logOf(['check', 'events/templates/wrong-account.yaml']);
});

test.each(DOCUMENTED)('%s: a log without that is found out', (_, holds, spoil) => {
  const log = structuredClone(good);
  spoil(log);
  expect(holds(log)).toBe(false);
});

test.each(spread(COMMANDS, 4))(
  '%s: results are the failures of the JSON report that are not excepted',
  async (_, args) => {
    const { stdout } = await cli([...args, '--format', 'json']);
    const { trails, keys = [] } = JSON.parse(stdout) as Report;
    const failures = [...trails, ...keys]
      .filter(({ standing }) => standing !== 'excepted')
      .flatMap(({ findings }) => findings.filter(({ status }) => status === 'fail'));
    expect(run(await logOf(args)).results.map(({ ruleId }) => ruleId)).toEqual(failures.map(({ check }) => check));
  },
);

const TOO_MANY = [
  [2, ['SARIF leaves out 2 of the failures, since code scanning takes no more than 25000 at once']],
  [0, []],
] as const;

test.each(someOf(TOO_MANY, 1))(
  'of %d failures more than it takes the rest is left out, and that is said',
  async (more, says) => {
    function* trails() {
      for (let i = 0; i < MOST_RESULTS + more; i += 1)
        yield trailReport({ trailArn: `arn:aws:cloudtrail:us-east-1:${i}:trail/${i}` });
    }
    const said: string[] = [];
    const text = await textOf(sarifReport({ ...report(), trails: trails() }, (sentence) => said.push(sentence)));
    const { results } = run(JSON.parse(text));
    expect(results).toHaveLength(MOST_RESULTS);
    expect(results.findIndex((one, at) => !JSON.stringify(one).includes(`:${at}:trail/${at}"`))).toBe(-1);
    expect(said).toEqual(says);
    // What it takes of a compressed file.
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
  },
);
