import { CHECKS } from '../../src/trail/checks/index.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

test.each(CHECKS.map((check) => [check.id, check] as const))('%s is a complete document', (_id, check) => {
  const texts = [check.title, check.rationale, check.remediation, check.examples.pass, check.examples.fail];
  expect(texts.filter((text) => text.trim() === '' || text.includes('TODO'))).toEqual([]);
  expect(check.sources.length).toBeGreaterThan(0);
  expect(check.title).not.toMatch(/\.$/);
});

test.each([
  ['none of so many grants as are looked at', 500, 'fail'],
  ['none of those that are looked at, and there are more', 501, 'unknown'],
])('readers by grants: %s', (_, count, status) => {
  const foreign = {
    encryptionContextSubset: { 'aws:cloudtrail:arn': 'arn:aws:cloudtrail:us-east-1:111111111111:trail/x' },
  };
  const grants = Array.from({ length: count }, (__, index) => ({
    granteePrincipal: `arn:aws:iam::111111111111:role/r${index}`,
    operations: ['Decrypt'],
    constraints: foreign,
  }));
  const one: TrailCase = { name: '', statements: [], key: { grants }, expect: {} };
  const findings = evaluateTrail(trailFacts(one), keyFacts(one), checkOptions(one));
  expect(findings.find(({ check }) => check === 'readers-can-decrypt')?.status).toBe(status);
});
