import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { checksums } from '../../scripts/release/checksums.ts';
import { zip } from '../../scripts/release/zip.ts';

const files = new Map([
  ['index.mjs', Buffer.from('export {};\n')],
  ['chunks/a.mjs', Buffer.from('1;\n')],
]);

test('an archive holds its files, and depends on nothing but them', () => {
  const archive = zip(files);
  expect(zip(new Map([...files].reverse()))).toEqual(archive);
  const held = Object.entries(unzipSync(archive)).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  expect(held).toEqual([
    ['chunks/a.mjs', '1;\n'],
    ['index.mjs', 'export {};\n'],
  ]);
});

test('checksums are those that sha256sum checks', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(checksums(files)).toBe(`${hash('1;\n')}  chunks/a.mjs\n${hash('export {};\n')}  index.mjs\n`);
});
