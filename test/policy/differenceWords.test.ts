import type { Difference } from '../../src/policy/difference.ts';
import { differencesInWords, nameDifferenceInWords } from '../../src/policy/differenceWords.ts';
import type { NameDifference } from '../../src/policy/nearName.ts';

const part = (more: Partial<Extract<Difference, { is: 'part' }>>): Difference =>
  ({ is: 'part', part: 'account', policy: '2', request: '1', of: 'trail', onlyCase: false, ...more }) as Difference;

test.each<[string, Difference, string]>([
  ['StringEquals', part({}), 'account: policy 2, trail 1 (a note)'],
  ['StringEquals', part({ part: 'partition', policy: '' }), 'partition none, not 1'],
  [
    'StringEquals',
    part({ part: 'name', policy: 'Main', request: 'main', onlyCase: true }),
    'name: policy `Main`, trail `main` (case)',
  ],
  ['StringEquals', part({ part: 'name', of: 'key' }), 'key id: policy `2`, key `1`'],
  ['StringEquals', { is: 'case' }, 'upper and lower case differ'],
  ['StringEquals', { is: 'quotes' }, "quotes are part of the policy's value"],
  ['StringEquals', { is: 'character', character: ' ', at: 'start' }, "a space at the start of the policy's value"],
  [
    'StringEquals',
    { is: 'character', character: '\u200b', at: 'inside' },
    "the character U+200B inside the policy's value",
  ],
  [
    'StringEquals',
    { is: 'literal-wildcard', wildcard: '*' },
    '`StringEquals` takes `*` literally: use StringLike or the ARN',
  ],
  [
    'StringNotEquals',
    { is: 'literal-wildcard', wildcard: '?' },
    '`StringNotEquals` takes `?` literally: use StringNotLike or the ARN',
  ],
  ['StringEquals', { is: 'literal-variable' }, `Version 2008-10-17 takes \`$\{...}\` as text`],
  [
    'StringLike',
    { is: 'variable-without-value', variables: ['a:b', 'c:d'] },
    `the request has no value for the policy variable \`$\{a:b}\`, \`$\{c:d}\``,
  ],
  ['ArnLike', { is: 'few-parts', parts: 2 }, '`ArnLike` compares six parts, the value has two'],
  ['StringLike', { is: 'few-parts', parts: 5 }, 'an ARN has six parts, the value has five'],
  ['StringLike', { is: 'no-arn' }, "the policy's value is no ARN"],
  ['StringLike', { is: 'no-account-id' }, "the policy's value is no account id of twelve digits"],
])('%s: %j', (operator, difference, words) => {
  expect(differencesInWords([difference], { operator, note: 'a note' })).toBe(words);
});

test.each<[NameDifference, string]>([
  [{ is: 'case' }, 'is in another case'],
  [{ is: 'character', character: ' ', at: 'end' }, 'has a space at the end'],
  [{ is: 'character', character: '\t', at: 'inside' }, 'has a tab inside'],
  [{ is: 'quotes' }, 'has quotes in it'],
  [{ is: 'suffix' }, 'has another suffix: the service has one name in every partition'],
  [{ is: 'with-region' }, 'has a Region in it: the service has one name in every Region'],
  [{ is: 'no-suffix' }, 'has no suffix'],
  [{ is: 'spelling' }, 'is spelled otherwise'],
  [{ is: 'separator' }, 'has no colon after `kms`'],
  [{ is: 'no-prefix' }, 'has no prefix'],
  [{ is: 'wrong-prefix' }, 'has the prefix of another service'],
  [{ is: 'another-operation' }, 'is another operation'],
  [{ is: 'member', member: 'AWS' }, 'stands in AWS, not in Service'],
])('a name: %j', (difference, words) => expect(nameDifferenceInWords(difference)).toBe(words));
