/** A block of IP addresses: all that share the first `prefix` bits of `first`. */
export interface IpBlock {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Parses an address or a CIDR block; `null` where it is neither. Bits behind the prefix do not count. */
export function parseIpBlock(text: string): IpBlock | null {
  const [address = '', length, ...more] = text.split('/');
  const parsed = parseIp(address);
  if (parsed === null || more.length > 0) return null;
  const bits = BITS[parsed.version];
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = (parsed.value / size) * size;
  return { version: parsed.version, first, last: first + size - 1n };
}

export function parseIp(text: string): { readonly version: 4 | 6; readonly value: bigint } | null {
  const value = text.includes(':') ? parseV6(text) : parseV4(text);
  return value === null ? null : { version: text.includes(':') ? 6 : 4, value };
}

/** A leading zero makes some read the part as octal, so such a text is no address. */
function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

export function contains(block: IpBlock, parsed: ReturnType<typeof parseIp>): boolean | undefined {
  if (parsed === null) return undefined;
  return parsed.version === block.version && parsed.value >= block.first && parsed.value <= block.last;
}

export function formatIp(version: 4 | 6, value: bigint): string {
  const width = version === 4 ? 8n : 16n;
  const groups = version === 4 ? 4 : 8;
  const parts = Array.from({ length: groups }, (_, index) => {
    const part = (value >> (BigInt(groups - 1 - index) * width)) & ((1n << width) - 1n);
    return part.toString(version === 4 ? 10 : 16);
  });
  return parts.join(version === 4 ? '.' : ':');
}
