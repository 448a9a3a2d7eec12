import { jsonReport } from '../../src/report/json.ts';
import type { Report } from '../../src/report/report.ts';
import { finding, report, trailReport } from './example.ts';

async function piecesOf(given: Report): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of jsonReport(given)) pieces.push(piece);
  return pieces;
}

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
