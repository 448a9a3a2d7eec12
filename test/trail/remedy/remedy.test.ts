import {
  byHand,
  commandLine,
  inBrief,
  type Remedy,
  remediationOf,
  remedyInWords,
  sentence,
} from '../../../src/trail/remedy/remedy.ts';
import { mapCode, merged, plain, say } from '../../../src/trail/remedy/words.ts';
import { EXAMPLES, STEPS } from './examples.ts';

test.each(EXAMPLES)('%s in words', (_, { remedy, says }) => expect(remediationOf({ remedy })).toBe(says));

describe('what repair plans', () => {
  const trailArn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
  const edit = { do: 'edit-policy', edit: 'make-valid' } as const;
  const write = { do: 'write-policy', read: 'aws get', write: 'aws put' } as const;
  const planned = (plans: 'all' | 'rest' | 'chosen-key' | 'another-key') =>
    ({ do: 'repair', trailArn, plans }) as const;
  const told = (remedy: Remedy, source: readonly string[] = []) => sentence(remedyInWords(remedy, commandLine(source)));

  test('is written by repair; by hand only what it does not plan', () => {
    expect(told([[edit, write, planned('all')]])).not.toContain('aws put');
    expect(told([[edit, write, planned('rest')]])).toBe(
      `Fix it: write it with \`aws get\`, an editor and \`aws put\`; \`cloudtrail-kms repair --trail ${trailArn}\` then plans what is left.`,
    );
  });

  test('for a trail without a key, allows CloudTrail before it sets the key', () => {
    const setKey = { do: 'set-key', key: 'chosen', command: 'aws update' } as const;
    expect(told([[{ do: 'prepare-key' }, setKey, planned('chosen-key')]])).toBe(
      `Choose a customer-managed key, and run \`cloudtrail-kms repair --trail ${trailArn} --key KEY_ARN\`: it allows CloudTrail by the key's policy first.`,
    );
  });

  test('for a trail with a key, goes the whole way with the key that takes its place', () => {
    const setKey = { do: 'set-key', key: 'approved', command: 'aws update' } as const;
    expect(told([[setKey, planned('another-key')]])).toBe(
      `Give the trail an approved key: \`aws update\`; \`cloudtrail-kms repair --trail ${trailArn} --key KEY_ARN\` allows CloudTrail by the key's policy first, then sets it.`,
    );
  });

  test('is found again in the file that it was read from, whatever that is called', () =>
    expect(told([[edit, planned('all')]], ['--snapshot', "it's"])).toContain(
      `\`cloudtrail-kms repair --snapshot 'it'\\''s' --trail ${trailArn}\``,
    ));

  test('what repair leaves does not name repair', () =>
    expect(byHand({ remedy: [[edit, write, planned('all')]] })).toBe(
      'Fix it: write it with `aws get`, an editor and `aws put`.',
    ));

  test('where there is little room, it is repair alone', () =>
    expect(plain(remedyInWords([[edit, write, planned('all')]], inBrief(commandLine([]))))).toBe(
      `\`cloudtrail-kms repair --trail ${trailArn}\` plans the fix where one is proved`,
    ));
});

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
