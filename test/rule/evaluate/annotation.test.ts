import { clip, describeException, describeFindings } from '../../../src/rule/evaluate/annotation.ts';
import { ANNOTATION_LENGTH } from '../../../src/rule/evaluate/evaluation.ts';
import { COMMAND_LINE, type Remedy } from '../../../src/trail/remedy/remedy.ts';
import { finding } from '../facts.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');
const failed = (check: 'key-usable' | 'key-rotates' | 'key-exists', message: string, remedy: Remedy = SHORT) =>
  finding({ check, status: 'fail', severity: 'HIGH', message, remedy });
const SHORT: Remedy = [[{ do: 'wait-for-key' }]];
const LONG: Remedy = [
  [
    { do: 'edit-policy', edit: 'pin-to-trail', statements: ['A'], trailArn: 'x'.repeat(90), isShared: true },
    { do: 'write-policy', read: 'r'.repeat(90), write: 'w'.repeat(90) },
  ],
];

const OWNERS = {
  do: 'hand-over',
  owner: { by: 'cloudformation', stack: 'logging' },
  owns: 'key',
  change: { what: 'rotation' },
} as const;

describe('clip', () => {
  test.each([
    ['short text stays', 'one two', 20, 'one two'],
    ['text of just that length stays', 'one two', 7, 'one two'],
    ['cut between words', 'one two three', 10, 'one two…'],
    ['cut where a word ends', 'one two three', 8, 'one two…'],
    ['no mark before the ellipsis', 'one two, three', 11, 'one two…'],
    ['a single long word is cut inside', 'abcdefghij', 5, 'abcd…'],
    ['a long word after a short one is cut inside', `Add ${'x'.repeat(60)}`, 40, `Add ${'x'.repeat(35)}…`],
    ['a character of two halves is not cut through', 'ab😀😀', 4, 'ab…'],
    ['line breaks become spaces', ' one\n\ttwo ', 20, 'one two'],
    ['half a character is marked', 'one \ud83d two', 20, 'one \ufffd two'],
    ['room for the mark alone', 'one', 1, '…'],
    ['no room', 'one', 0, ''],
  ])('%s', (_, text, length, expected) => expect(clip(text, length)).toBe(expected));
});

