/** A part of src, and the tests that may notice a change of it. */
export interface Layer {
  /** Of the path of a source file. */
  readonly files: RegExp;
  /** Of the path of a file of tests. */
  readonly tests: RegExp;
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  policy: { files: /^src\/policy\//, tests: /^test\/(policy|trail|judge|cli\/(simulate|explain))/ },
  checks: {
    files: /^src\/trail\/checks\//,
    tests:
      /^test\/(trail|judge|remediate|report|rule\/evaluate|cli\/(repair|explain|evaluate)|docs\/(checkPages|generated))/,
  },
  rule: {
    files: /^src\/rule\//,
    tests:
      /^test\/(rule|handlers\/(central|keyEvents|shared|rule\/config)|cli\/(evaluate|snapshot|usage|untrusted|apply|nesting|files|denied)|remediate|docs\/generated)/,
  },
};
