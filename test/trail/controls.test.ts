import { CHECKS, type CheckId, checkOf } from '../../src/trail/checks/index.ts';
import { CONTROLS } from '../../src/trail/controls.ts';
import { FRAMEWORKS, frameworkNamed } from '../../src/trail/frameworks.ts';

test.each<[CheckId, string, string]>([
  ['trail-encrypted', 'AWS Foundational Security Best Practices', 'CloudTrail.2'],
  ['trail-encrypted', 'PCI DSS 4.0.1', '10.3.2'],
  ['trail-encrypted', 'AWS Control Tower', 'CT.CLOUDTRAIL.PR.1'],
  ['trail-encrypted', 'CSA CCM 4.0', 'CEK-03'],
  ['trail-encrypted', 'C5:2025', 'OPS-13.03B'],
  ['key-exists', 'AWS Foundational Security Best Practices', 'KMS.3'],
  ['key-usable', 'NIST SP 800-53 r5', 'SC-12'],
  ['cloudtrail-can-encrypt', 'CIS AWS Foundations Benchmark 6.0, 7.0', '4.5'],
  ['readers-can-decrypt', 'CIS AWS Foundations Benchmark 1.2', '2.7'],
  ['public-excluded', 'AWS Foundational Security Best Practices', 'KMS.5'],
  ['public-excluded', 'CIS AWS Foundations Benchmark 7.0', '2.21'],
  ['key-rotates', 'AWS Foundational Security Best Practices', 'KMS.4'],
  ['key-rotates', 'PCI DSS 4.0.1', '3.7.4'],
  ['key-rotates', 'SOC 2', 'PI1.5'],
])('%s speaks to %s %s', (check, framework, id) => {
  expect(checkOf(check).controls).toContainEqual(expect.objectContaining({ framework, id }));
});

test('a check beyond every benchmark has no control', () => {
  expect(checkOf('other-trails-excluded').controls).toEqual([]);
});

test('every row says what shows it, and a check speaks to it', () => {
  expect(CONTROLS.filter(({ source, id }) => source === '' || id === '')).toEqual([]);
  expect(CONTROLS.filter((row) => !CHECKS.some(({ controls }) => controls.includes(row)))).toEqual([]);
  const rows = CONTROLS.map(({ framework, id, subject }) => `${framework} ${id} ${subject}`);
  expect(new Set(rows).size).toBe(rows.length);
});

test('every framework has one name, in small letters, and controls', () => {
  const keys = FRAMEWORKS.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => !/^[a-z0-9][a-z0-9.-]+$/.test(key))).toEqual([]);
  expect(FRAMEWORKS.filter(({ controls }) => controls.length === 0)).toEqual([]);
});

test.each([
  ['cis-7.0', 'CIS AWS Foundations Benchmark 7.0'],
  ['CIS-7.0', 'CIS AWS Foundations Benchmark 7.0'],
  ['cis-4', 'CIS AWS Foundations Benchmark 4.0'],
  ['pci-4.0.1', 'PCI DSS 4.0.1'],
  ['iso', 'ISO/IEC 27001:2022'],
  ['nist-800-171', 'NIST SP 800-171 r2'],
  ['cis', null],
  ['cis-1', null],
  ['is', 'ISO/IEC 27001:2022'],
  ['', null],
  ['sox', null],
])('`%s` names %s', (text, name) => {
  expect(frameworkNamed(text)?.name ?? null).toBe(name);
});

test.each<[string, string, readonly CheckId[]]>([
  ['pci-4.0.1', '10.3.2', ['trail-encrypted', 'key-exists', 'key-usable', 'cloudtrail-can-encrypt']],
  ['pci-4.0.1', '3.7.4', ['key-rotates']],
  ['fsbp', 'KMS.3', ['key-exists', 'key-usable']],
  ['fsbp', 'KMS.5', ['public-excluded']],
  ['nist-800-53-r5', 'SC-12', ['key-exists', 'key-usable', 'key-rotates']],
  [
    'cis-7.0',
    '4.5',
    [
      'trail-encrypted',
      'key-exists',
      'key-usable',
      'key-customer-managed',
      'key-in-bucket-region',
      'cloudtrail-can-encrypt',
      'cloudtrail-can-describe',
      'readers-can-decrypt',
    ],
  ],
])('%s %s is decided by its checks', (framework, id, checks) => {
  expect(frameworkNamed(framework)?.controls.find((one) => one.id === id)?.checks).toEqual(checks);
});
