import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { parse } from 'yaml';
import { FORMATS } from '../../src/cli/formats.ts';
import type { Since } from '../../src/trail/finding.ts';
import { OPEN_QUESTIONS } from '../../src/trail/openQuestions/questions.ts';
import { report, trailReport } from '../report/example.ts';

const pages = globSync(['*.md', '.github/*.md', 'docs/**/*.md', 'deploy/**/*.md', 'test/cases/README.md']).sort();
const read = (page: string) => readFileSync(page, 'utf8');
const withoutCode = (text: string) => text.replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
const anchorsOf = (page: string) => {
  const text = withoutCode(read(page));
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
};

test('there are pages', () => expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/deploy.md'])));

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    if (/^https:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(`${dirname(page)}/${path}`);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every picture is on a page, with words for whoever does not see it, and is quickly loaded', () => {
  const shown = pages.flatMap((page) =>
    [...read(page).matchAll(/!\[([^\]]*)\]\((\S+)\)/g)].map(([, words = '', path = '']) => ({
      words,
      file: normalize(`${dirname(page)}/${path}`),
    })),
  );
  expect([...new Set(shown.map(({ file }) => file))].sort()).toEqual(globSync('docs/images/*').sort());
  for (const { words, file } of shown)
    expect([file, words.length > 20, statSync(file).size < 150_000]).toEqual([file, true, true]);
});

test('the site leads to every page of docs, and to one for each reader', () => {
  const listed = [...read('docs/site/mkdocs.yml').matchAll(/: (\S+\.md)$/gm)].map(([, page = '']) => page);
  expect(listed.filter((page) => page.startsWith('docs/')).sort()).toEqual(
    globSync(['docs/*.md', 'docs/for/*.md']).sort(),
  );
});

/** The rows of a page's tables that begin with a name, each with its second cell, without quotes. */
const rowsOf = (page: string, name: RegExp): readonly (readonly [string, string])[] =>
  [...read(page).matchAll(/^\| `(\w+)[^`]*` \|([^|]*)\|/gm)]
    .map(([, first = '', second = '']) => [first, second.replaceAll('`', '').trim()] as const)
    .filter(([first]) => name.test(first));

const named = (page: string) => rowsOf(page, /^[a-z]/).map(([name]) => name);

test('the README has every command', () => {
  const registered = [...read('src/cli/program.ts').matchAll(/^ {2}register(\w+),$/gm)].map(([, name]) => name);
  expect(registered.length).toBeGreaterThan(6);
  expect(named('README.md')).toEqual(expect.arrayContaining(registered.map((name) => name?.toLowerCase())));
});

test('docs/formats.md and the README have every format', () => {
  const formats = Object.keys(FORMATS);
  expect(named('docs/formats.md')).toEqual(formats);
  expect(read('README.md')).toContain(`\`--format ${formats.join('\\|')}\``);
});

test('docs/json-report.md has every member of a report and of a trail', () => {
  const trail = {
    ...trailReport(),
    address: 'Trail',
    location: null,
    change: 'new',
    cdkPath: null,
    keyAddress: null,
    keyCdkPath: null,
    eventDataStoreArn: null,
  };
  const since: Since = { time: '', eventId: '', eventName: 'PutKeyPolicy', by: null, isCause: false };
  const members = [
    ...Object.keys({ ...report(), keys: [], eventDataStores: [], exceptions: [], evaluations: [], changes: {} }),
    ...Object.keys(trail),
    ...Object.keys(since),
  ];
  expect(named('docs/json-report.md').toSorted()).toEqual(members.toSorted());
});

test('docs/verify.md has every question', () => {
  const ids = [...read('docs/verify.md').matchAll(/^\| `([a-z-]+)` \| [A-Z]/gm)].map(([, id]) => id);
  expect(ids).toEqual(OPEN_QUESTIONS.map(({ id }) => id));
});

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}
const template = (file: string) => parse(read(file), { logLevel: 'silent' }) as Template;

test.each([
  ['docs/deploy.md', 'template.yaml'],
  ['docs/hook.md', 'deploy/hook.yaml'],
])('%s has every parameter of %s with its default', (page, file) => {
  const shown = new Map(rowsOf(page, /^[A-Z][a-z]/));
  const parameters = Object.entries(template(file).Parameters);
  expect([...shown.keys()].sort()).toEqual(parameters.map(([name]) => name).sort());
  const withDefault = parameters.filter(([, { Default = '' }]) => Default !== '');
  expect(withDefault.map(([name]) => [name, shown.get(name)])).toEqual(
    withDefault.map(([name, { Default }]) => [name, String(Default)]),
  );
});

test.each(['template.yaml', 'deploy/central.yaml'])('docs/observability.md has every alarm of %s', (file) => {
  const alarms = Object.entries(template(file).Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  const page = read('docs/observability.md');
  expect(alarms.map(([name]) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
