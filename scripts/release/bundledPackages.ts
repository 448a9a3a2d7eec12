import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of others of which code is part of what is shipped. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  /** Its licence and its notices, word for word. */
  readonly texts: readonly string[];
}

const PACKAGE = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;
const NOTICE = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;

/** The packages that bundles took code from, by name. */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): readonly BundledPackage[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles)
    for (const { inputs } of Object.values(outputs))
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = PACKAGE.exec(input)?.[1];
        if (folder !== undefined && bytesInOutput > 0) folders.add(resolve(root, folder));
      }
  return [...folders]
    .map(readPackage)
    .sort((one, other) => (identity(one) < identity(other) ? -1 : 1))
    .filter((one, index, all) => index === 0 || identity(one) !== identity(all[index - 1] as BundledPackage));
}

/** `name@version`. */
export const identity = ({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string => `${name}@${version}`;

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const { name = '', version = '', license = '' } = manifest;
  const files = readdirSync(folder).filter((file) => NOTICE.test(file) && existsSync(join(folder, file)));
  return { name, version, license, texts: files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim()) };
}
