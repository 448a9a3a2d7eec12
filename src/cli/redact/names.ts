import { ID_PATTERN, idsReplaced } from './ids.ts';

/** Words that name nobody: types of resources, folders of CloudTrail's, and what a reader or the rule goes by. */
const KEPT: ReadonlySet<string> = new Set(
  [
    'trail key alias role root user group policy session account arn assumed instance profile federated saml oidc provider',
    'log stream topic function parameter awslogs cloudtrail digest insight networkactivity aggregated json gz o ou r mrk',
    'aws controltower awsaccelerator awsreservedsso reserved sso service amazonaws com s3',
  ].flatMap((words) => words.split(' ')),
);

const REGION =
  '(?<![a-z])(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[a-z]?|de))?-(?:north|south|east|west|central)(?:east|west)?-\\d{1,2}(?!\\d)';
const VARIABLE = '\\$\\{[^}]*\\}';
const WORDS = new RegExp(`(?<kept>${VARIABLE}|${REGION})|(?<id>${ID_PATTERN})|(?<word>[\\p{L}\\p{N}]+)`, 'gu');

/** A segment of an ARN, which may hold a variable. */
const SEGMENT = `(?:${VARIABLE}|[^:\\s"'\`])*`;
/** Where a name ends in a text. */
const REST = `[^\\s"'\`,;()<>\\\\]+`;
/** The id of a statement; what an ARN names; what stands behind a type of resource in a part of one; any other id. */
const PARTS = new RegExp(
  [
    '(?<sid>"(?:Sid|Id)"\\s*:\\s*")(?<sidText>(?:[^"\\\\]|\\\\.)*)',
    `(?<arn>arn(?::${SEGMENT}){4}:)(?<resource>${REST})`,
    `(?<part>(?<![\\w-])(?:trail|key|alias|role|user|group|assumed-role)/${REST})`,
    `(?<id>${ID_PATTERN})`,
  ].join('|'),
  'g',
);

/** Replaces ids and names in texts: the same one always by the same. */
export interface Replacement {
  /** A text in which ids, ARNs and the ids of statements are replaced, and everything else is kept. */
  readonly inText: (text: string) => string;
  /** A name: each word of it is replaced, so that a pattern that holds whole words goes on matching. */
  readonly ofName: (name: string) => string;
}

export function replacement(): Replacement {
  const inIds = idsReplaced();
  const word = wordsReplaced();

  const ofName = (name: string): string =>
    name.replace(WORDS, (match, ...rest) => {
      const groups = groupsOf(rest);
      if (groups.id !== undefined) return inIds(match);
      return groups.word === undefined ? match : word(match);
    });

  const inText = (text: string): string =>
    text.replace(PARTS, (match, ...rest) => {
      const { sid, sidText, arn, resource, part } = groupsOf(rest);
      if (sid !== undefined) return sid + ofName(sidText ?? '');
      if (arn !== undefined) return inIds(arn) + ofName(resource ?? '');
      return part === undefined ? inIds(match) : ofName(part);
    });

  return { inText, ofName };
}

const groupsOf = (rest: readonly unknown[]) => rest.at(-1) as Readonly<Record<string, string | undefined>>;

/**
 * A word for each other one. Lower case stays lower case, as buckets need it, and words that differ in case alone go on to do so:
 * a condition may ignore it.
 */
function wordsReplaced(): (word: string) => string {
  const known = new Map<string, { readonly standIn: string; readonly spellings: string[] }>();
  return (word) => {
    const lower = word.toLowerCase();
    if (KEPT.has(lower) || /^\d{1,4}$/.test(word)) return word;
    const found = known.get(lower) ?? { standIn: `x${letters(known.size)}`, spellings: [lower] };
    known.set(lower, found);
    if (!found.spellings.includes(word)) found.spellings.push(word);
    return spelt(found.standIn, found.spellings.indexOf(word));
  };
}

/** Always as many, so that a pattern that ends in one word matches none that only begins with it. */
const LENGTH = 4;
const letters = (number: number): string =>
  [...number.toString(26).padStart(LENGTH, '0')].map((digit) => LETTERS[Number.parseInt(digit, 26)]).join('');
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The same letters in another mixture of cases for each number. */
const spelt = (text: string, number: number): string =>
  [...text].map((letter, at) => ((number >> at) & 1 ? letter.toUpperCase() : letter)).join('');
