import { parsedPolicy } from './parsedPolicy.ts';

/** What is said of a statement beside its meaning: `policy-well-formed` and `policy-writable` tell it. */
const encrypt = {
  Sid: 'S',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
};
const without = (name: string) => Object.fromEntries(Object.entries(encrypt).filter(([member]) => member !== name));
const when = (operator: string, value: unknown) => ({ ...encrypt, Condition: { [operator]: { 'a:k': value } } });

const INERT = ', so the statement has no effect';
const rows: readonly (readonly [string, object, readonly (readonly [kind: string, message: string])[]])[] = [
  ['nothing', encrypt, []],
  ['no action', without('Action'), [['inert', `there is no Action${INERT}`]]],
  ['no resource', without('Resource'), [['inert', `there is no Resource${INERT}`]]],
  ['an empty list of actions', { ...encrypt, Action: [] }, [['inert', `Action is an empty list${INERT}`]]],
  [
    'an empty list of services',
    { ...encrypt, Principal: { Service: [] } },
    [['inert', `Principal names nobody${INERT}`]],
  ],
  ...['Bool', 'Null'].flatMap((operator) =>
    ['true', 'false', 'True', 'FALSE', true].map(
      (value) => [`${operator} ${value}`, when(operator, value), []] as const,
    ),
  ),
  ...[
    ['Bool', 'yes'],
    ['Null', '1'],
    ['NumericEquals', 'many'],
    ['DateLessThan', 'Tomorrow'],
    ['IpAddress', '10.0.0.0/33'],
  ].map(
    ([operator = '', value]) =>
      [
        `${operator} ${value}`,
        when(operator, value),
        [['unreadable-value', `\`${value}\` is no value that ${operator} is documented to take`]],
      ] as const,
  ),
  ['DateLessThan 2026-11-20T10:00:00Z', when('DateLessThan', '2026-11-20T10:00:00Z'), []],
];

test.each(rows)('%s', (_, statement, issues) => {
  const policy = parsedPolicy({ Version: '2012-10-17', Statement: [statement] });
  expect(policy.issues.map(({ kind, message }) => [kind, message])).toEqual(issues);
  expect(policy.issues.filter((issue) => issue.statement !== 'S')).toEqual([]);
});

test('a statement without a Sid, or with an empty one, has its place for a name', () => {
  const policy = parsedPolicy({ Version: '2012-10-17', Statement: [encrypt, without('Sid'), { ...encrypt, Sid: '' }] });
  expect(policy.statements.map(({ label }) => label)).toEqual(['S', '#1', '#2']);
});
