/** What a control asks for: logs are encrypted with a KMS key, and the key is not deleted, is rotated, is not public. */
export type Subject = 'encrypted' | 'kept' | 'rotated' | 'private';

/** A published framework with the ids of its controls that ask for something of a trail's key. */
export interface FrameworkEntry extends Readonly<Partial<Record<Subject, readonly string[]>>> {
  /** Without its version where `versions` tell them. */
  readonly name: string;
  /** What `--framework` calls it, without its version where `versions` tell them. */
  readonly key: string;
  /** Those that number these controls alike. */
  readonly versions?: readonly string[];
  /** What shows that these controls ask for it. */
  readonly source: string;
}

export const BENCHMARK = 'CIS AWS Foundations Benchmark';

/** A file that lists for each requirement the checks of that program which speak to it. */
export const prowler = (file: string): string => `prowler 5.46.0, \`prowler/compliance/${file}.json\``;
