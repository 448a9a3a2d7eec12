import { type RemedyStep, stepInWords } from './steps.ts';
import { joined, merged, plain, type Words } from './words.ts';

/** What to do about a finding: one of several ways, each of them steps in their order. Empty: nothing. */
export type Remedy = readonly (readonly RemedyStep[])[];

/** How remedies are told to somebody. */
export interface Wording {
  readonly step: (step: RemedyStep) => Words;
  /** What joins a step to the one that is told before it. */
  readonly joint: (step: RemedyStep) => string;
}

/** Comes first and is told last, because few have to take it. */
const isPrecaution = (step: RemedyStep): boolean => step.do === 'separate-users';

/** For whoever has the AWS CLI. */
export const COMMAND_LINE: Wording = {
  step: stepInWords,
  joint: (step) => (isPrecaution(step) ? '; ' : ', then '),
};

/** A remedy as one sentence without its full stop; no words where nothing is to be done. */
export function remedyInWords(remedy: Remedy, { step, joint }: Wording = COMMAND_LINE): Words {
  if (remedy.length === 0) return [];
  const ways = remedy.map((way) =>
    way
      .toSorted((a, b) => Number(isPrecaution(a)) - Number(isPrecaution(b)))
      .flatMap((one, index) => [...(index === 0 ? [] : [joint(one)]), ...step(one)]),
  );
  // A comma would not part what follows from the colon before a trail's key.
  const or = remedy.flat().some((one) => one.do === 'set-key') ? '; or ' : ', or ';
  const [first = '', ...rest] = merged(joined(ways, or));
  return typeof first === 'string' ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : [first, ...rest];
}

/** Words as a sentence; empty where there are none. */
export const sentence = (words: Words): string => (words.length === 0 ? '' : `${plain(words)}.`);

/** What to do about a finding at the command line. */
export const remediationOf = ({ remedy }: { readonly remedy: Remedy }): string => sentence(remedyInWords(remedy));
