import { parseJsonText, TooDeepError } from '../../src/rule/jsonText.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('a document of the most levels is read', () => expect(parseJsonText(nested(1_100))).toHaveLength(1));

test('one level more is refused', () => {
  let thrown: unknown;
  try {
    parseJsonText(nested(1_101));
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TooDeepError);
  expect(String(thrown)).toBe('TooDeepError: it is nested too deeply, accepted are at most 1100 levels');
});
