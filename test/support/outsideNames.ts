import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../cli/support.ts';
import { someOf } from '../runs.ts';

/** Names that an object has without anybody giving it them: the one that sets something, and those that are inherited. */
export const NAMES = someOf(
  ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype', '__defineGetter__'],
  1,
);

/** As harmless as a name can be, and as long: what the tool says of it, it says of the other. */
export const harmless = (name: string): string => 'q'.repeat(name.length);

const folder = mkdtempSync(join(tmpdir(), 'names-'));
export function fileOf(text: string): string {
  const file = join(folder, 'input.json');
  writeFileSync(file, text);
  return file;
}

/** `NAME` stands for the name. Not as a member from the start: a literal's `__proto__` is none. */
export const written = (document: unknown, name: string): string => JSON.stringify(document).replaceAll('NAME', name);

/** What a command prints of a document, with the harmless name in every place of the name. */
async function told(document: unknown, name: string, args: (file: string) => readonly string[]) {
  const { code, stdout, stderr } = await cli(args(fileOf(written(document, name))));
  const text = `${stdout}\n${stderr}`.replaceAll(name, harmless(name));
  // The hash of a policy is one of its names too.
  return { code, text: text.replaceAll(/"policySha256":"[0-9a-f]{64}"/g, '"policySha256":"a hash"') };
}

/** A name is but a name: the command says the same of the harmless one. */
export async function expectSame(document: unknown, name: string, args: (file: string) => readonly string[]) {
  expect(await told(document, name, args)).toEqual(await told(document, harmless(name), args));
}
