import { parse } from 'yaml';
import { cloudFormation } from '../../../src/cli/repair/cloudFormation.ts';
import { diffLines } from '../../../src/cli/repair/diff.ts';
import { terraform } from '../../../src/cli/repair/terraform.ts';
import type { Edit, RepairPlan, StatementEdit } from '../../../src/trail/repair/plan.ts';

const VARIABLE = '$' + '{aws:SourceAccount}';

function plan(statement: StatementEdit['statement'], edits: readonly Edit['change'][] = []): RepairPlan {
  const policyEdits: StatementEdit[] =
    statement === null
      ? []
      : [
          {
            index: 1,
            label: 'Sid' in statement ? 'Old' : '#1',
            statement,
            change: 'condition-value-corrected',
            message: '',
            loses: [],
          },
        ];
  return {
    keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1',
    trailArns: [],
    status: 'repaired',
    policy: {},
    edits: edits.map((change) => ({ statement: null, change, message: '' })),
    commands: [],
    remaining: [],
    reason: null,
    work: { policyEdits, otherCommands: [] } as unknown as RepairPlan['work'],
  };
}

describe('terraform', () => {
  test('every element of a statement, aligned, and no interpolation', () =>
    expect(
      terraform(
        plan({
          Sid: 'A "b"',
          Effect: 'Deny',
          NotPrincipal: { AWS: ['a', 'b'] },
          NotAction: 'kms:%{x}',
          Resource: '*',
          Condition: { StringLike: { 'kms:x': [`arn:${VARIABLE}`] } },
        }),
      ),
    ).toBe(`# in the aws_iam_policy_document of the key policy
statement { # in place of "Old"
  sid         = "A \\"b\\""
  effect      = "Deny"
  not_actions = ["kms:%%{x}"]
  resources   = ["*"]
  not_principals {
    type        = "AWS"
    identifiers = ["a", "b"]
  }
  condition {
    test     = "StringLike"
    variable = "kms:x"
    values   = ["arn:$${VARIABLE}"]
  }
}`));

  test('everybody', () =>
    expect(terraform(plan({ Principal: '*', Effect: 'Allow' }))).toContain(
      'type        = "*"\n    identifiers = ["*"]',
    ));

  test.each([
    ['key-enabled', 'is_enabled = true'],
    ['rotation-enabled', 'enable_key_rotation = true'],
    ['trail-key-set', 'kms_key_id = "arn:aws:kms:us-east-1:111122223333:key/1"'],
  ] as const)('%s', (change, expected) => expect(terraform(plan(null, [change]))).toContain(expected));
});

describe('CloudFormation', () => {
  test('a statement without a Sid is told by its place', () => {
    const place = '# the statement at 0, without a Sid, takes the place of #1, counted from 0';
    expect(cloudFormation(plan({ Effect: 'Allow' })).split('\n')).toContain(place);
    expect(cloudFormation(plan({ Sid: 'A', Effect: 'Allow' }))).not.toContain('takes the place');
  });

  test('a statement reads back as itself', () => {
    const statement = {
      Sid: '123',
      Effect: 'Allow',
      Principal: '*',
      Action: ['a'],
      Condition: { Bool: { x: 'false' } },
    };
    expect(parse(cloudFormation(plan(statement)))).toEqual({ KeyPolicy: { Statement: [statement] } });
  });

  test.each([
    ['No', 'Sid: "No"'],
    ['y', 'Sid: "y"'],
    ['2026-01-01T00:00:00Z', 'Sid: "2026-01-01T00:00:00Z"'],
  ])('a text that YAML 1.1 takes for something else is quoted: %s', (sid, expected) =>
    expect(cloudFormation(plan({ Sid: sid }))).toContain(expected),
  );

  test('what two statements share is written twice: CloudFormation takes no alias', () => {
    const condition = { StringNotEquals: { 'aws:PrincipalOrgID': ['o-a', 'o-b'] } };
    const before = plan({ Sid: 'A', Condition: condition });
    const [edit] = before.work!.policyEdits;
    const second = { ...edit!, index: null, statement: { Sid: 'B', Condition: condition } };
    const shown = cloudFormation({ ...before, work: { ...before.work!, policyEdits: [edit!, second] } });
    expect(shown).not.toMatch(/[&*]a1/);
    expect(parse(shown)).toEqual({ KeyPolicy: { Statement: [edit!.statement, second.statement] } });
  });

  test.each([
    [['key-enabled'], { Enabled: true }],
    [['deletion-cancelled', 'key-enabled', 'rotation-enabled'], { Enabled: true, EnableKeyRotation: true }],
    [['trail-key-set'], { KMSKeyId: 'arn:aws:kms:us-east-1:111122223333:key/1' }],
    [['deletion-cancelled'], null],
  ] as const)('%s', (changes, expected) => expect(parse(cloudFormation(plan(null, changes)))).toEqual(expected));
});

test('a statement that goes is named in every form', () => {
  const before = plan({ Sid: 'Old' });
  const [edit] = before.work!.policyEdits;
  const work = { ...before.work!, policyEdits: [{ ...edit!, statement: null }] };
  expect(terraform({ ...before, work })).toContain('# without the statement "Old"');
  expect(cloudFormation({ ...before, work })).toBe('# statement "Old" of the key policy is taken out');
});

describe('difference', () => {
  const shown = (before: string, after: string) =>
    diffLines(before, after).map((line) => (line === null ? '...' : `${line.kind}${line.text}`));

  test.each([
    ['nothing', 'a\nb', 'a\nb', ['...']],
    ['a changed line', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['an added end', 'a', 'a\nb', [' a', '+b']],
    ['a removed start', 'a\nb', 'b', ['-a', ' b']],
    ['far lines', '1\n2\n3\n4\n5\n6', '1\n2\n3\n4\n5\nx', ['...', ' 3', ' 4', ' 5', '-6', '+x']],
    [
      'lines between',
      'a\n1\n2\n3\n4\n5\n6\n7\nb',
      'x\n1\n2\n3\n4\n5\n6\n7\ny',
      ['-a', '+x', ' 1', ' 2', ' 3', '...', ' 5', ' 6', ' 7', '-b', '+y'],
    ],
  ])('%s', (_, before, after, expected) => expect(shown(before, after)).toEqual(expected));
});
