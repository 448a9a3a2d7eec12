import { formatIp, type IpBlock } from './ip.ts';
import type { Matcher } from './matcher.ts';

/**
 * Values that stand for all others where numbers, dates, addresses and booleans are compared: whatever combination of
 * the comparisons some value satisfies, one of these satisfies it too.
 */
export function representatives(matchers: readonly Matcher[]): readonly string[] {
  const values = new Set<string>();
  const bounds = (kind: 'number' | 'date'): number[] =>
    matchers.flatMap((matcher) => (matcher.kind === kind ? [matcher.bound] : []));
  for (const number of around(bounds('number'), 1)) values.add(decimal(number));
  for (const date of around(bounds('date'), 1000)) values.add(new Date(date).toISOString());
  const blocks = matchers.flatMap((matcher) => (matcher.kind === 'ip' ? [matcher.block] : []));
  for (const address of addressesAround(blocks)) values.add(address);
  if (matchers.some((matcher) => matcher.kind === 'bool')) for (const text of ['true', 'false']) values.add(text);
  return [...values];
}

/** Every bound, a value between each two neighbours, and one beyond each end. */
function around(bounds: readonly number[], gap: number): readonly number[] {
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  const [lowest] = sorted;
  if (lowest === undefined) return [];
  const values = [lowest - gap];
  for (const [index, bound] of sorted.entries()) {
    const next = sorted[index + 1];
    values.push(bound, next === undefined ? bound + gap : (bound + next) / 2);
  }
  return values;
}

const decimal = (number: number): string => number.toFixed(10).replace(/\.?0+$/, '');

/**
 * The first address of every block and its neighbours on both sides: whatever part of a block its sub-blocks leave over
 * begins at one of these.
 */
function addressesAround(blocks: readonly IpBlock[]): readonly string[] {
  return blocks.flatMap(({ version, first, last }) => {
    const highest = (1n << (version === 4 ? 32n : 128n)) - 1n;
    return [first, first - 1n, last + 1n]
      .filter((address) => address >= 0n && address <= highest)
      .map((address) => formatIp(version, address));
  });
}
