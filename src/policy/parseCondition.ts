import { compileMatcher } from './matcher.ts';
import { mayBeOperator, type Operator, parseOperator } from './operator.ts';
import { isMembers, listOf, type Report } from './report.ts';
import type { Condition } from './statement.ts';

/** The Condition element; a key with several operators is a condition for each. */
export function parseConditions(value: unknown, report: Report): readonly Condition[] {
  if (value === undefined) return [];
  if (!isMembers(value)) {
    report.refuse('condition-form', 'Condition is not an object');
    return [];
  }
  return Object.entries(value).flatMap(([operator, keys]) => {
    reportOperator(operator, report);
    if (!isMembers(keys)) {
      report.refuse('condition-form', `condition operator ${operator} holds no keys`);
      return [];
    }
    if (Object.keys(keys).length === 0) report.leaveOpen(`condition operator ${operator} holds no keys`);
    reportKeysThatDifferInCase(operator, Object.keys(keys), report);
    return Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values, report));
  });
}

function reportOperator(operator: string, report: Report): void {
  if (parseOperator(operator) !== null) return;
  const message = `\`${operator}\` is no documented condition operator`;
  if (mayBeOperator(operator)) report.issue('unknown-operator', message);
  else report.refuse('unknown-operator', message, 'unknown-operator');
}

function reportKeysThatDifferInCase(operator: string, keys: readonly string[], report: Report): void {
  const seen = new Set<string>();
  const twice = keys.find((key) => seen.size === seen.add(key.toLowerCase()).size);
  if (twice !== undefined) report.leaveOpen(`${operator} holds \`${twice}\` twice, in different case`);
}

function parseCondition(operator: string, key: string, value: unknown, report: Report): Condition {
  const given = listOf(value);
  const scalars = given.filter((one) => ['string', 'number', 'boolean'].includes(typeof one));
  const parsed = parseOperator(operator);
  const family = parsed?.family;
  if (given.length === 0) report.refuse('no-values', `${operator} on ${key} has no values`, 'inert');
  // What an unknown operator holds means nothing: a Condition inside Condition is one error.
  if (scalars.length < given.length && parsed === null) return { operator, key, values: [] };
  if (scalars.length < given.length) {
    const message = `${operator} on ${key} holds something other than text, numbers and booleans`;
    report.refuse('value-form', message, 'inert');
    return { operator, key, values: [] };
  }
  if ((family === 'text' || family === 'arn') && scalars.some((one) => typeof one === 'number'))
    report.issue(
      'unquoted-account-id',
      `${operator} on ${key} holds a number without quotes, so leading zeros are lost`,
    );
  const values = scalars.map(String);
  const unreadable = values.find((one) => parsed !== null && !isReadable(parsed, one));
  if (unreadable !== undefined)
    report.issue('unreadable-value', `\`${unreadable}\` is no value that ${operator} is documented to take`);
  return { operator, key, values };
}

/** Whether an operator for numbers, dates, addresses or booleans can read a value; whether `True` is one is left open. */
function isReadable(operator: Operator, value: string): boolean {
  if (operator.family === 'text' || operator.family === 'arn') return true;
  const isTruth = operator.family === 'bool' || operator.family === 'null';
  return compileMatcher(operator, [{ text: isTruth ? value.toLowerCase() : value, wildcards: false }]) !== null;
}
