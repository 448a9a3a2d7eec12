import { withGenerated, withGeneratedLines } from '../../scripts/docs/markers.ts';

const parts = new Map([
  ['a', ['x: 1', 'y: 2']],
  ['b', []],
]);

test.each([
  ['nothing between', '  # generated: a\n  # end: a\nz: 3', '  # generated: a\n  x: 1\n  y: 2\n  # end: a\nz: 3'],
  ['something old', '# generated: a\nold: 0\n# end: a', '# generated: a\nx: 1\ny: 2\n# end: a'],
  [
    'the same name twice, each by itself',
    '# generated: b\n# end: b\nkept: 1\n# generated: b\nold: 0\n# end: b',
    '# generated: b\n# end: b\nkept: 1\n# generated: b\n# end: b',
  ],
])('lines of a template: %s', (_name, text, expected) => expect(withGeneratedLines(text, parts)).toBe(expected));

test.each([
  ['without an end', '# generated: a\nx: 1', 'a `# generated:` of the template has no `# end:`'],
  ['with an end of another name', '# generated: a\n# end: b', 'a `# generated:` of the template has no `# end:`'],
  ['that nothing makes', '# generated: c\n# end: c', 'nothing makes `c`'],
])('lines of a template %s', (_name, text, message) => expect(() => withGeneratedLines(text, parts)).toThrow(message));

test('a page without its marker', () =>
  expect(() => withGenerated('text', 'a', '')).toThrow(
    'the page has no `<!-- generated: a -->` before `<!-- end: a -->`',
  ));
