import { globSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import type { CheckId, Finding } from '../../src/trail/finding.ts';
import { remediationOf } from '../../src/trail/remedy/remedy.ts';
import { trailCases } from '../caseFiles.ts';
import { everyOne } from '../runs.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const FOLDER = join(__dirname, '..', 'cases', 'trail');
const FILES = globSync('**/*.json', { cwd: FOLDER })
  .sort()
  .map((file): [string, readonly TrailCase[]] => [file, trailCases(`trail/${file}`)]);

const known = new Map<TrailCase, readonly Finding[]>();

/** The findings of a case, made once. */
function evaluate(given: TrailCase): readonly Finding[] {
  const findings = known.get(given) ?? evaluateTrail(trailFacts(given), keyFacts(given), checkOptions(given));
  known.set(given, findings);
  return findings;
}

const finding = (findings: readonly Finding[], check: string): Finding =>
  findings.find((candidate) => candidate.check === check)!;

const saidBy = (found: Finding): string => `${found.message} | ${remediationOf(found)}`;

describe.each(FILES)('%s', (_file, cases) => {
  test.each(everyOne(cases).map((given): [string, TrailCase] => [given.name, given]))('%s', (_name, given) => {
    const findings = evaluate(given);
    const expected = Object.keys(given.expect) as CheckId[];
    const found = Object.fromEntries(expected.map((check) => [check, finding(findings, check).status]));
    expect(found).toEqual(given.expect);
    for (const [check, texts] of Object.entries(given.says ?? {})) {
      const found = finding(findings, check);
      for (const text of [texts].flat()) expect(saidBy(found)).toContain(text);
    }
    for (const [check, text] of Object.entries(given.saysNot ?? {}))
      expect(saidBy(finding(findings, check))).not.toContain(text);
    for (const [check, statements] of Object.entries(given.decides ?? {})) {
      expect(finding(findings, check).evidence.statements).toEqual(statements);
    }
    if (given.noAlarm === true) expect(findings.filter(isAlarm)).toEqual([]);
  });
});

const isAlarm = ({ severity, status }: Finding): boolean =>
  ['CRITICAL', 'HIGH'].includes(severity) && (status === 'fail' || status === 'unknown');

const ALL = FILES.flatMap(([, cases]) => cases);
let evaluated: readonly (readonly Finding[])[];
beforeAll(() => {
  evaluated = ALL.map(evaluate);
});

test('every check appears once for each trail, in the order of the registry', () => {
  const orders = new Set(evaluated.map((findings) => findings.map(({ check }) => check).join()));
  expect([...orders]).toEqual([CHECKS.map(({ id }) => id).join()]);
});

test('a finding advises exactly when it fails or is unknown, and always says something', () => {
  const isWrong = ({ status, message, remedy }: Finding): boolean =>
    message === '' || (remediationOf({ remedy }) !== '') !== (status === 'fail' || status === 'unknown');
  expect(evaluated.flat().filter(isWrong)).toEqual([]);
});

test('the cases show every status of every check that has it', () => {
  const seen = new Set(
    ALL.flatMap((given) => Object.entries(given.expect).map(([check, status]) => `${check} ${status}`)),
  );
  const always: readonly string[] = CHECKS.flatMap(({ id }) => [`${id} pass`, `${id} fail`]);
  const unread = CHECKS.filter(({ id }) => id !== 'trail-encrypted').flatMap(({ id }) => [
    `${id} unknown`,
    `${id} not-applicable`,
  ]);
  expect([...always, ...unread].filter((status) => !seen.has(status))).toEqual([]);
});

const WRONG_ADVICE = [/--kms-id/, /no-verify-ssl/, /falls? back to SSE-S3/, /cannot be changed/];

test('no advice repeats what the published texts get wrong', () => {
  const texts = [
    ...evaluated.flat().flatMap((one) => [one.message, remediationOf(one)]),
    ...CHECKS.flatMap(({ rationale, remediation }) => [rationale, remediation]),
  ].map((text) => text.replaceAll('does not fall back to SSE-S3', ''));
  for (const wrong of WRONG_ADVICE) expect(texts.filter((text) => wrong.test(text))).toEqual([]);
});

describe('when a fact was recorded', () => {
  const times = (capturedAt: string | undefined): readonly (string | undefined)[] => {
    const key = capturedAt === undefined ? {} : { capturedAt };
    const findings = evaluate({ name: '', key, options: { requireKeyRotation: true }, expect: {} });
    const OF_TRAIL = ['trail-encrypted', 'key-exists', 'key-in-bucket-region', 'log-delivery-healthy'];
    const ofKey = findings.filter(({ check, status }) => status === 'pass' && !OF_TRAIL.includes(check));
    expect(ofKey.length).toBeGreaterThan(12);
    return [...new Set(ofKey.map(({ evidence }) => evidence.capturedAt))];
  };

  test('it is said of every finding about the key', () => {
    expect(times('2026-11-20T10:00:00Z')).toEqual(['2026-11-20T10:00:00.000Z']);
  });

  test('nothing is said of what was read live', () => expect(times(undefined)).toEqual([undefined]));
});
