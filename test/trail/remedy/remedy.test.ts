import { remediationOf, remedyInWords } from '../../../src/trail/remedy/remedy.ts';
import { mapCode, merged, plain, say } from '../../../src/trail/remedy/words.ts';
import { EXAMPLES, STEPS } from './examples.ts';

test.each(EXAMPLES)('%s in words', (_, { remedy, says }) => expect(remediationOf({ remedy })).toBe(says));

test('nothing to do is no words', () => expect(remediationOf({ remedy: [] })).toBe(''));

test('what is run or pasted is set apart from what is named', () => {
  const { remedy } = STEPS['cancel-deletion'];
  const command = { code: 'aws cancel', isBlock: true };
  expect(remedyInWords(remedy)).toEqual(['Run ', command, ', then ', { code: 'aws enable', isBlock: true }]);
  expect(remedyInWords(STEPS['choose-key'].remedy)[1]).toEqual({ code: 'eu-west-1' });
});

describe('words', () => {
  const words = say`bind ${'A'}${[' or ', { code: 'B' }]}`;
  test('texts in a template become code', () => expect(plain(words)).toBe('bind `A` or `B`'));
  test('code alone is changed', () =>
    expect(plain(mapCode(words, (code) => code.repeat(2)))).toBe('bind `AA` or `BB`'));
  test('all of it is changed', () => {
    const loud = (text: string) => text.toUpperCase();
    expect(plain(mapCode(words, loud, loud))).toBe('BIND `A` OR `B`');
  });
  test('texts side by side are one', () =>
    expect(merged(['a', 'b', ...words, 'c', 'd'])).toEqual(['abbind ', ...words.slice(1), 'cd']));
});
