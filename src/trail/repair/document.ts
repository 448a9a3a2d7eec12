import { type PolicyDocument, type StatementDocument, statementsOf } from '../statements.ts';
import type { StatementEdit } from './plan.ts';

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** The policy with statements changed, removed and added; everything else stays, in its order. */
export function applyEdits(document: PolicyDocument, edits: readonly StatementEdit[]): PolicyDocument {
  const added = edits.filter(({ index }) => index === null).map(({ statement }) => statement);
  const changed = new Map(edits.map(({ index, statement }) => [index, statement]));
  const statements = statementsOf(document).flatMap((statement, index) => {
    const edited = changed.get(index);
    return edited === null ? [] : [edited ?? statement];
  });
  const isSingle = !Array.isArray(document.Statement) && added.length === 0 && statements.length === 1;
  return { ...document, Statement: isSingle ? statements[0] : [...statements, ...added] };
}

/** A Sid that no statement of the policy has. */
export function unusedSid(document: PolicyDocument, edits: readonly StatementEdit[], wanted: string): string {
  const taken = new Set(statementsOf(applyEdits(document, edits)).map(({ Sid }) => Sid));
  let sid = wanted;
  for (let number = 2; taken.has(sid); number += 1) sid = `${wanted}${number}`;
  return sid;
}

/** The statement with one condition's key and values replaced, in its place. */
export function withCondition(
  statement: StatementDocument,
  operator: string,
  key: string,
  to: { readonly key: string; readonly values: readonly string[] },
): StatementDocument {
  const conditions = membersOf(statement.Condition);
  const keys = Object.entries(membersOf(conditions[operator])).map(([name, value]): [string, unknown] =>
    name === key ? [to.key, inForm(value, to.values)] : [name, value],
  );
  return { ...statement, Condition: { ...conditions, [operator]: Object.fromEntries(keys) } };
}

/** The statement with one more condition; `null` where it has that operator and key already. */
export function withAddedCondition(
  statement: StatementDocument,
  operator: string,
  key: string,
  values: readonly string[],
): StatementDocument | null {
  const conditions = membersOf(statement.Condition);
  const keys = membersOf(conditions[operator]);
  if (Object.keys(keys).some((name) => name.toLowerCase() === key.toLowerCase())) return null;
  const extended = { ...keys, [key]: inForm(undefined, values) };
  const { Condition: _, ...rest } = statement;
  // A statement without conditions gets them at its end, as AWS writes them.
  return 'Condition' in statement
    ? { ...statement, Condition: { ...conditions, [operator]: extended } }
    : { ...rest, Condition: { [operator]: extended } };
}

/** A single value stands without a list, unless it stood in one before. */
export const inForm = (before: unknown, values: readonly string[]): unknown =>
  values.length === 1 && !Array.isArray(before) ? values[0] : values;
