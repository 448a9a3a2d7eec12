/** A part of src, and the tests that have to notice a change of it: those that answer quickest first. */
export interface Layer {
  /** Of the path of a source file. */
  readonly files: RegExp;
  /** Arguments for Jest, one set after the other until one fails. */
  readonly tests: readonly (readonly string[])[];
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  policy: {
    files: /^src\/policy\//,
    tests: [
      ['test/policy/(cases|explain|findWorld|pattern|policyRefusals|variables)'],
      ['test/policy/(properties|oracle|limits)', 'test/trail/(checks|work|requests|evaluateTrail)'],
      ['test/trail', 'test/judge', 'test/cli/simulate'],
    ],
  },
  trail: {
    files: /^src\/trail\/(checks\/)?[^/]+$/,
    tests: [
      ['test/trail/(checks|requests|arn|commands|oncePerKey|evaluateTrail)'],
      ['test/trail/(remedy|repair/(planRepairs|commands|policyText)|adversaries)', 'test/judge'],
      ['test/trail', 'test/remediate', 'test/report', 'test/rule/evaluate'],
    ],
  },
  rule: {
    files: /^src\/rule\//,
    tests: [
      ['test/rule/(parameters|runRule|trail|concurrency|partialRun|event|evaluate|exceptions|central)'],
      ['test/rule', 'test/handlers/(rule|central)', 'test/docs/generated'],
      [
        'test/handlers',
        'test/cli/(evaluate|snapshot|usage|untrusted|apply|nesting|files)',
        'test/remediate',
        'test/iac/deploymentVerdict',
      ],
    ],
  },
};
