import { BENCHMARK, type FrameworkEntry, prowler } from './framework.ts';

const SECURITY_HUB = 'AWS Security Hub User Guide, related requirements of CloudTrail.2, KMS.3, KMS.4 and KMS.5';

const cis = (versions: readonly string[], encrypted: string, rotated: string): FrameworkEntry => ({
  name: BENCHMARK,
  key: 'cis',
  versions,
  source: 'the benchmark of that version',
  encrypted: [encrypted],
  rotated: [rotated],
});

/** Named in every report, which writes them anew for each trail: what AWS's Security Hub and the benchmarks tell. Most used first. */
export const IN_EVERY_REPORT: readonly FrameworkEntry[] = [
  {
    name: 'AWS Foundational Security Best Practices',
    key: 'fsbp',
    source: 'AWS Security Hub User Guide, CloudTrail.2, KMS.3, KMS.4 and KMS.5',
    encrypted: ['CloudTrail.2'],
    kept: ['KMS.3'],
    rotated: ['KMS.4'],
    private: ['KMS.5'],
  },
  cis(['1.2'], '2.7', '2.8'),
  cis(['1.4', '1.5', '2.0'], '3.7', '3.8'),
  cis(['3.0', '4.0', '5.0'], '3.5', '3.6'),
  cis(['6.0', '7.0'], '4.5', '4.6'),
  { name: BENCHMARK, key: 'cis', versions: ['7.0'], source: prowler('aws/cis_7.0_aws'), private: ['2.21'] },
  {
    name: 'NIST SP 800-53',
    key: 'nist-800-53',
    versions: ['r5'],
    source: SECURITY_HUB,
    encrypted: ['AU-9', 'CA-9(1)', 'CM-3(6)', 'SC-7(10)', 'SC-13', 'SC-28', 'SC-28(1)', 'SI-7(6)'],
    kept: ['SC-12', 'SC-12(2)'],
    rotated: ['SC-12', 'SC-12(2)', 'SC-28(3)'],
  },
  { name: 'NIST SP 800-171', key: 'nist-800-171', versions: ['r2'], source: SECURITY_HUB, encrypted: ['3.3.8'] },
  { name: 'PCI DSS', key: 'pci', versions: ['3.2.1'], source: SECURITY_HUB, encrypted: ['3.4'], rotated: ['3.6.4'] },
  { name: 'PCI DSS', key: 'pci', versions: ['4.0.1'], source: SECURITY_HUB, encrypted: ['10.3.2'], rotated: ['3.7.4'] },
  {
    name: 'CCE',
    key: 'cce',
    source: `${BENCHMARK} 1.2, references of 2.7 and 2.8`,
    encrypted: ['CCE-78919-8'],
    rotated: ['CCE-78920-6'],
  },
  {
    name: 'CIS Controls',
    key: 'cis-controls',
    versions: ['v6'],
    source: `${BENCHMARK} 1.2, 2.7`,
    encrypted: ['6', '13.1'],
  },
];
