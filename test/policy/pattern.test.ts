import { compileConstraint, covers, literalPattern, matches, wildcardPattern } from '../../src/policy/pattern.ts';

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
