import { CHECKS, checkOf } from '../../src/trail/checks/index.ts';

test.each(CHECKS.map((check) => [check.id, check] as const))('%s is a complete document', (_id, check) => {
  const texts = [check.title, check.rationale, check.remediation, check.examples.pass, check.examples.fail];
  expect(texts.filter((text) => text.trim() === '' || text.includes('TODO'))).toEqual([]);
  expect(check.sources.length).toBeGreaterThan(0);
  expect(check.title).not.toMatch(/\.$/);
});

test('a check beyond every benchmark has no control', () => {
  expect(checkOf('other-trails-excluded').controls).toEqual([]);
  expect(checkOf('trail-encrypted').controls).toContainEqual({ framework: 'PCI DSS 4.0.1', id: '10.3.2' });
});
