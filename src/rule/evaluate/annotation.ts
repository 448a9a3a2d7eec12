import type { Finding } from '../../trail/finding.ts';
import { COMMAND_LINE, inBrief, remedyInWords, type Wording } from '../../trail/remedy/remedy.ts';
import { mapCode, plain } from '../../trail/remedy/words.ts';
import type { Exception } from '../exceptions/exception.ts';
import { ANNOTATION_LENGTH } from './evaluation.ts';

/** A message never takes so much of its room that less than this is left for what to do about it. */
const LEAST_REMEDIATION = 56;

/** Code in a remedy is shortened to this much where it does not fit as a whole: the words say what to do, and the finding holds the code. */
const CODE_LENGTH = 40;
/** A cut between words may lose this much; beyond it, as in a long command or ARN, the cut goes through. */
const LONGEST_LOSS = 24;

const ELLIPSIS = '…';

/** Text on one line, at most `length` characters, cut between words where there is one to cut at. */
export function clip(text: string, length: number): string {
  const line = oneLine(text);
  if (line.length <= length) return line;
  if (length < 1) return '';
  const room = line.slice(0, length - ELLIPSIS.length);
  const wordEnd = line.charAt(room.length) === ' ' ? room.length : room.lastIndexOf(' ');
  const cut = room.length - wordEnd > LONGEST_LOSS || wordEnd < 0 ? room : room.slice(0, wordEnd);
  return `${withoutHalf(cut).replace(/[ ,;:]+$/, '')}${ELLIPSIS}`;
}

/** Few messages have anything that needs it. */
const NEEDS_REPLACING = / {2}|[^ -~]/;

/** Control characters and line breaks would break the line that a console shows; lone surrogates are no text. */
function oneLine(text: string): string {
  if (!NEEDS_REPLACING.test(text)) return text.trim();
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
}

/** Without the first half of a character that the cut went through. */
const withoutHalf = (text: string): string => text.replace(/[\ud800-\udbff]$/, '');

/**
 * What is wrong and what to do about it, the gravest finding first, then the names of the others as far as they fit.
 *
 * @param prefix such as `UNDECIDED: `
 * @param findings at least one, gravest first
 * @param suffix kept whole: such as the expiry of an exception
 */
export function describeFindings(
  prefix: string,
  findings: readonly Finding[],
  wording: Wording = COMMAND_LINE,
  suffix = '',
): string {
  const [first, ...others] = findings;
  if (first === undefined) return clip(`${prefix}${suffix}`, ANNOTATION_LENGTH);
  const tail = suffix === '' ? '' : ` (${clip(suffix, LEAST_REMEDIATION)})`;
  const room = ANNOTATION_LENGTH - tail.length;
  const gravest = describeOne(prefix, first, room, wording);
  const also = others.length === 0 ? '' : `; also ${others.map(({ check }) => check).join(', ')}`;
  // A few letters of a name tell nothing: the others are named when there is room for at least one.
  const left = room - gravest.length;
  const named = also.length <= left || left > 48 ? clip(`${gravest}${also}`, room) : gravest;
  return `${named}${tail}`;
}

function describeOne(
  prefix: string,
  { check, message, brief, remedy }: Finding,
  room: number,
  wording: Wording,
): string {
  const head = `${prefix}${check}`;
  const told = withoutStop(oneLine(message));
  const fittingBeside = (what: string): string | undefined => {
    for (const form of [wording, inBrief(wording)]) {
      const advice = oneLine(plain(remedyInWords(remedy, form)));
      if (head.length + what.length + advice.length + 4 <= room) return advice;
    }
    return undefined;
  };
  const clipped = () => mapCode(remedyInWords(remedy, inBrief(wording)), (code) => clip(code, CODE_LENGTH));
  const advice = fittingBeside(told) ?? oneLine(plain(clipped()));
  const adviceRoom = advice === '' ? 0 : Math.min(advice.length, LEAST_REMEDIATION) + 2;
  const isCut = head.length + 2 + told.length > room - adviceRoom;
  // The short form names what is to be fixed: rather than that, what to do about it is cut.
  if (isCut && brief !== undefined) {
    const what = withoutStop(oneLine(brief));
    return withAdvice(clip(`${head}: ${what}`, room), fittingBeside(what) ?? advice, room);
  }
  return withAdvice(told === '' ? head : clip(`${head}: ${told}`, room - adviceRoom), advice, room);
}

/** A few letters of an advice tell nothing. */
const LEAST_ADVICE = 16;

const withAdvice = (what: string, advice: string, room: number): string =>
  advice === '' || room - what.length < LEAST_ADVICE ? what : clip(`${what}; ${advice}`, room);

/** `EXCEPTED until 2027-01-31 by security@example.com (SEC-42): reason [check, check]`. */
export function describeException(exception: Exception, excepted: readonly Finding[]): string {
  const { owner, reason, ticket, expires } = exception;
  const by = `EXCEPTED until ${expires} by ${clip(owner, 100)}${ticket === null ? '' : ` (${clip(ticket, 40)})`}`;
  const checks = excepted.length === 0 ? '' : `; excepted: ${excepted.map(({ check }) => check).join(', ')}`;
  return clip(`${by}: ${reason}${checks}`, ANNOTATION_LENGTH);
}

/** `exception of security@example.com expired on 2026-01-31`. */
export const describeExpiry = ({ owner, expires }: Exception): string =>
  `exception of ${clip(owner, 40)} expired on ${expires}`;

/** A sentence that can be followed. */
const withoutStop = (text: string): string => text.replace(/[.;]+$/, '');
