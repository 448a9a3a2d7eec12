import { createHash } from 'node:crypto';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { htmlReport } from '../../../src/report/html/page.ts';
import type { Report, ReportedTrail } from '../../../src/report/report.ts';
import { type KeyFacts, read, unread } from '../../../src/trail/facts.ts';
import type { CheckId, Severity } from '../../../src/trail/finding.ts';
import { sentence } from '../../../src/trail/remedy/remedy.ts';
import { block, say, type Words } from '../../../src/trail/remedy/words.ts';
import { ESTATE, HOSTILE, IN_TEMPLATE, TRAILS } from '../estate.ts';
import { finding, report, trailReport } from '../example.ts';

const page = (...trails: readonly ReportedTrail[]) => [...htmlReport(report(...trails))].join('');
const digest = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

test.each([
  ['no trails', page(), 0],
  ['trails of every kind', page(...ESTATE.trails), ESTATE.trails.length],
  ['so many that rows are left for later', page(...Array.from({ length: 200 }, () => TRAILS.failing)), 200],
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

describe('what an auditor asks about', () => {
  const place = { region: 'eu-west-1', status: 'failed', trails: null } as const;
  const exception = {
    trailArn: '*',
    checks: null,
    owner: 'ops',
    reason: 'r',
    ticket: null,
    expires: '2027-01-31',
  } as const;
  const account = { accountId: '1', name: 'prod', regions: [{ ...place, reason: 'AccessDenied', deniedBy: 'an SCP' }] };

  test.each<[string, Partial<Report>, RegExp]>([
    [
      'the five standings',
      {},
      /1<\/span> Non-compliant.*0<\/span> Undecided.*0<\/span> Excepted.*0<\/span> Compliant.*0<\/span> Not applicable/,
    ],
    ['the tool and the time of its facts', {}, /cloudtrail-kms 1\.2\.3.*facts of <time[^>]*>2026-11-20 10:00:00 UTC/],
    ['what nobody recorded', {}, /not recorded/],
    [
      'what a policy denied',
      { coverage: { accounts: [account] } },
      /1 \(prod\)<\/bdi> <bdi>eu-west-1<\/bdi> <span class="tag open">denied by an SCP<\/span> <span class="reason">AccessDenied/,
    ],
    [
      'an exception',
      { exceptions: [{ ...exception, state: 'expired' }] },
      /all below CRITICAL.*ops.*2027-01-31<\/time>.*expired/,
    ],
    [
      'changes',
      { changes: { since: null, new: 1, fixed: 2, unchanged: 3, gone: ['a'] } },
      /<strong>1 new<\/strong>, <strong>2 fixed<\/strong>, 3 unchanged, 1 gone/,
    ],
    [
      'hostile places',
      { coverage: { accounts: [{ ...account, name: HOSTILE }] } },
      /1 \(=HYPERLINK[^<]*&lt;script&gt;alert\(1\)/,
    ],
    [
      'a hostile exception',
      { exceptions: [{ ...exception, owner: HOSTILE, reason: HOSTILE, state: 'in-force' }] },
      /&lt;script&gt;alert\(1\)/,
    ],
  ])('%s', (_, over, expected) => {
    const source = [...htmlReport({ ...report(TRAILS.failing), ...over })].join('');
    expect(source.slice(0, source.indexOf('id="details"'))).toMatch(new RegExp(expected.source, 's'));
    expect(source).not.toContain('<script>alert');
  });
});

test('checks stand by severity, then by the number of trails', () => {
  const one = (check: CheckId, severity: Severity) => trailReport({ findings: [finding({ check, severity })] });
  const source = page(
    one('readers-bounded', 'MEDIUM'),
    one('readers-bounded', 'MEDIUM'),
    one('key-usable', 'CRITICAL'),
    one('public-excluded', 'CRITICAL'),
    one('public-excluded', 'CRITICAL'),
  );
  const order = [...source.matchAll(/class="pick" data-check="([^"]+)"/g)].map(([, check]) => check);
  expect(order).toEqual(['public-excluded', 'key-usable', 'readers-bounded']);
});

const policy = parseKeyPolicy({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: HOSTILE },
    { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:Decrypt', Resource: '*' },
  ],
});

test.each([
  ['a failure', 'Open', 'fail', /<div class="source bad"><div class="marks"><p class="bad-text">fails public-excluded/],
  ['what is open', 'Open', 'unknown', /<div class="source open">.*leaves open public-excluded/],
  [
    'what passes, without a Sid',
    '#1',
    'pass',
    /<div class="source"><pre>.*<div class="source good">.*passes public-excluded/,
  ],
] as const)(
  '%s marks the statement that decides it, and stands in the second lane',
  (_, statement, status, expected) => {
    const told = finding({ check: 'public-excluded', status, evidence: { statements: [statement], dependsOn: [] } });
    const key = { policy: read(policy), exists: read(true), metadata: unread('denied', 'no') } as KeyFacts;
    const source = page({ ...trailReport({ findings: [told] }), explain: () => ({ key, requests: null }) });
    expect(source).toMatch(new RegExp(expected.source, 's'));
    expect(source).toMatch(/Who else may use the key\?.*<strong>public-excluded<\/strong>/s);
    expect(source).not.toContain('<script>alert');
  },
);

describe('what trails have in common', () => {
  const remediation = 'ask the owner of the key '.repeat(40).trim();
  const failing = finding({ check: 'public-excluded', remediation });
  const named = (name: string, ...findings: Parameters<typeof finding>) =>
    trailReport({
      trailArn: `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`,
      findings: [{ ...failing, ...findings[0] }],
    });
  const link = /<p class="same" data-part="(\d+)" data-of="(trail-\d+)">As of <a href="#part-(\d+)"><bdi>a<\/bdi>/g;

  test('is written with the first of them and linked from the others, to a part that is there', () => {
    const source = page(named('a'), named('b'));
    expect(source.split(remediation)).toHaveLength(2);
    const links = [...source.matchAll(link)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, part, of, target] of links) {
      expect(target).toBe(part);
      const [, first] = source.split(`<details class="trail" id="${of}"`);
      expect(first?.split('</noscript>')[0]).toMatch(
        new RegExp(`id="part-${part}"><!--${part}-->.*<!--/${part}-->`, 's'),
      );
    }
  });

  test.each<[string, Parameters<typeof finding>[0]]>([
    ['message', { message: 'another' }],
    ['status', { status: 'unknown' }],
    ['remedy', { remediation: `${remediation} too` }],
    ['check', { check: 'grants-bounded' }],
  ])('another %s is another part', (_, over) => {
    const source = page(named('a'), named('b', over));
    expect(source.split(remediation)).toHaveLength(3);
  });

  test('what is short is told again', () => {
    const short = trailReport({ findings: [], controls: [{ framework: 'CCE', id: 'CCE-1' }] });
    expect(page(short, short).split('<dd>CCE: CCE-1</dd>')).toHaveLength(3);
  });
});
