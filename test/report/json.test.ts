import { jsonReport } from '../../src/report/json.ts';
import type { Report, ReportFinding, TrailReport } from '../../src/report/report.ts';
import { finding, report, trailReport } from './example.ts';

async function piecesOf(given: Report): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of jsonReport(given)) pieces.push(piece);
  return pieces;
}

const textsOfTrails = async (given: Report): Promise<string[]> =>
  (await piecesOf(given)).slice(1, -1).map((piece) => piece.replace(/^,?\n {2}/, ''));

const hostile = trailReport({
  annotation: '"quoted"\n</script>\u202e\u0000',
  findings: [finding({ message: '\ud800 alone' })],
});

test.each<[string, Report]>([
  ['no trails', report()],
  ['one trail', report(trailReport())],
  ['several trails', report(trailReport(), trailReport({ kmsKeyArn: null }), hostile)],
  [
    'with evaluations',
    {
      ...report(trailReport()),
      evaluations: [
        {
          ComplianceResourceType: 'AWS::CloudTrail::Trail',
          ComplianceResourceId: 'main',
          ComplianceType: 'NON_COMPLIANT',
          Annotation: 'why',
          OrderingTimestamp: new Date('2026-11-20T10:25:31.442Z'),
        },
      ],
    },
  ],
  ['with no evaluation', { ...report(), evaluations: [] }],
])('%s: the pieces together are the report', async (_, given) => {
  const text = (await piecesOf(given)).join('');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
  expect(text.endsWith('}\n')).toBe(true);
});

test('each trail is one line and one piece', async () => {
  const pieces = await piecesOf(report(trailReport(), trailReport()));
  expect(pieces.filter((piece) => piece.includes('trailArn'))).toHaveLength(2);
  expect(
    pieces
      .join('')
      .split('\n')
      .filter((line) => line.includes('trailArn')),
  ).toHaveLength(2);
});

describe('the text of a finding is that of JSON.stringify, whatever the finding before it was', () => {
  const first = finding({
    message: 'one',
    remediation: 'do it',
    evidence: { statements: ['A', 'B'], dependsOn: ['aws:SourceArn'], capturedAt: '2026-11-20T10:00:00.000Z' },
  });
  const { evidence } = first;
  test.each<[string, ReportFinding]>([
    ['the same', { ...first, evidence: { ...evidence, statements: [...evidence.statements] } }],
    ['another check', { ...first, check: 'key-rotates' }],
    ['another status', { ...first, status: 'not-applicable' }],
    ['another severity', { ...first, severity: first.severity === 'LOW' ? 'HIGH' : 'LOW' }],
    ['another message', { ...first, message: 'two' }],
    ['another remediation', { ...first, remediation: '' }],
    ['another statement', { ...first, evidence: { ...evidence, statements: ['A', 'C'] } }],
    ['a statement less', { ...first, evidence: { ...evidence, statements: ['A'] } }],
    ['a statement more', { ...first, evidence: { ...evidence, statements: ['A', 'B', 'C'] } }],
    ['another key', { ...first, evidence: { ...evidence, dependsOn: ['aws:SourceAccount'] } }],
    ['no key', { ...first, evidence: { ...evidence, dependsOn: [] } }],
    ['another time of record', { ...first, evidence: { ...evidence, capturedAt: '2026-11-20T11:00:00.000Z' } }],
    ['no time of record', { ...first, evidence: { statements: evidence.statements, dependsOn: evidence.dependsOn } }],
  ])('%s', async (_, second) => {
    const trails = [[first], [second], [second, first], [first]].map((findings) => trailReport({ findings }));
    expect(await textsOfTrails(report(...trails))).toEqual(trails.map((trail) => JSON.stringify(trail)));
  });
});

test('other members stay where they are; functions and what is undefined are left out', async () => {
  const location = { file: 'a.yaml', line: 1, column: 2 };
  const trails = [
    { ...trailReport(), address: 'Trail', location, explain: () => 1 },
    { address: undefined, ...trailReport() },
  ];
  const texts = await textsOfTrails(report(...(trails as readonly TrailReport[])));
  expect(texts).toEqual(trails.map((trail) => JSON.stringify(trail)));
});
