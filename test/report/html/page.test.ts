import { createHash } from 'node:crypto';
import { htmlReport } from '../../../src/report/html/page.ts';
import type { ReportedTrail } from '../../../src/report/report.ts';
import { sentence } from '../../../src/trail/remedy/remedy.ts';
import { block, say, type Words } from '../../../src/trail/remedy/words.ts';
import { ESTATE, HOSTILE, IN_TEMPLATE, TRAILS } from '../estate.ts';
import { finding, report, trailReport } from '../example.ts';

const page = (...trails: readonly ReportedTrail[]) => [...htmlReport(report(...trails))].join('');
const digest = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

test.each([
  ['no trails', page(), 0],
  ['trails of every kind', page(...ESTATE.trails), ESTATE.trails.length],
  ['so many that sections are deferred', page(...Array.from({ length: 200 }, () => TRAILS.failing)), 200],
])('%s: one section a trail', (_, source, count) => {
  expect(source.match(/<details class="trail"/g) ?? []).toHaveLength(count);
  expect(source.startsWith('<!doctype html>')).toBe(true);
  expect(source.endsWith('</html>\n')).toBe(true);
});

test('its policy allows its own style and script by their digests, and no network', () => {
  const source = page(TRAILS.failing);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(source)?.[1] ?? '';
  const style = /<style>([\s\S]*?)<\/style>/.exec(source)?.[1] ?? '';
  const script = /<script>([\s\S]*?)<\/script>/.exec(source)?.[1] ?? '';
  expect(policy).toContain(`style-src ${digest(style)}`);
  expect(policy).toContain(`script-src ${digest(script)}`);
  expect(policy).toContain("default-src 'none'");
  expect(source).not.toMatch(/(?:src|href)="(?!#|data:)/);
  expect(source).not.toMatch(/ (?:style|on\w+)="/);
});

test.each([
  ['a hostile trail', TRAILS.hostile],
  ['a hostile place', { ...IN_TEMPLATE, address: HOSTILE, location: { file: HOSTILE, line: 1, column: 1 } }],
  ['a hostile account', trailReport({ accountId: HOSTILE, region: HOSTILE, kmsKeyArn: HOSTILE })],
])('%s is text', (_, trail) => {
  const source = page(trail);
  expect(source).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(source).not.toContain('<script>alert');
  expect(source).not.toMatch(/[\u202e\u2028\0]/);
  expect(source).toContain('\\u{202e}');
});

test('an annotation of 10 KB is shown as a whole', () => {
  const annotation = 'long '.repeat(2048).trim();
  expect(page(trailReport({ annotation }))).toContain(annotation);
});

test.each<[string, Words, RegExp]>([
  [
    'a command',
    say`run ${block('aws kms enable-key --key-id k')}`,
    /<pre><code>aws kms enable-key --key-id k<\/code><\/pre><button[^>]*>Copy/,
  ],
  ['a statement', say`add ${block('{"Sid":"A"}')}`, /<pre><code>\{\n {2}&quot;Sid&quot;: &quot;A&quot;\n\}<\/code>/],
  ['words', ['ask somebody'], /<span>ask somebody\.<\/span><\/div><button[^>]*>Copy/],
  ['half a statement', say`add ${block('{"Sid":')}`, /<pre><code>\{&quot;Sid&quot;:<\/code>/],
  [
    'a name',
    say`bind ${'A'} with ${'B'}`,
    /<span>bind <\/span><code>A<\/code><span> with <\/span><code>B<\/code><span>\.<\/span>/,
  ],
])('%s to do can be copied', (_, words, expected) => {
  const told = finding({ remediation: sentence(words), remedyWords: () => words });
  expect(page(trailReport({ findings: [told] }))).toMatch(expected);
});

test('findings in the same words are told once', () => {
  const same = [finding(), finding({ check: 'public-excluded' })];
  const source = page(trailReport({ findings: same }));
  expect(source.match(/<p class="message">/g)).toHaveLength(1);
  expect(source).toContain('<strong>public-excluded</strong>');
});
