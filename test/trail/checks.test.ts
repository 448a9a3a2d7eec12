import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksDocument } from '../../scripts/checksDocument.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { CONTROLS, controlsOf } from '../../src/trail/controls.ts';

test('docs/checks.md is what the checks say (npm run docs)', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'checks.md'), 'utf8')).toBe(checksDocument(CHECKS));
});

test('ids, severities and order are the contract', () => {
  expect(CHECKS.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
    'trail-encrypted HIGH',
    'key-exists CRITICAL',
    'key-usable CRITICAL',
    'key-customer-managed HIGH',
    'key-symmetric HIGH',
    'key-in-bucket-region HIGH',
    'key-approved HIGH',
    'cloudtrail-can-encrypt CRITICAL',
    'cloudtrail-can-decrypt MEDIUM',
    'cloudtrail-can-describe LOW',
    'other-trails-excluded MEDIUM',
    'public-excluded CRITICAL',
    'named-accounts-trusted HIGH',
    'readers-bounded MEDIUM',
    'grants-bounded HIGH',
    'service-least-privilege MEDIUM',
    'readers-can-decrypt MEDIUM',
    'key-administrable HIGH',
    'key-rotates MEDIUM',
    'log-delivery-healthy HIGH',
    'policy-well-formed LOW',
  ]);
});

test.each(CHECKS.map((check) => [check.id, check] as const))('%s is a complete document', (_id, check) => {
  const texts = [check.title, check.rationale, check.remediation, check.examples.pass, check.examples.fail];
  expect(texts.filter((text) => text.trim() === '')).toEqual([]);
  expect(check.sources.length).toBeGreaterThan(0);
  expect(check.title).not.toMatch(/\.$/);
});

test('controls name checks that exist, and a check beyond every benchmark has none', () => {
  const ids: readonly string[] = CHECKS.map(({ id }) => id);
  expect(Object.keys(CONTROLS).filter((id) => !ids.includes(id))).toEqual([]);
  expect(controlsOf('other-trails-excluded')).toEqual([]);
  expect(controlsOf('trail-encrypted')).toContainEqual({ benchmark: 'PCI DSS 4.0.1', control: '10.3.2' });
});
