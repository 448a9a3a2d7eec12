/** A control of a published benchmark that a check speaks to. */
export interface Control {
  /** Without its version where `versions` tell them. */
  readonly benchmark: string;
  readonly control: string;
}

const cis = (versions: string, control: string): Control => ({
  benchmark: `CIS AWS Foundations Benchmark ${versions}`,
  control,
});

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

export const securityHub = (control: string): Control => ({
  benchmark: 'AWS Foundational Security Best Practices',
  control,
});

const NIST_800_53 = ['AU-9', 'CA-9(1)', 'CM-3(6)', 'SC-7(10)', 'SC-13', 'SC-28', 'SC-28(1)', 'SI-7(6)'];

export const ENCRYPTED: readonly Control[] = [
  securityHub('CloudTrail.2'),
  ...CIS_ENCRYPTED,
  ...NIST_800_53.map((control) => ({ benchmark: 'NIST SP 800-53 r5', control })),
  { benchmark: 'NIST SP 800-171 r2', control: '3.3.8' },
  { benchmark: 'PCI DSS 3.2.1', control: '3.4' },
  { benchmark: 'PCI DSS 4.0.1', control: '10.3.2' },
  { benchmark: 'CCE', control: 'CCE-78919-8' },
  { benchmark: 'CIS Controls v6', control: '6' },
  { benchmark: 'CIS Controls v6', control: '13.1' },
];
