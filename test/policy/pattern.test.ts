import fc from 'fast-check';
import { compileConstraint, literalPattern, wildcardPattern } from '../../src/policy/pattern.ts';
import { covers, matches } from '../../src/policy/patternMatch.ts';
import { runs } from '../runs.ts';

describe('whether one pattern takes in all that another does', () => {
  test.each([
    ['kms:*', 'kms:Decrypt', true],
    ['kms:*', 'kms:Generate*', true],
    ['kms:Generate*', 'kms:*', false],
    ['kms:?*', 'kms:*', false],
    ['kms:*', 'kms:?*', true],
    ['kms:??', 'kms:?a', true],
    ['kms:?a', 'kms:??', false],
    ['kms:?', 'kms:*', false],
    ['kms:a', 'kms:?', false],
    ['kms:*Key', 'kms:*DataKey', true],
    ['kms:*Key', 'kms:GenerateDataKey*', false],
    ['kms:Decrypt', 'kms:Decrypt', true],
    ['kms:Decrypt', 'kms:Decryp', false],
    ['kms:Decryp', 'kms:Decrypt', false],
    ['**', 'a', true],
    ['', '', true],
    ['', '*', false],
  ])('`%s` of `%s`: %s', (wide, narrow, expected) => {
    expect(covers(wildcardPattern(wide), wildcardPattern(narrow))).toBe(expected);
  });

  test('patterns of different case rules are not compared', () => {
    expect(covers(wildcardPattern('*', true), wildcardPattern('a'))).toBe(false);
  });

  test('a wildcard that stops at some characters takes in one that stops there too, and no other', () => {
    const segment = compileConstraint('arn:*:x');
    expect(covers(wildcardPattern('arn:*:x'), segment)).toBe(true);
    expect(covers(segment, compileConstraint('arn:?b:x'))).toBe(true);
    expect(covers(segment, wildcardPattern('arn:*:x'))).toBe(false);
    expect(covers(segment, wildcardPattern('arn:a:x'))).toBe(true);
  });
});

test('case counts unless it is told not to', () => {
  expect([matches(wildcardPattern('a*'), 'Ab'), matches(wildcardPattern('a*', true), 'Ab')]).toEqual([false, true]);
  expect([matches(literalPattern('a'), 'A'), matches(literalPattern('a', true), 'A')]).toEqual([false, true]);
});

/** The constraint as a regular expression, written from what its comment says. */
const expression = (constraint: string): RegExp => {
  const parts: Readonly<Record<string, string>> = { '**': '.*', '*': '[^:/*?]*', '?': '[^:/*?]', '#': '[0-9]' };
  return new RegExp(`^(?:${constraint.replace(/\*\*|./g, (part) => parts[part] ?? part)})$`);
};

test('a constraint matches what its regular expression does, however its wildcards stand together', () => {
  const constraints = fc.string({ unit: fc.constantFrom('*', '*', '**', '?', '#', 'a', ':', '/'), maxLength: 8 });
  const values = fc.string({ unit: fc.constantFrom('a', '1', ':', '/'), maxLength: 8 });
  fc.assert(
    fc.property(constraints, values, (constraint, value) => {
      expect(matches(compileConstraint(constraint), value)).toBe(expression(constraint).test(value));
    }),
    { numRuns: runs(2_000) },
  );
});
