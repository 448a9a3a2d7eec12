import { compileCondition } from '../../src/policy/condition.ts';
import { type Difference, nearestPattern, nearestValue } from '../../src/policy/difference.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const nothing = () => null;

const part = (part: string, policy: string, request: string): Difference =>
  ({ is: 'part', part, policy, request, of: 'trail', onlyCase: false }) as Difference;
const ACCOUNT = part('account', '222222222222', '111111111111');

const rows: readonly (readonly [operator: string, value: string, actual: string, readonly Difference[]])[] = [
  ['StringEquals', `"${TRAIL}"`, TRAIL, [{ is: 'quotes' }]],
  ['StringEquals', '"x"', '"y"', []],
  ['StringEquals', 'X', 'x', [{ is: 'case' }]],
  ...['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringLike', 'StringNotLike'].map(
    (operator) =>
      [
        operator,
        TRAIL.replace('1111', '2222').replace('11111111', '22222222').replace('main', '*'),
        TRAIL,
        [ACCOUNT],
      ] as const,
  ),
  ['StringEquals', TRAIL.replace('main', '*'), TRAIL, [{ is: 'literal-wildcard', wildcard: '*' }]],
  ['StringNotEquals', TRAIL.replace('main', 'mai?'), TRAIL, [{ is: 'literal-wildcard', wildcard: '?' }]],
  // The rest of the resource is behind the star: it differs all the same, and so does the account before it.
  ['ArnLike', 'arn:aws:cloudtrail:us-east-1:222222222222:t*/other', TRAIL, [ACCOUNT, part('name', 'other', 'main')]],
  ['ArnLike', 'arn:aws:cloudtrail:us-east-1:222222222222:trail*', TRAIL, [ACCOUNT]],
  ['ArnLike', 'arn:aws:cloudtrail:us-east-1:222222222222:trail', TRAIL, [ACCOUNT, part('name', '', 'main')]],
];

test.each(rows)('%s %s beside %s', (operator, value, actual, differences) => {
  const condition = compileCondition({ operator, key: 'aws:SourceArn', values: [value] }, true);
  expect(nearestValue(condition, actual, nothing)?.differences ?? []).toEqual(differences);
});

test('of several values the one with the fewest differences, then the one that begins most alike', () => {
  const [far, near] = [
    'arn:aws:cloudtrail:eu-west-1:222222222222:trail/x',
    'arn:aws:cloudtrail:us-east-1:222222222222:trail/main',
  ];
  const nearer = 'arn:aws:cloudtrail:us-east-1:111111111112:trail/main';
  expect(nearestPattern([far, near], TRAIL, nothing)?.value).toBe(near);
  expect(nearestPattern([far, near, nearer], TRAIL, nothing)?.value).toBe(nearer);
});

test('numbers, dates and addresses have no nearest value', () => {
  const condition = compileCondition({ operator: 'IpAddress', key: 'aws:SourceIp', values: ['10.0.0.0/8'] }, true);
  expect(nearestValue(condition, '11.0.0.1', nothing)).toBeNull();
});
