/** A kind of id that AWS gives: how it looks, and how the one with a number looks that stands for it. */
interface Kind {
  readonly pattern: string;
  readonly standIn: (number: number, original: string) => string;
}

const hex = (number: number, length: number): string => number.toString(16).padStart(length, '0');
const whole = (pattern: string): string => `(?<![A-Za-z0-9-])${pattern}(?![A-Za-z0-9-])`;
const prefixOf = (original: string): string => original.slice(0, original.lastIndexOf('-') + 1);

/** Those first that hold what looks like another: a UUID may end in twelve digits. */
const KINDS: readonly Kind[] = [
  {
    pattern: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
    standIn: (number) => `00000000-0000-4000-8000-${hex(number, 12)}`,
  },
  { pattern: 'mrk-[0-9a-f]{32}', standIn: (number) => `mrk-${hex(number, 32)}` },
  // The unique ids of IAM, and ids of access keys.
  {
    pattern: whole('(?:AROA|AIDA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA|AKIA|ASIA)[A-Z0-9]{12,124}'),
    standIn: (number, original) => original.slice(0, 4) + String(number).padStart(17, '0'),
  },
  { pattern: whole('o-[a-z0-9]{10,32}'), standIn: (number) => `o-${String(number).padStart(10, '0')}` },
  {
    pattern: whole('ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}'),
    standIn: (number) => `ou-0000-${String(number).padStart(8, '0')}`,
  },
  { pattern: whole('r-[a-z0-9]{4,32}'), standIn: (number) => `r-${String(number).padStart(4, '0')}` },
  {
    pattern: whole('(?:vpce-svc|vpce|vpc|subnet|eni|i|sg)-(?:[0-9a-f]{17}|[0-9a-f]{8})'),
    standIn: (number, original) => prefixOf(original) + hex(number, original.length - prefixOf(original).length),
  },
  // Account ids, which begin with no zero here, so that they stay whole as a number too.
  { pattern: '(?<!\\d)\\d{12}(?!\\d)', standIn: (number) => String(100_000_000_000 + number) },
];

/** Any id of AWS's; the number of the group says of which kind. */
export const ID_PATTERN = KINDS.map(({ pattern }) => `(${pattern})`).join('|');
const IDS = new RegExp(ID_PATTERN, 'g');

/** Puts another id in the place of each, the same for the same one, in the order in which they come. */
export function idsReplaced(): (text: string) => string {
  const standIns = KINDS.map(() => new Map<string, string>());
  return (text) =>
    text.replace(IDS, (original, ...groups) => {
      const kind = groups.slice(0, KINDS.length).findIndex((group) => group !== undefined);
      const known = standIns[kind] as Map<string, string>;
      const standIn = known.get(original) ?? (KINDS[kind] as Kind).standIn(known.size + 1, original);
      known.set(original, standIn);
      return standIn;
    });
}