describe('describeFindings', () => {
  test('a long message leaves room for what to do', () => {
    const annotation = describeFindings('', [failed('key-usable', words(80))]);
    expect(annotation).toMatch(/^key-usable: word0 .*…; Wait until the key is created$/);
    expect(annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
  });

  test('a message that would be cut gives way to its short form, and what to do is cut for it', () => {
    const gravest = { ...failed('key-usable', words(80), LONG), brief: `${'x'.repeat(180)} end of it` };
    const annotation = describeFindings('', [gravest]);
    expect(annotation).toMatch(/^key-usable: x{180} end of it; Give CloudTrail a statement.*…$/);
    expect(describeFindings('', [{ ...gravest, brief: 'y'.repeat(240) }])).toBe(`key-usable: ${'y'.repeat(240)}`);
    expect(describeFindings('', [{ ...gravest, message: 'short' }])).toMatch(/^key-usable: short; Give/);
  });

  test.each([
    ['room for a few words', 228, 'y; Give…'],
    ['less room than that', 229, 'y'],
  ])('after a short form there is %s of what to do', (_, length, end) => {
    const gravest = { ...failed('key-usable', words(80), LONG), brief: 'y'.repeat(length) };
    expect(describeFindings('', [gravest])).toBe(`key-usable: ${'y'.repeat(length - 1)}${end}`);
  });

  test.each([
    ['fits to the last character stays', 213, 'x'],
    ['is one character too long gives way to its short form', 214, 'short'],
  ])('a message that %s', (_, length, told) => {
    const gravest = { ...failed('key-usable', 'x'.repeat(length)), brief: 'short' };
    expect(describeFindings('', [gravest])).toBe(
      `key-usable: ${told === 'x' ? 'x'.repeat(length) : told}; Wait until the key is created`,
    );
  });

  test.each([
    ['fits to the last character is whole', 214, false],
    ['is one character too long is shortened', 215, true],
  ])('code in an advice that %s', (_, length, isShortened) => {
    const remedy: Remedy = [[{ do: 'revoke-grant', command: 'y'.repeat(length) }]];
    const annotation = describeFindings('', [failed('key-usable', 'nobody may use the key', remedy)]);
    expect(annotation.includes('y…')).toBe(isShortened);
    expect(annotation.length === ANNOTATION_LENGTH).toBe(!isShortened);
  });

  test('code in an advice that does not fit is shortened, so that the words remain', () => {
    const statement = { Sid: 'Allow', Effect: 'x'.repeat(300) };
    const commands = { read: `aws kms get-key-policy ${'y'.repeat(90)}`, write: 'aws' };
    const remedy: Remedy = [
      [
        { do: 'edit-policy', edit: 'add-statement', statement, statements: [] },
        { do: 'write-policy', ...commands },
      ],
    ];
    expect(describeFindings('', [failed('key-usable', 'nobody may', remedy)])).toBe(
      'key-usable: nobody may; Add `{"Sid":"Allow","Effect":"xxxxxxxxxxxxxx…` to the key policy: write it with `aws kms get-key-policy…`, an editor and `aws`',
    );
  });

  test('repair stands alone where the edit that it plans does not fit', () => {
    const trailArn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
    const planned = LONG.map((way) => [...way, { do: 'repair', trailArn, plans: 'all' } as const]);
    const command = `cloudtrail-kms repair --trail ${trailArn}`;
    expect(describeFindings('', [failed('key-usable', 'nobody may', planned)])).toBe(
      `key-usable: nobody may; \`${command}\` plans the fix where one is proved`,
    );
    const owned = planned.map((way) => [OWNERS, ...way]);
    expect(describeFindings('', [failed('key-usable', 'nobody may', owned)])).toMatch(
      /^key-usable: nobody may; Turn rotation on in the template of the stack `logging`; `cloudtrail-kms/,
    );
  });

  test('a long advice is cut, a short message is whole', () => {
    const annotation = describeFindings('', [failed('key-usable', 'the key is disabled.', LONG)]);
    expect(annotation).toMatch(/^key-usable: the key is disabled; Give CloudTrail a statement of its own .*…/);
  });

  test('the others are named when there is room', () => {
    const others = [failed('key-exists', 'b'), failed('key-rotates', 'b')];
    expect(describeFindings('', [failed('key-usable', 'it is disabled'), ...others])).toBe(
      'key-usable: it is disabled; Wait until the key is created; also key-exists, key-rotates',
    );
    expect(describeFindings('', [failed('key-usable', words(80), LONG), ...others])).not.toContain('also');
  });

  test.each([
    ['there is room for some', 207, true],
    ['there is room for hardly one', 208, false],
  ])('of many others, as many as fit are named where %s', (_, length, some) => {
    const others = Array.from({ length: 20 }, () => failed('key-exists', 'b'));
    const gravest = failed('key-usable', 'x'.repeat(length - 'key-usable: '.length), []);
    const annotation = describeFindings('', [gravest, ...others]);
    expect(annotation.includes('; also key-exists, key-exists')).toBe(some);
    expect(annotation).toMatch(some ? /key-exists…$/ : /x$/);
    expect(annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
  });

  test.each([
    ['fits to the last character', 239, true],
    ['is one character too long', 240, false],
  ])('another one that %s', (_, length, isNamed) => {
    const gravest = failed('key-usable', 'x'.repeat(length - 'key-usable: '.length), []);
    const annotation = describeFindings('', [gravest, failed('key-exists', 'b')]);
    expect(annotation.endsWith('x; also key-exists')).toBe(isNamed);
  });

  test('the suffix is kept whatever the length', () => {
    const suffix = 'exception of security@example.com expired on 2026-01-31';
    const annotation = describeFindings('UNDECIDED: ', [failed('key-usable', words(80), LONG)], COMMAND_LINE, suffix);
    expect(annotation.endsWith(` (${suffix})`)).toBe(true);
    expect(annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
  });
});

test('a long owner and reason leave the expiry and the ticket', () => {
  const exception = {
    trailArn: '*',
    checks: null,
    owner: words(50),
    reason: words(50),
    ticket: 'SEC-1',
    expires: '2027-01-31',
  };
  const annotation = describeException(exception, []);
  expect(annotation).toMatch(/^EXCEPTED until 2027-01-31 by word0 .*… \(SEC-1\): word0/);
  expect(annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
});
