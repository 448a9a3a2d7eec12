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
  for (const date of around(bounds('date'), 1000)) values.add(timestamp(date));
  const blocks = matchers.flatMap((matcher) => (matcher.kind === 'ip' ? [matcher.block] : []));
  for (const address of addressesAround(blocks)) values.add(address);
  if (matchers.some((matcher) => matcher.kind === 'bool')) for (const text of ['true', 'false']) values.add(text);
  return [...values];
}

/** Every bound, a value between each two neighbours, and one beyond each end. */
function around(bounds: readonly number[], gap: number): readonly number[] {
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  const lowest = sorted.at(0);
  if (lowest === undefined) return [];
  const values = [lowest - gapBeside(lowest, gap)];
  for (const [index, bound] of sorted.entries()) {
    const next = sorted[index + 1];
    values.push(bound, next === undefined ? bound + gapBeside(bound, gap) : bound / 2 + next / 2);
  }
  return values.filter(Number.isFinite);
}

/** Beside a very large number the next one is further away. */
const gapBeside = (bound: number, gap: number): number => Math.max(gap, Math.abs(bound) * 2 ** -50);

/** Digits behind the point that a number written out may have. */
const MOST_DECIMALS = 100;

function decimal(number: number): string {
  const text = String(number);
  if (!text.includes('e')) return text;
  return Number.isInteger(number) ? BigInt(number).toString() : number.toFixed(MOST_DECIMALS).replace(/0+$/, '');
}

/** The last year that an ISO 8601 date of four digits can name; later times are epoch seconds. */
const LAST_YEAR = 9999;

function timestamp(milliseconds: number): string {
  const date = new Date(milliseconds);
  return date.getUTCFullYear() > LAST_YEAR ? String(Math.floor(milliseconds / 1000)) : date.toISOString();
}

/** Belongs to no block of the other version (documentation ranges of RFC 5737 and RFC 3849). */
const EXAMPLES = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

/**
 * The first address of every block and its neighbours on both sides: whatever part of a block its sub-blocks leave over
 * begins at one of these. A version that no block has is represented by one address.
 */
const addressesAround = (blocks: readonly IpBlock[]): readonly string[] =>
  blocks.length === 0 ? [] : [...blocks.flatMap(neighboursOf), EXAMPLES[4], EXAMPLES[6]];

/** Blocks belong to policies, which are asked about again and again. */
const neighbours = new WeakMap<IpBlock, readonly string[]>();

function neighboursOf(block: IpBlock): readonly string[] {
  const known = neighbours.get(block);
  if (known !== undefined) return known;
  const { version, first, last } = block;
  const highest = (1n << (version === 4 ? 32n : 128n)) - 1n;
  const addresses = [first, first - 1n, last + 1n]
    .filter((address) => address >= 0n && address <= highest)
    .map((address) => formatIp(version, address));
  neighbours.set(block, addresses);
  return addresses;
}
