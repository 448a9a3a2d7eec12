import { mayBeOperator, parseOperator } from '../../src/policy/operator.ts';

test.each([
  ['StringEquals', true],
  ['stringequals', true],
  ['FORANYVALUE:StringLikeIfExists', true],
  ['ForAllValues:Null', true],
  ['null', true],
  ['NullIfExists', false],
  ['nullifexists', false],
  ['StringEqual', false],
  ['ForSomeValues:StringEquals', false],
  ['IfExists', false],
  ['', false],
])('AWS may take %j for an operator: %s', (name, may) => {
  expect(mayBeOperator(name)).toBe(may);
});

test.each(['stringequals', 'NullIfExists', 'ForAllValues:Null', 'StringEqual', ''])(
  '%j is documented nowhere',
  (name) => {
    expect(parseOperator(name)).toBeNull();
  },
);
