import fc from 'fast-check';
import { ANNOTATION_LENGTH } from '../../../src/rule/evaluate/evaluation.ts';
import { verdictOf } from '../../../src/rule/evaluate/verdict.ts';
import { parseExceptions } from '../../../src/rule/exceptions/exceptions.ts';
import { parseParameters } from '../../../src/rule/parameters.ts';
import { CHECK_IDS } from '../../../src/trail/checks/index.ts';
import type { Finding } from '../../../src/trail/finding.ts';
import { SEVERITIES } from '../../../src/trail/severity.ts';
import file from '../../cases/rule/verdicts.json';
import { runs } from '../../runs.ts';
import { finding, trailFacts, trailNamed } from '../facts.ts';

interface Case {
  readonly name: string;
  readonly findings: readonly Pick<Finding, 'check' | 'status' | 'severity'>[];
  readonly parameters: object;
  readonly exceptions: readonly object[];
  readonly asOf: string;
  readonly standing: string;
  readonly complianceType: string;
  /** `""`: the annotation is empty; `null`: not told. */
  readonly annotationStarts: string | null;
  readonly annotationContains: readonly string[];
}

const rows = file.cases as readonly Case[];
const legacy = trailNamed('legacy-1');

function verdictOn({ findings, parameters, exceptions, asOf }: Omit<Case, 'name' | 'standing' | 'complianceType'>) {
  const at = new Date(asOf);
  return verdictOf(
    trailFacts(legacy, at),
    null,
    findings.map(finding),
    parseParameters(parameters),
    parseExceptions(JSON.stringify({ version: 1, exceptions }), at),
  );
}

describe('verdictOf', () => {
  test('the cases are about this trail', () => expect(legacy.arn).toBe(file.trailArn));

  test.each(rows)('$name', (row) => {
    const { standing, complianceType, annotation } = verdictOn(row);
    expect({ standing, complianceType }).toEqual({ standing: row.standing, complianceType: row.complianceType });
    if (row.annotationStarts === '') expect(annotation).toBe('');
    else expect(annotation.startsWith(row.annotationStarts ?? '')).toBe(true);
    for (const part of row.annotationContains) expect(annotation).toContain(part);
    if (!row.annotationContains.some((part) => part.includes('expired'))) expect(annotation).not.toContain('expired');
  });

  test('the exception that decided travels with the verdict, and only then', () => {
    const excepted = rows.find(({ name }) => name === 'excepted: by name');
    const over = rows.find(({ name }) => name === 'excepted: over at midnight, and told so');
    expect(verdictOn(excepted!).exception).toMatchObject({ owner: 'security@example.com', expires: '2026-12-31' });
    expect(verdictOn(over!).exception).toBeUndefined();
  });

  test('without an exception that is over nothing is told after the findings', () => {
    const row = rows.find(({ name }) => name === 'a CRITICAL failure');
    expect(verdictOn(row!).annotation).toBe(row?.annotationStarts);
  });

  const anyText = fc.oneof(
    fc.string({ maxLength: 400, unit: 'binary' }),
    fc.lorem({ maxCount: 60 }),
    fc.string({ minLength: 200 }),
  );
  const anyFinding: fc.Arbitrary<Finding> = fc.record({
    check: fc.constantFrom(...CHECK_IDS),
    status: fc.constantFrom('pass', 'fail', 'unknown', 'not-applicable'),
    severity: fc.constantFrom(...SEVERITIES),
    message: anyText,
    remedy: anyText.map((text) => (text === '' ? [] : [[{ do: 'choose-key' as const, region: text }]])),
    evidence: fc.constant({ statements: [], dependsOn: [] }),
  });
  const anyException = fc.record({
    trailArn: fc.constantFrom('*', file.trailArn, 'arn:aws:cloudtrail:*:444455556666:trail/*'),
    checks: fc.array(fc.constantFrom(...CHECK_IDS), { minLength: 1 }),
    owner: anyText.filter((text) => text.trim() !== ''),
    reason: anyText.filter((text) => text.trim() !== ''),
    expires: fc.constantFrom('2026-11-19', '2026-11-20', '2027-03-01'),
  });

  test('an annotation is one line of at most 256 characters, and never empty where something is wrong', () => {
    const options = fc.record({
      minimumSeverity: fc.constantFrom(...SEVERITIES),
      whenUndecided: fc.constantFrom('NON_COMPLIANT', 'COMPLIANT'),
      exceptedVerdict: fc.constantFrom('NOT_APPLICABLE', 'COMPLIANT'),
    });
    fc.assert(
      fc.property(
        fc.array(anyFinding, { maxLength: 12 }),
        options,
        fc.array(anyException, { maxLength: 3 }),
        (findings, parameters, exceptions) => {
          const asOf = '2026-11-20T12:00:00Z';
          const row = { findings, parameters, exceptions, asOf, annotationStarts: null, annotationContains: [] };
          const { standing, complianceType, annotation } = verdictOn(row);
          const accepted = { ...row, parameters: { ...parameters, whenUndecided: 'COMPLIANT' } };
          expect(verdictOn(accepted).standing).toBe(standing);
          expect(annotation.startsWith('UNDECIDED: ')).toBe(standing === 'undecided');
          expect(annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
          expect(annotation).not.toMatch(/\p{Cc}/u);
          expect(annotation).not.toMatch(/\p{Cs}/u);
          if (complianceType !== 'COMPLIANT') expect(annotation).not.toBe('');
          if (complianceType === 'NON_COMPLIANT') {
            expect(
              findings.some(
                ({ check }) => annotation.startsWith(check) || annotation.startsWith(`UNDECIDED: ${check}`),
              ),
            ).toBe(true);
          }
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test('the order of the findings changes no verdict', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 12 }), (findings) => {
        const row = {
          parameters: {},
          exceptions: [],
          asOf: '2026-11-20T12:00:00Z',
          annotationStarts: null,
          annotationContains: [],
        };
        const forwards = verdictOn({ ...row, findings });
        const backwards = verdictOn({ ...row, findings: findings.toReversed() });
        expect(backwards.complianceType).toBe(forwards.complianceType);
      }),
    );
  });
});
