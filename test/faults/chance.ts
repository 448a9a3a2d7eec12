/**
 * A number from 0 up to 1 that depends on the parts alone: the same on every machine, and in whatever order requests
 * arrive.
 */
export function chance(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = parts.join('\n');
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export function pick<T>(list: readonly T[], ...parts: readonly (string | number)[]): T {
  const picked = list[Math.floor(chance(...parts) * list.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}
