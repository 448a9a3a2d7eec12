import type { RepairPlan, StatementEdit } from '../../trail/repair/plan.ts';

/**
 * The changed and added statements as blocks of Terraform's `aws_iam_policy_document`, and the attributes of key and
 * trail that the other edits set.
 */
export function terraform({ work, edits, keyArn }: RepairPlan): string {
  const statements = (work?.policyEdits ?? []).map(statementBlock);
  const policy = statements.length === 0 ? [] : ['# in the aws_iam_policy_document of the key policy', ...statements];
  const attributes = edits.flatMap(({ change }): string[] => {
    if (change === 'key-enabled') return ['# in aws_kms_key', 'is_enabled = true'];
    if (change === 'rotation-enabled') return ['# in aws_kms_key', 'enable_key_rotation = true'];
    return change === 'trail-key-set' ? ['# in aws_cloudtrail', `kms_key_id = ${text(keyArn ?? '')}`] : [];
  });
  return [...policy, ...attributes].join('\n');
}

function statementBlock({ statement, change, label }: StatementEdit): string {
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const lines = [
    `statement { # ${change === 'statement-added' ? 'new' : `in place of ${JSON.stringify(label)}`}`,
    ...attribute('sid', Sid),
    ...attribute('effect', Effect),
    ...principals('principals', Principal),
    ...principals('not_principals', NotPrincipal),
    ...listAttribute('actions', Action),
    ...listAttribute('not_actions', NotAction),
    ...listAttribute('resources', Resource),
    ...listAttribute('not_resources', NotResource),
    ...conditions(Condition),
    '}',
  ];
  return lines.join('\n');
}

const attribute = (name: string, value: unknown): string[] =>
  value === undefined ? [] : [`  ${name} = ${text(String(value))}`];

const listAttribute = (name: string, value: unknown): string[] =>
  value === undefined ? [] : [`  ${name} = ${list(value)}`];

function principals(block: string, value: unknown): string[] {
  if (value === undefined) return [];
  const byType = typeof value === 'object' && value !== null ? Object.entries(value) : [['*', value] as const];
  return byType.flatMap(([type, identifiers]) => [
    `  ${block} {`,
    `    type        = ${text(type)}`,
    `    identifiers = ${list(identifiers)}`,
    '  }',
  ]);
}

function conditions(value: unknown): string[] {
  return Object.entries(value ?? {}).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as object).flatMap(([key, values]) => [
      '  condition {',
      `    test     = ${text(operator)}`,
      `    variable = ${text(key)}`,
      `    values   = ${list(values)}`,
      '  }',
    ]),
  );
}

const list = (value: unknown): string =>
  `[${(Array.isArray(value) ? value : [value]).map((one) => text(String(one))).join(', ')}]`;

/** A quoted string, in which policy variables are no interpolation of Terraform's. */
const text = (value: string): string => JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{');
