/** A control of a published framework that a check speaks to. */
export interface Control {
  /** Without its version where `versions` tell them. */
  readonly framework: string;
  readonly id: string;
}

const cis = (versions: string, id: string): Control => ({ framework: `CIS AWS Foundations Benchmark ${versions}`, id });

/** "Ensure CloudTrail logs are encrypted at rest using KMS CMKs" asks for the key, its Region and its policy. */
export const CIS_ENCRYPTED: readonly Control[] = [
  cis('1.2', '2.7'),
  cis('1.4, 1.5, 2.0', '3.7'),
  cis('3.0, 4.0, 5.0', '3.5'),
  cis('6.0, 7.0', '4.5'),
];

export const CIS_ROTATED: readonly Control[] = [
  cis('1.2', '2.8'),
  cis('1.4, 1.5, 2.0', '3.8'),
  cis('3.0, 4.0, 5.0', '3.6'),
  cis('6.0, 7.0', '4.6'),
];

export const securityHub = (id: string): Control => ({ framework: 'AWS Foundational Security Best Practices', id });

const NIST_800_53 = ['AU-9', 'CA-9(1)', 'CM-3(6)', 'SC-7(10)', 'SC-13', 'SC-28', 'SC-28(1)', 'SI-7(6)'];

export const ENCRYPTED: readonly Control[] = [
  securityHub('CloudTrail.2'),
  ...CIS_ENCRYPTED,
  ...NIST_800_53.map((id) => ({ framework: 'NIST SP 800-53 r5', id })),
  { framework: 'NIST SP 800-171 r2', id: '3.3.8' },
  { framework: 'PCI DSS 3.2.1', id: '3.4' },
  { framework: 'PCI DSS 4.0.1', id: '10.3.2' },
  { framework: 'CCE', id: 'CCE-78919-8' },
  { framework: 'CIS Controls v6', id: '6' },
  { framework: 'CIS Controls v6', id: '13.1' },
];
