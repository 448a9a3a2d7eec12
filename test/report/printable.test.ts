import { harmless, printable } from '../../src/report/printable.ts';

test.each([
  ['a clear screen', 'a\u001b[2J', 'a\\u{1b}[2J'],
  ['a colour', '\u001b[31m', '\\u{1b}[31m'],
  ['a control of one character', '\u009b2J', '\\u{9b}2J'],
  ['a bell, a step back, a deletion', '\u0007\b\u007f', '\\u{7}\\u{8}\\u{7f}'],
  ['ends of lines', '\r\n\u0085\u2028\u2029', '\\u{d}\\u{a}\\u{85}\\u{2028}\\u{2029}'],
  ['another reading direction', '\u202a\u202e\u2066\u2069', '\\u{202a}\\u{202e}\\u{2066}\\u{2069}'],
  ['what is invisible', '\u200b\u200d\ufeff\u{e0041}', '\\u{200b}\\u{200d}\\u{feff}\\u{e0041}'],
  ['text of any script', 'é ß 漢字 → 🔑', 'é ß 漢字 → 🔑'],
])('a value shows %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

describe('a text that leaves the program', () => {
  test.each([
    ['keeps its lines', 'a\n\n  b\r\n', 'a\n\n  b\r\n'],
    ['has no return in a line', 'a\rb\r', 'a\\u000db\\u000d'],
    ['has no control', '\u001b[31m\u001b]0;t\u0007\u009b\u2028', '\\u001b[31m\\u001b]0;t\\u0007\\u009b\\u2028'],
    ['shows a character beyond 16 bits as JSON does', '\u{e0041}', '\\udb40\\udc41'],
    ['orders nothing', '::error::x', '\\u003a:error::x'],
    ['orders nothing in a later line', 'a\n \u00a0\t::error::x', 'a\n \u00a0\\u0009::error::x'],
    ['orders nothing behind white space', 'a\n\n \u00a0\u3000::error::x', 'a\n\n \u00a0\u3000\\u003a:error::x'],
    ['orders nothing together with the piece after it', 'a\n :', 'a\n \\u003a'],
    ['may hold the sign of an order', 'arn:aws:s3:::bucket ::x\n: a', 'arn:aws:s3:::bucket ::x\n: a'],
    ['orders nothing in the older form', 'a ##[error]', 'a #\\u0023[error]'],
    ['orders nothing of Azure Pipelines', '##vso[task.x]', '#\\u0023vso[task.x]'],
    ['may hold a heading', '## Title [x]', '## Title [x]'],
  ])('%s', (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  test.each([
    ['colours', '\u001b[1ma\u001b[22m', '\u001b[1ma\u001b[22m'],
    ['nothing but colours', '\u001b[2J\u001b[31;1m\u001b[123m', '\\u001b[2J\\u001b[31;1m\\u001b[123m'],
  ])('may have %s where it is coloured', (_, text, expected) => {
    expect(harmless(text, true)).toBe(expected);
  });

  test('is the same document as before, where it is JSON', () => {
    const document = { '\u009b##[x]': '::\u2028\n::error::\ud800 \u{e0041}##vso[y] ## [z]' };
    expect(JSON.parse(harmless(JSON.stringify(document)))).toEqual(document);
  });
});
