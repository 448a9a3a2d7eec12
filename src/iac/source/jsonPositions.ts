import type { Position } from './position.ts';

/** Where each member of one top-level member stands in JSON text that `JSON.parse` accepts. */
export function memberPositions(json: string, topLevel: string): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  const lines = lineCounter(json);
  /** Names of the members that lead to where the scan is. */
  const path: string[] = [];
  const containers: ('object' | 'list')[] = [];
  let name: string | null = null;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charAt(at);
    if (char === '"') {
      const end = endOfString(json, at);
      if (containers.at(-1) === 'object' && name === null) {
        name = JSON.parse(json.slice(at, end)) as string;
        if (containers.length === 2 && path[0] === topLevel) positions.set(name, lines(at));
      }
      at = end - 1;
    } else if (char === '{' || char === '[') {
      containers.push(char === '{' ? 'object' : 'list');
      if (containers.length > 1) path.push(name ?? '');
      name = null;
    } else if (char === '}' || char === ']') {
      containers.pop();
      path.pop();
      name = null;
    } else if (char === ',') name = null;
  }
  return positions;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

/** Counts lines up to offsets of one text that come in order. */
export function lineCounter(text: string): (offset: number) => Position {
  let line = 1;
  let start = 0;
  let end = text.indexOf('\n');
  return (offset) => {
    while (end >= 0 && end < offset) {
      line += 1;
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    return { line, column: offset - start + 1 };
  };
}
