import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Files by their path in an archive. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** No time of this build, so that the same files make the same archive; the first that the format knows. */
const NO_TIME = new Date(1980, 0, 1);
/** A plain file that everybody may read, as Lambda needs it. */
const READABLE = (0o100644 << 16) >>> 0;
const UNIX = 3;

/** An archive that depends on names and contents alone. */
export function zip(files: Files): Uint8Array {
  const options = { mtime: NO_TIME, level: 9, os: UNIX, attrs: READABLE } as const;
  const entries = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(entries.map(([path, bytes]) => [path, [bytes, options]])) as Zippable);
}

/** Every file below a folder, under a prefix. */
export function filesBelow(folder: string, prefix = ''): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [`${prefix}${path.slice(folder.length + 1)}`, readFileSync(path)]));
}
