import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../files.ts';

/** What a folder holds, folders inside it included. */
export interface Walked {
  /** In their order by name. */
  readonly files: readonly string[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** What others made, and no template of the project. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '.terraform']);

interface WalkOptions {
  /** The files of a folder that stand for all in it, as those that a manifest names; `null`: all. */
  readonly choose?: (folder: string) => Promise<readonly string[] | null>;
  /** How many folders inside one another are read. */
  readonly depth?: number;
  /** Folders that are read already, by their real paths. */
  readonly seen?: Set<string>;
}

/** Every file in a folder. Links are followed, each folder is read once. */
export async function walk(
  folder: string,
  { choose = async () => null, depth = Number.POSITIVE_INFINITY, seen = new Set() }: WalkOptions,
): Promise<Walked> {
  const files: string[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  const enter = async (at: string, left: number): Promise<void> => {
    const place = await realpath(at);
    if (seen.has(place)) {
      notes.push(`\`${at}\` leads back to a folder that is read already`);
      return;
    }
    seen.add(place);
    const chosen = await choose(at);
    if (chosen !== null) {
      files.push(...chosen);
      return;
    }
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      await guarded(path, async () => {
        const kind = entry.isSymbolicLink() ? await stat(path) : entry;
        if (kind.isDirectory() && left > 1 && !SKIPPED.has(entry.name)) await enter(path, left - 1);
        if (kind.isFile()) files.push(path);
      });
    }
  };
  const guarded = async (path: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const isLoop = (error as { code?: unknown }).code === 'ELOOP';
      if (isLoop) notes.push(`\`${path}\` is a symbolic link that leads to itself`);
      else problems.push(`cannot read \`${path}\`: ${reasonOf(error)}`);
    }
  };
  await guarded(folder, () => enter(folder, depth));
  return { files, problems, notes };
}
