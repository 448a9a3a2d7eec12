import type { Candidate } from './compile.ts';
import type { Context } from './context.ts';
import type { ValueTemplate } from './variables.ts';

const MOST_COMPARED = 8;

/**
 * Values that a policy variable must have where a condition compares it with a known key: what that key's value holds in
 * the variable's place, the whole value, or a segment of it.
 */
export function comparedValues(
  candidates: readonly Candidate[],
  context: Context,
  variable: string,
): readonly string[] {
  const values = candidates.flatMap(({ conditions }) =>
    conditions.flatMap((condition) => {
      if (!condition.variables.some((name) => context.representativeOf(name.toLowerCase()) === variable)) return [];
      const templates = condition.values.flatMap((one) => (one !== null && 'template' in one ? [one.template] : []));
      const known = [context.lookup(condition.key) ?? []].flat();
      const inPlace = known.flatMap((value) => templates.flatMap((one) => inItsPlace(one, variable, value)));
      return [...inPlace, ...known, ...known.flatMap((value) => value.split(/[:/]/).filter((text) => text !== ''))];
    }),
  );
  return [...new Set(values)].slice(0, MOST_COMPARED);
}

/** Values that conditions on the key itself name. */
export const comparedLiterals = (
  candidates: readonly Candidate[],
  context: Context,
  variable: string,
): readonly string[] => {
  const values = candidates.flatMap(({ conditions }) =>
    conditions
      .filter(({ key }) => context.representativeOf(key) === variable)
      .flatMap((condition) => condition.values)
      .flatMap((value) =>
        value !== null && 'matcher' in value && value.matcher.kind === 'text'
          ? (value.matcher.pattern.literal ?? [])
          : [],
      ),
  );
  return [...new Set(values)].slice(0, MOST_COMPARED);
};

/** What stands between the texts that surround a variable: `1` in `x-1-d` for `x-${key}-*`. */
function inItsPlace({ parts }: ValueTemplate, variable: string, value: string): readonly string[] {
  return parts.flatMap((part, index) => {
    if (!('key' in part) || part.key.toLowerCase() !== variable) return [];
    const before =
      neighbour(parts[index - 1])
        .split(WILDCARD)
        .at(-1) ?? '';
    const after = neighbour(parts[index + 1]).split(WILDCARD)[0] ?? '';
    const start = before === '' ? 0 : value.indexOf(before) + before.length;
    const end = after === '' ? value.length : value.indexOf(after, start);
    return start < before.length || end < start ? [] : [value.slice(start, end)];
  });
}

const WILDCARD = /[*?]/;

const neighbour = (part: ValueTemplate['parts'][number] | undefined): string =>
  part === undefined || 'key' in part ? '' : part.text;
