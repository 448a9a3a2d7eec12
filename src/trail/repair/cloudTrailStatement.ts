import { parseOperator } from '../../policy/operator.ts';
import type { Condition, Statement } from '../../policy/statement.ts';
import { TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import { SOURCE_ARN } from './trailStatements.ts';

/** The condition keys that hold the ARN of a trail, in lower case. */
export const TRAIL_KEYS: readonly string[] = [SOURCE_ARN, TRAIL_CONTEXT_KEY].map((key) => key.toLowerCase());

/** Whether a condition compares text by a plain operator: StringEquals, StringLike, ArnLike and so on. */
export function comparesText({ operator }: Condition, negated: boolean): boolean {
  const parsed = parseOperator(operator);
  return (
    parsed !== null &&
    parsed.negated === negated &&
    parsed.quantifier === 'none' &&
    (parsed.family === 'text' || parsed.family === 'arn')
  );
}

/** Whether wildcards in a condition's values are wildcards. */
export const hasWildcards = ({ operator }: Condition): boolean => parseOperator(operator)?.wildcards === true;

/** The trail that a statement is about by name: whoever wrote it meant this one; `null` where it names none of them. */
export function namedTrail({ conditions }: Statement, trailArns: readonly string[]): string | null {
  const named = conditions
    .filter((condition) => TRAIL_KEYS.includes(condition.key.toLowerCase()) && comparesText(condition, false))
    .flatMap(({ values }) => values);
  return trailArns.find((arn) => named.includes(arn)) ?? null;
}

/**
 * Whether a statement can serve nothing but trails: SNS topics and event data stores carry no `aws:SourceArn` and no
 * trail's encryption context.
 */
export const servesTrailsOnly = ({ conditions }: Statement): boolean =>
  conditions.some(
    (condition) =>
      TRAIL_KEYS.includes(condition.key.toLowerCase()) &&
      comparesText(condition, false) &&
      parseOperator(condition.operator)?.ifExists === false &&
      condition.values.length > 0 &&
      condition.values.every((value) => value.includes(':trail/')),
  );
