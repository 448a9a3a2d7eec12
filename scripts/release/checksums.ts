import { createHash } from 'node:crypto';
import type { Files } from './zip.ts';

/** As `sha256sum` writes and checks them. */
export function checksums(files: Files): string {
  const lines = [...files].map(([path, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${path}\n`);
  return lines.sort((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1)).join('');
}
