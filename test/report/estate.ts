import type { Report } from '../../src/report/report.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { finding, report, trailReport } from './example.ts';

/** Text that somebody chose to do harm: markup, formulas, characters that turn the reading direction or end a line. */
export const HOSTILE =
  '=HYPERLINK("http://x","y"),<script>alert(1)</script>]]>&amp;\u202eabc\u0000\u0008\u2028\r\n\ud800[a](b)';

const all = CHECKS.map(({ id, severity }) => finding({ check: id, severity, status: 'pass', remediation: '' }));

/** Trails of every kind that a report can hold. */
export const TRAILS = {
  compliant: trailReport({ complianceType: 'COMPLIANT', standing: 'compliant', annotation: '', findings: all }),
  failing: trailReport({
    findings: [
      finding(),
      finding({ check: 'readers-bounded', severity: 'MEDIUM', message: 'open to all' }),
      finding({ check: 'cloudtrail-can-describe', severity: 'LOW', message: 'may not describe' }),
      finding({ check: 'key-usable', status: 'unknown', message: 'kms:DescribeKey is missing' }),
      finding({
        check: 'key-rotates',
        status: 'not-applicable',
        severity: 'MEDIUM',
        message: 'not required',
        remediation: '',
      }),
      finding({ check: 'key-exists', status: 'pass', message: 'the key is there', remediation: '' }),
    ],
  }),
  undecided: trailReport({
    standing: 'undecided',
    annotation: 'UNDECIDED: key-exists: kms:DescribeKey is missing',
    findings: [
      finding({ check: 'key-exists', status: 'unknown', message: 'kms:DescribeKey is missing' }),
      finding({ check: 'key-in-bucket-region', status: 'unknown', severity: 'HIGH', message: 'no bucket' }),
    ],
  }),
  excepted: trailReport({
    complianceType: 'NOT_APPLICABLE',
    standing: 'excepted',
    annotation: 'EXCEPTED until 2027-01-31 by security@example.com: moves in January',
  }),
  gone: trailReport({
    trailArn: null,
    kmsKeyArn: null,
    complianceType: 'NOT_APPLICABLE',
    standing: 'not-applicable',
    annotation: 'the trail was deleted',
    findings: all.map((one) => ({ ...one, status: 'not-applicable' as const })),
  }),
  elsewhere: trailReport({
    accountId: '444455556666',
    region: 'cn-north-1',
    trailArn: 'arn:aws-cn:cloudtrail:cn-north-1:444455556666:trail/main',
    kmsKeyArn: null,
    findings: [finding({ check: 'trail-encrypted', severity: 'HIGH', evidence: { statements: [], dependsOn: [] } })],
  }),
  hostile: trailReport({
    trailArn: `arn:aws:cloudtrail:us-east-1:111122223333:trail/${HOSTILE}`,
    annotation: HOSTILE.repeat(150),
    findings: [
      finding({ message: HOSTILE, remediation: HOSTILE, evidence: { statements: [HOSTILE], dependsOn: [HOSTILE] } }),
    ],
  }),
} as const;

/** As `check` reports it: a trail in a file, whose account and key are not settled. */
export const IN_TEMPLATE = trailReport({
  trailArn: null,
  accountId: null,
  region: null,
  kmsKeyArn: null,
  address: 'Trail',
  location: { file: 'infra/my template.yaml', line: 12, column: 5 },
});

export const ESTATE: Report = report(...Object.values(TRAILS));

/** Everything that a generator of text yields. */
export async function textOf(pieces: AsyncIterable<string> | Iterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
