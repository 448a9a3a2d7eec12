/** `*` and `?` within a name, `**` as a name of its own for any number of folders. */
export const isGlob = (path: string): boolean => /[*?]/.test(path);

/** The folder that everything which a pattern can match is in. */
export function folderOf(pattern: string): string {
  const parts = pattern.split('/');
  const fixed = parts.slice(0, parts.findIndex(isGlob)).join('/');
  return fixed === '' ? (pattern.startsWith('/') ? '/' : '.') : fixed;
}

/** How many folders inside one another a pattern can reach, its own folder counted. */
export function depthOf(pattern: string): number {
  const parts = pattern.split('/');
  return parts.includes('**') ? Number.POSITIVE_INFINITY : parts.length - parts.findIndex(isGlob);
}

/** Whether a pattern matches a path; both are written from the same place. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = withoutDots(pattern)
    .split('/')
    .map((part, at, all) => {
      const slash = at === all.length - 1 ? '' : '/';
      if (part === '**') return at === all.length - 1 ? '.*' : '(?:[^/]+/)*';
      return `${part
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]')}${slash}`;
    })
    .join('');
  const expression = new RegExp(`^${source}$`, 's');
  return (path) => expression.test(withoutDots(path));
}

const withoutDots = (path: string): string => path.replace(/\/+/g, '/').replace(/^(\.\/)+/, '');
