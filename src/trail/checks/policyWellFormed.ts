import type { PolicyIssue } from '../../policy/decision.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { matchesPattern } from '../arn.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { defineCheck, recorded, whenKeyExists } from '../defineCheck.ts';
import { impossibleValues } from '../impossibleValues.ts';
import { distinct } from '../policyNames.ts';
import { readIt, writePolicy } from '../remedies.ts';

/** Every statement of the key policy can have an effect. */
export const policyWellFormed = defineCheck(
  {
    id: 'policy-well-formed',
    title: 'Every statement of the key policy can have an effect',
    severity: 'LOW',
    urgency: 'some-day',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'A statement that matches nothing, an unknown operator or a member given twice is a rule that somebody believes in and KMS does not.',
    remediation: 'Fix or remove the named statement, then write the policy with `aws kms put-key-policy`.',
    examples: {
      pass: 'every statement has a Resource of `*` and operators that IAM knows',
      fail: 'a statement has the Resource `arn:aws:s3:::bucket`, or no Resource',
    },
    sources: [
      'AWS KMS Developer Guide, Key policies in AWS KMS',
      'IAM User Guide, IAM JSON policy elements: Condition operators',
    ],
  },
  whenKeyExists((trail, key) => {
    if (!key.policy.read)
      return undecided(`the key policy could not be read: ${key.policy.reason}`, readIt(key.policy));
    const { value: parse, capturedAt } = key.policy;
    if (!parse.valid) {
      const remedy = writePolicy({ trail, key }, { edit: 'make-valid' });
      return recorded(fail(`the key policy is not valid: ${parse.error}`, remedy), capturedAt);
    }
    const issues = issuesOf(parse.policy, key.arn);
    if (issues.length === 0) return recorded(pass('every statement of the key policy can have an effect'), capturedAt);
    const said = issues.map(({ statement, message }) =>
      statement === null ? message : `statement \`${statement}\`: ${message}`,
    );
    const statements = distinct(issues.flatMap(({ statement }) => statement ?? []));
    const remedy = writePolicy({ trail, key }, { edit: 'drop-inert' });
    return recorded(fail(said.join('; '), remedy, { statements, dependsOn: [] }), capturedAt);
  }),
);

/** By policy: many trails share a key. */
const known = new WeakMap<KeyPolicy, { readonly keyArn: string | null; readonly issues: readonly PolicyIssue[] }>();

function issuesOf(policy: KeyPolicy, keyArn: string | null): readonly PolicyIssue[] {
  const last = known.get(policy);
  if (last?.keyArn === keyArn) return last.issues;
  const issues = [
    ...policy.issues,
    ...elsewhere(policy, keyArn),
    ...noActionOfKms(policy),
    ...impossibleValues(policy, keyArn ?? ''),
  ];
  known.set(policy, { keyArn, issues });
  return issues;
}

/** Statements for another resource than this key: an S3 ARN, an alias, another key. In a key policy they match nothing. */
function elsewhere({ statements, issues }: KeyPolicy, keyArn: string | null): readonly PolicyIssue[] {
  if (keyArn === null) return [];
  return statements.flatMap(({ label, resource }) => {
    if (resource === null || resource.negated || issues.some(({ statement }) => statement === label)) return [];
    const { patterns } = resource;
    if (patterns.length === 0 || patterns.some((pattern) => mayMatch(keyArn, pattern))) return [];
    const message = `its resource \`${patterns.join('`, `')}\` is not this key, so it has no effect`;
    return [{ statement: label, kind: 'inert', message }];
  });
}

/** Statements for actions of another service, or for something that is no action: `kms=Decrypt`, `s3:*`. */
function noActionOfKms({ statements, issues }: KeyPolicy): readonly PolicyIssue[] {
  return statements.flatMap(({ label, action }) => {
    if (action === null || action.negated || issues.some(({ statement }) => statement === label)) return [];
    const { patterns } = action;
    if (patterns.length === 0 || patterns.some(mayBeOfKms)) return [];
    const message = `\`${patterns.join('`, `')}\` is no action of KMS, so the statement has no effect`;
    return [{ statement: label, kind: 'inert', message }];
  });
}

function mayBeOfKms(pattern: string): boolean {
  const wildcard = pattern.search(/[*?]/);
  const literal = (wildcard < 0 ? pattern : pattern.slice(0, wildcard)).toLowerCase();
  return literal.startsWith('kms:') || (wildcard >= 0 && 'kms:'.startsWith(literal));
}

/** Patterns with `?` or a policy variable are given the benefit of the doubt. */
const mayMatch = (keyArn: string, pattern: string): boolean => /[?$]/.test(pattern) || matchesPattern(keyArn, pattern);
