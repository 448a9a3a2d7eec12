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
      '',
    ].join('\n'),
  );
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
    'an annotation explains a trail that is not judged',
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
