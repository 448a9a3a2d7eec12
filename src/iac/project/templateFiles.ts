import { hasToken } from '../reference.ts';
import type { GivenTemplate } from './given.ts';

/** Finds the given file that a nested stack's template is, from what the stack's own file says of it. */
export type FindTemplate = (by: GivenTemplate, url: string | null, assetPath: string | null) => GivenTemplate | null;

/**
 * By its path, by the name under which an assembly uploads it, or else, for a URL, by the end of its path, where that is
 * the end of one given file's path alone.
 */
export function templateFinder(given: readonly GivenTemplate[]): FindTemplate {
  const byPath = new Map(given.map((one) => [one.path, one]));
  const byName = grouped(given);
  return (by, url, assetPath) => {
    const at = (path: string): GivenTemplate | undefined => byPath.get(beside(by.path, path));
    const asset = assetPath === null ? undefined : at(assetPath);
    if (asset !== undefined || url === null) return asset ?? null;
    const path = url.replace(/[?#].*$/, '');
    const name = nameIn(path);
    if (hasToken(name)) return null;
    const uploaded = by.assets?.get(name);
    if (uploaded !== undefined) return at(uploaded) ?? null;
    if (!/^[a-z0-9]+:\/\//i.test(path)) return at(path) ?? null;
    return likest(
      (byName.get(name) ?? []).filter((one) => one !== by),
      path,
    );
  };
}

function grouped(given: readonly GivenTemplate[]): Map<string, GivenTemplate[]> {
  const groups = new Map<string, GivenTemplate[]>();
  for (const one of given) {
    const name = nameIn(one.path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return groups;
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The file whose path has the longest end in common with a URL; `null` where two have the same. */
function likest(candidates: readonly GivenTemplate[], url: string): GivenTemplate | null {
  const ranked = candidates
    .map((one) => ({ one, common: commonEnd(one.path.split('/'), url.split('/')) }))
    .toSorted((a, b) => b.common - a.common);
  const [first, second] = ranked;
  return first === undefined || first.common === second?.common ? null : first.one;
}

function commonEnd(one: readonly string[], other: readonly string[]): number {
  let common = 0;
  while (common < one.length && one.at(-1 - common) === other.at(-1 - common)) common += 1;
  return common;
}

/** A path as a file names it, from the place of that file. */
function beside(file: string, path: string): string {
  const parts = path.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
