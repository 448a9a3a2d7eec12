import { explain } from '../../../src/policy/explain.ts';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { present } from '../../../src/policy/request.ts';
import { PLACES, trailArn } from './policies.ts';

const OPERATORS = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'];

/** The value with one character taken out, doubled, or replaced. */
const changes = (value: string, at: number): readonly string[] => [
  value.slice(0, at) + value.slice(at + 1),
  value.slice(0, at) + value.charAt(at) + value.slice(at),
  `${value.slice(0, at)}x${value.slice(at + 1)}`,
  `${value.slice(0, at)}X${value.slice(at + 1)}`,
  `${value.slice(0, at)} ${value.slice(at)}`,
];

test.each(OPERATORS)('whatever one character of an ARN is wrong under %s, a difference is told', (operator) => {
  const silent = PLACES.flatMap((place) => {
    const arn = trailArn(place);
    return [...arn].flatMap((_, at) =>
      changes(arn, at).filter((value) => value !== arn && !whyOf(operator, value, arn).includes(': ')),
    );
  });
  expect(silent).toEqual([]);
});

function whyOf(operator: string, value: string, actual: string): string {
  const parsed = parseKeyPolicy({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { [operator]: { k: value } } },
    ],
  });
  if (!parsed.valid) throw new Error(parsed.error);
  const request = {
    principal: { service: 's' },
    action: 'a:b',
    resource: 'r',
    context: { k: present(actual) },
    otherKeys: 'absent',
  } as const;
  const [mismatch] = explain(parsed.policy, request)[0]?.mismatches ?? [];
  if (mismatch?.part !== 'condition' || mismatch.result !== 'no') throw new Error(`${value} matches`);
  return mismatch.nearest === null ? 'none' : mismatch.why;
}
