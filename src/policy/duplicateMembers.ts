/**
 * Finds the first member that one JSON object holds twice, as a path such as `Statement[0].Effect`.
 *
 * `JSON.parse` keeps the last of two equal members silently, so a policy could mean something else than its reader sees.
 * Takes text that `JSON.parse` accepts; returns `null` where every member is unique.
 */
export function findDuplicateMember(json: string): string | null {
  for (const path of duplicateMembers(json)) return path;
  return null;
}

/** Every member that one JSON object holds twice, as paths from the top of the text. */
export function* duplicateMembers(json: string): Generator<string> {
  const open: Container[] = [];
  let at = 0;
  while (at < json.length) {
    const char = json.charAt(at);
    const container = open.at(-1);
    if (char === '"') {
      const end = endOfString(json, at);
      if (container?.names !== undefined && container.expectsName) {
        const written = json.slice(at + 1, end - 1);
        const name = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
        container.step = name;
        container.expectsName = false;
        if (container.names.has(name)) yield pathOf(open);
        container.names.add(name);
      }
      at = end;
      continue;
    }
    if (char === '{') open.push({ names: new Set(), expectsName: true, step: '' });
    else if (char === '[') open.push({ names: undefined, expectsName: false, step: 0 });
    else if (char === '}' || char === ']') open.pop();
    else if (char === ',' && container !== undefined) {
      if (typeof container.step === 'number') container.step += 1;
      else container.expectsName = true;
    }
    at += 1;
  }
}

interface Container {
  /** The members seen so far; `undefined` for an array. */
  readonly names: Set<string> | undefined;
  expectsName: boolean;
  /** The member or the index that is being read. */
  step: string | number;
}

/** Strings are most of a text, so they are searched through and not read letter by letter. */
function endOfString(json: string, start: number): number {
  let at = json.indexOf('"', start + 1);
  while (isEscaped(json, at)) at = json.indexOf('"', at + 1);
  return at + 1;
}

/** Whether an odd number of backslashes stands in front. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json.charAt(first - 1) === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

function pathOf(open: readonly Container[]): string {
  return open
    .map(({ step }, depth) => (typeof step === 'number' ? `[${step}]` : depth === 0 ? step : `.${step}`))
    .join('');
}
