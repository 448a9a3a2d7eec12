import { thirdPartyNotices } from '../../scripts/release/notices.ts';

const bundled = (name: string, license: string, ...texts: readonly string[]) => ({
  name,
  version: '1.0.0',
  license,
  texts,
});

test('a text stands once, below the packages that it belongs to', () => {
  const notices = thirdPartyNotices(
    [bundled('a', 'MIT', 'one text'), bundled('b', 'ISC', 'another'), bundled('c', 'MIT', 'one text')],
    'the text of Apache-2.0',
  );
  expect(notices).toContain('a@1.0.0 (MIT)\nc@1.0.0 (MIT)\n\none text\n');
  expect(notices).toContain('b@1.0.0 (ISC)\n\nanother\n');
  expect(notices.split('one text')).toHaveLength(2);
});

test.each([
  ['its licence and its notice', bundled('a', 'Apache-2.0', 'licence', 'notice'), 'licence\n\nnotice'],
  ['the text of Apache-2.0, where it has none', bundled('a', 'Apache-2.0'), 'the text of Apache-2.0'],
  ['that none is asked for', bundled('a', 'MIT-0'), 'This licence asks for no notice.'],
])('%s', (_, one, text) => {
  expect(thirdPartyNotices([one], 'the text of Apache-2.0')).toContain(`a@1.0.0 (${one.license})\n\n${text}\n`);
});

test.each(['MIT', 'ISC', ''])('a package under `%s` that brings no text is refused', (license) => {
  expect(() => thirdPartyNotices([bundled('a', license)], 'x')).toThrow(
    `\`a@1.0.0\` is bundled and brings no text of its licence \`${license}\``,
  );
});
