import type { CoveredAccount, CoveredRegion } from '../../src/report/coverage.ts';
import type { Report } from '../../src/report/report.ts';
import { type TextOptions, textReport } from '../../src/report/text.ts';
import { finding, report, trailReport } from './example.ts';

const PLAIN: TextOptions = { colour: false, quiet: false, width: 100 };
const text = (given: Report, options: Partial<TextOptions> = {}) =>
  [...textReport(given, { ...PLAIN, ...options })].join('');
const arn = (account: string, name: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/${name}`;

const compliant = trailReport({
  trailArn: arn('111122223333', 'good'),
  complianceType: 'COMPLIANT',
  standing: 'compliant',
  annotation: '',
  findings: [finding({ status: 'pass', remediation: '' })],
});

test('a failing trail: verdict, key, finding and remedy', () => {
  expect(text(report(trailReport()))).toBe(
    [
      'Account 111122223333',
      '',
      '  NON_COMPLIANT   arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
      '                  key arn:aws:kms:us-east-1:111122223333:key/k',
      '                  CRITICAL  fails    cloudtrail-can-encrypt',
      '                    statement `AllowEncrypt`: aws:SourceArn is another trail',
      '                    → correct the condition',
      '',
      '1 trail: 1 NON_COMPLIANT, 0 COMPLIANT, 0 NOT_APPLICABLE',
      'Facts of 2026-11-20T10:00:00.000Z, cloudtrail-kms-rule 1.2.3',
      '',
    ].join('\n'),
  );
});

describe('coverage', () => {
  const region = (over: Partial<CoveredRegion> = {}): CoveredRegion => ({
    region: 'us-east-1',
    status: 'read',
    trails: 1,
    reason: null,
    ...over,
  });
  const scp = { status: 'failed', trails: null, deniedBy: 'a service control policy' } as const;
  const account = (accountId: string, ...regions: readonly CoveredRegion[]) => ({ accountId, name: null, regions });

  test.each<[string, readonly CoveredAccount[], readonly string[]]>([
    ['all of one account was read', [account('111122223333', region())], []],
    [
      'a Region that a policy closes, one that is not enabled, and a whole account',
      [
        {
          ...account('111122223333', region(), region({ region: 'eu-west-1', ...scp, reason: 'denied' })),
          name: 'prod',
        },
        account('444455556666', region({ status: 'skipped', trails: null, reason: 'the Region is not enabled' })),
        account('777788889999', region({ region: null, status: 'failed', trails: null, reason: 'no role' })),
      ],
      [
        'Coverage: 3 accounts, 1 Region read, 3 not read, 0 accounts without a trail',
        '  111122223333 (prod) eu-west-1: denied by a service control policy: denied',
        '  444455556666 us-east-1: not enabled: the Region is not enabled',
        '  777788889999: failed: no role',
      ],
    ],
    [
      'an account without a trail',
      [account('111122223333', region()), account('444455556666', region({ trails: 0 }), region({ trails: 0 }))],
      [
        'Coverage: 2 accounts, 3 Regions read, 0 not read, 1 account without a trail',
        '  without a trail: 444455556666',
      ],
    ],
    [
      'without a trail where everything was read: unknown',
      [account('444455556666', region({ trails: 0 }), region({ ...scp, region: 'eu-west-1' }))],
      [
        'Coverage: 1 account, 1 Region read, 1 not read, 0 accounts without a trail',
        '  444455556666 eu-west-1: denied by a service control policy',
      ],
    ],
  ])('%s', (_, accounts, lines) => {
    const output = text({ ...report(compliant), coverage: { accounts } });
    const block = /^Coverage.*?(?=\n\n)/ms.exec(output)?.[0] ?? '';
    expect(block === '' ? [] : block.split('\n')).toEqual(lines);
  });
});

test('undecided and excepted are words of their own', () => {
  const output = text(
    report(
      trailReport({ standing: 'undecided' }),
      trailReport({ standing: 'excepted', complianceType: 'NOT_APPLICABLE' }),
      compliant,
    ),
  );
  expect(output).toMatch(/^ {2}NON_COMPLIANT +\S+ undecided$/m);
  expect(output).toMatch(/^ {2}NOT_APPLICABLE +\S+ excepted$/m);
  expect(output).toMatch(/^ {2}COMPLIANT +\S+$/m);
  expect(output).toMatch(/^1 of them undecided/m);
});

test('accounts, trails and findings come gravest first', () => {
  const low = finding({ check: 'cloudtrail-can-describe', severity: 'LOW', message: 'may not describe' });
  const unknown = finding({ check: 'key-usable', status: 'unknown' });
  const output = text(
    report(
      { ...compliant, trailArn: arn('111111111111', 'quiet'), accountId: '111111111111' },
      compliant,
      trailReport({ trailArn: arn('111122223333', 'high'), findings: [finding({ severity: 'HIGH' })] }),
      trailReport({ trailArn: arn('111122223333', 'critical'), findings: [low, unknown, finding()] }),
    ),
  );
  const order = [
    'Account 111122223333',
    'trail/critical',
    'cloudtrail-can-encrypt',
    'key-usable',
    'can-describe',
    'trail/high',
    'trail/good',
    'Account 111111111111',
    'trail/quiet',
  ];
  const places = order.map((part) => output.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test.each<[string, Report, string]>([
  [
    'an annotation explains a trail that is not evaluated',
    report(
      trailReport({
        complianceType: 'NOT_APPLICABLE',
        standing: 'not-applicable',
        annotation: 'the trail was deleted',
        kmsKeyArn: null,
        findings: [],
      }),
    ),
    'the trail was deleted',
  ],
  [
    'what is unknown is shown',
    report(trailReport({ findings: [finding({ status: 'unknown', message: 'kms:GetKeyPolicy is missing' })] })),
    'unknown  cloudtrail-can-encrypt',
  ],
  [
    'a trail without a name',
    report(trailReport({ trailArn: null, accountId: null })),
    'a trail that the event does not name',
  ],
])('%s', (_, given, part) => {
  expect(text(given)).toContain(part);
});

test('one reason of several findings is said once', () => {
  const same = {
    status: 'unknown',
    message: 'the key policy could not be read',
    remediation: 'let it be read',
  } as const;
  const output = text(
    report(
      trailReport({ findings: [finding(same), finding({ ...same, check: 'readers-bounded', severity: 'MEDIUM' })] }),
    ),
  );
  expect(output).toContain('CRITICAL  unknown  cloudtrail-can-encrypt\n');
  expect(output).toContain('MEDIUM    unknown  readers-bounded\n');
  expect(output.split('the key policy could not be read')).toHaveLength(2);
});

test('quiet: failing trails alone, and nothing when none fails', () => {
  const mixed = text(report(compliant, trailReport()), { quiet: true });
  expect(mixed).toContain('trail/main');
  expect(mixed).not.toContain('trail/good');
  expect(text(report(compliant), { quiet: true })).toBe('');
});

test('colours only where they are asked for', () => {
  expect(text(report(trailReport()), { colour: true })).toContain('\u001b[31m');
  expect(text(report(trailReport(), compliant))).not.toContain('\u001b');
});

test('long text is wrapped, long words are not', () => {
  const message = `${'word '.repeat(60)}${'x'.repeat(200)}`;
  const lines = text(report(trailReport({ findings: [finding({ message })] }))).split('\n');
  expect(lines.filter((line) => line.length > 100)).toEqual([`${' '.repeat(20)}${'x'.repeat(200)}`]);
});

test('hostile names are shown, and change nothing on the screen', () => {
  const output = text(
    report(
      trailReport({
        trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/\u001b[2Jx',
        kmsKeyArn: 'key\r\nAccount 999999999999',
        findings: [finding({ message: 'Sid `\u202e\u0007evil\u2028`', remediation: '\u001b]0;title\u0007' })],
      }),
    ),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing but line feeds may control the terminal
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
  expect(output).toContain('\\u{1b}[2Jx');
  expect(output.split('\n').filter((line) => line.startsWith('Account'))).toHaveLength(1);
});
