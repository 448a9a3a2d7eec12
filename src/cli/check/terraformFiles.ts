import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Source } from '../../iac/source/readSource.ts';
import { configurationFiles, type Files, MODULES_FILE } from '../../iac/terraform/configurationFiles.ts';
import { BadInput } from '../errors.ts';
import { reasonOf } from '../files.ts';

/** The folder of a root module and what is below it. */
interface TerraformFolder {
  readonly folder: string;
  readonly files: Files;
}

/** Below these nothing is Terraform's configuration. */
const ELSEWHERE = /(^|\/)(\.git|node_modules|\.terraform\/providers)$/;

/** Reads the `.tf` files of a folder and those below it, installed modules too; throws `BadInput` that names the folder. */
export async function terraformFiles(folder: string): Promise<TerraformFolder> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('it is no folder');
    const files = new Map<string, string>();
    await readBelow(folder, '', files);
    return { folder, files };
  } catch (error) {
    throw new BadInput(
      `cannot read \`--source\` \`${folder}\`: ${reasonOf(error)}, accepted is the folder of a root module`,
      {
        cause: error,
      },
    );
  }
}

async function readBelow(folder: string, below: string, into: Map<string, string>): Promise<void> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(below, entry.name);
    if (entry.isDirectory() && !ELSEWHERE.test(path)) await readBelow(folder, path, into);
    else if (entry.isFile() && (entry.name.endsWith('.tf') || path === MODULES_FILE))
      into.set(path, await readFile(join(folder, path), 'utf8'));
  }
}

/** A plan with the files that it was made of. */
export const withFiles = (source: Source, given: TerraformFolder | null): Source =>
  source.is === 'plan' && given !== null
    ? { ...source, files: configurationFiles(source.document, given.files, given.folder) }
    : source;
