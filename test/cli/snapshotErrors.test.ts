import { BadInput } from '../../src/cli/errors.ts';
import { parseSnapshot } from '../../src/cli/snapshot/parse.ts';
import base from '../cases/cli/snapshot.json';
import { cases, texts } from '../cases/cli/snapshot-errors.json';

type Place = readonly (string | number)[];

/** The document with one place changed, or removed where there is no value. */
function changed(document: unknown, [step, ...rest]: Place, value: unknown): unknown {
  if (step === undefined) return value;
  const copy = structuredClone(document) as Record<string | number, unknown>;
  if (rest.length === 0 && value === undefined) delete copy[step];
  else copy[step] = changed(copy[step], rest, value);
  return copy;
}

function errorOf(text: string): Error {
  try {
    parseSnapshot(text, 'estate.json');
  } catch (error) {
    return error as Error;
  }
  throw new Error('the snapshot was accepted');
}

test('the snapshot that the cases change is accepted', () => {
  expect(parseSnapshot(JSON.stringify(base), 'estate.json').trails).toHaveLength(1);
});

test.each(cases)('$name', (row) => {
  const error = errorOf(JSON.stringify(changed(base, row.at as Place, row.value)));
  expect(error).toBeInstanceOf(BadInput);
  expect(error.message).toBe(`snapshot \`estate.json\`: ${row.error}`);
});

test.each(texts)('$name', ({ text, error: expected }) => {
  const error = errorOf(text);
  expect(error).toBeInstanceOf(BadInput);
  expect(error.message).toContain('`estate.json`');
  expect(error.message).toContain(expected);
  expect(error.message).not.toMatch(/[\r\n]/);
});
