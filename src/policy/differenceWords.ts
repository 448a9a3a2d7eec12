import { commonStart, type Difference } from './difference.ts';
import type { NameDifference, NearName } from './nearName.ts';

interface About {
  readonly operator: string;
  /** What is to be known of the request's account, where it is easily mistaken. */
  readonly note?: string | undefined;
}

/** Where two values differ: "account: policy 222222222222, trail 111111111111". */
export function differencesInWords(differences: readonly Difference[], about: About): string {
  return differences.map((difference) => differenceInWords(difference, about)).join('; ');
}

function differenceInWords(difference: Difference, { operator, note }: About): string {
  switch (difference.is) {
    case 'part':
      return `${partInWords(difference)}${difference.part === 'account' && note !== undefined ? ` (${note})` : ''}`;
    case 'case':
      return 'upper and lower case differ';
    case 'character':
      return characterInWords(difference);
    case 'quotes':
      return "quotes are part of the policy's value";
    case 'literal-wildcard':
      return `\`${operator}\` takes \`${difference.wildcard}\` literally: use ${likeOf(operator)} or the ARN`;
    case 'literal-variable':
      return `Version 2008-10-17 takes \`$\{...}\` as text`;
    case 'variable-without-value':
      return `the request has no value for the policy variable \`\${${difference.variables.join('}`, `${')}}\``;
    case 'few-parts':
      return fewPartsInWords(operator, difference.parts);
    case 'no-arn':
      return "the policy's value is no ARN";
    case 'no-account-id':
      return "the policy's value is no account id of twelve digits";
    default:
      return difference satisfies never;
  }
}

function partInWords({ part, policy, request, of, onlyCase }: Extract<Difference, { is: 'part' }>): string {
  if (part === 'partition') return `partition ${policy === '' ? 'none' : policy}, not ${request}`;
  const isText = part === 'name' || part === 'path' || part === 'bucket';
  const show = (text: string, other: string) =>
    text === '' ? 'none' : isText ? `\`${fromDifference(text, other)}\`` : text;
  const label = part === 'name' && of === 'key' ? 'key id' : part;
  return `${label}: policy ${show(policy, request)}, ${of} ${show(request, policy)}${onlyCase ? ' (case)' : ''}`;
}

/** A longer path is shown from the folder in which it begins to differ. */
const LONG_PATH = 64;

function fromDifference(text: string, other: string): string {
  const start = text.lastIndexOf('/', commonStart(text, other) - 1);
  return text.length <= LONG_PATH || start <= 0 ? text : `…${text.slice(start)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'a space',
  '\t': 'a tab',
  '\n': 'a line break',
  '\r': 'a line break',
};
const PLACES = { start: 'at the start', end: 'at the end', inside: 'inside' } as const;

function characterInWords({ character, at }: Extract<Difference, { is: 'character' }>): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `${NAMES[character] ?? `the character ${code}`} ${PLACES[at]} of the policy's value`.replace(
    'inside of',
    'inside',
  );
}

/** The operator that takes wildcards. */
const likeOf = (operator: string): string => (/Not/.test(operator) ? 'StringNotLike' : 'StringLike');

const COUNTS = ['none', 'one', 'two', 'three', 'four', 'five'];

function fewPartsInWords(operator: string, parts: number): string {
  const has = `the value has ${COUNTS[parts] ?? parts}`;
  return /Arn/.test(operator) ? `\`${operator}\` compares six parts, ${has}` : `an ARN has six parts, ${has}`;
}

/** Why a name of a policy is not the request's: "`cloudtrail.eu-west-1.amazonaws.com` has a Region in it". */
export function nearNameInWords({ name, difference }: NearName): string {
  return `\`${name}\` ${nameDifferenceInWords(difference)}`;
}

export function nameDifferenceInWords(difference: NameDifference): string {
  switch (difference.is) {
    case 'case':
      return 'is in another case';
    case 'character':
      return `has ${characterInWords(difference).replace(" of the policy's value", '').replace(" the policy's value", '')}`;
    case 'quotes':
      return 'has quotes in it';
    case 'suffix':
      return 'has another suffix: the service has one name in every partition';
    case 'with-region':
      return 'has a Region in it: the service has one name in every Region';
    case 'no-suffix':
      return 'has no suffix';
    case 'spelling':
      return 'is spelled otherwise';
    case 'separator':
      return 'has no colon after `kms`';
    case 'no-prefix':
      return 'has no prefix';
    case 'wrong-prefix':
      return 'has the prefix of another service';
    case 'another-operation':
      return 'is another operation';
    case 'member':
      return `stands in ${difference.member}, not in Service`;
    default:
      return difference satisfies never;
  }
}
