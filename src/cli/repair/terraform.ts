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
  if (statement === null) return `# without the statement ${JSON.stringify(label)}`;
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const attributes = [
    ...attribute('sid', Sid, single),
    ...attribute('effect', Effect, single),
    ...attribute('actions', Action, list),
    ...attribute('not_actions', NotAction, list),
    ...attribute('resources', Resource, list),
    ...attribute('not_resources', NotResource, list),
  ];
  const width = Math.max(...attributes.map(([name]) => name.length));
  const lines = [
    `statement { # ${change === 'statement-added' ? 'new' : `in place of ${JSON.stringify(label)}`}`,
    ...attributes.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`),
    ...principals('principals', Principal),
    ...principals('not_principals', NotPrincipal),
    ...conditions(Condition),
    '}',
  ];
  return lines.join('\n');
}

type Attribute = readonly [name: string, value: string];

const attribute = (name: string, value: unknown, form: (value: unknown) => string): Attribute[] =>
  value === undefined ? [] : [[name, form(value)]];

const single = (value: unknown): string => text(String(value));

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
const text = (value: string): string => JSON.stringify(value).replaceAll(/[$%](?=\{)/g, '$&$&');
