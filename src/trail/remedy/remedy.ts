import type { MissingPermission } from '../facts.ts';
import { type RemedyStep, stepInWords, type TrailOptions } from './steps.ts';
import { joined, merged, plain, type Words } from './words.ts';

/** What to do about a finding: one of several ways, each of them steps in their order. Empty: nothing. */
export type Remedy = readonly Way[];

type Way = readonly RemedyStep[];

/** How remedies are told to somebody. */
export interface Wording {
  /** Steps of a way that are not told. */
  readonly omits: (step: RemedyStep, way: Way) => boolean;
  readonly step: (step: RemedyStep) => Words;
  /** What joins a step to the one that is told before it. */
  readonly joint: (step: RemedyStep) => string;
}

/** For whoever has the AWS CLI and `cloudtrail-kms`, which takes the work of what it plans. */
export const commandLine = (source: TrailOptions): Wording => ({
  omits({ do: does }, way) {
    const repair = way.find((step) => step.do === 'repair');
    if (repair !== undefined && plansAll(repair)) return does === 'write-policy';
    return repair?.plans === 'chosen-key' && (does === 'prepare-key' || does === 'set-key');
  },
  step: (step) => stepInWords(step, source),
  joint: (step) => (isAside(step) ? '; ' : step.do === 'write-policy' ? ': ' : ', then '),
});

export const COMMAND_LINE = commandLine([]);

/** What is left for a person where repair has planned what it can. */
const BY_HAND: Wording = { ...COMMAND_LINE, omits: (step) => step.do === 'repair' };

/** Where there is little room: repair alone in place of an edit of the policy that it plans. */
export const inBrief = (wording: Wording): Wording => ({
  ...wording,
  omits: (step, way) =>
    wording.omits(step, way) ||
    (IN_POLICY.has(step.do) && way.some((one) => plansAll(one) && !wording.omits(one, way))),
});

const plansAll = (step: RemedyStep): boolean =>
  step.do === 'repair' && (step.plans === 'all' || step.plans === 'dedicated');

const IN_POLICY: ReadonlySet<RemedyStep['do']> = new Set(['edit-policy', 'separate-users']);

/** Comes first and is told last, because few have to take it. */
const isPrecaution = (step: RemedyStep): boolean => step.do === 'separate-users';

const precautionsLast = (way: Way): Way =>
  way.some(isPrecaution) ? [...way.filter((one) => !isPrecaution(one)), ...way.filter(isPrecaution)] : way;

/** Stands beside what was told, and is not the next thing to do. */
const isAside = (step: RemedyStep): boolean => isPrecaution(step) || step.do === 'repair';

/** The permission that whoever reads was denied; `null`: none that is known. */
export function missingPermissionOf(remedy: Remedy): MissingPermission | null {
  for (const step of remedy.flat()) if ('lacks' in step) return step.lacks ?? null;
  return null;
}

/** A remedy as one sentence without its full stop; no words where nothing is to be done. */
export function remedyInWords(remedy: Remedy, { omits, step, joint }: Wording = COMMAND_LINE): Words {
  const ways = remedy
    .map((way) => precautionsLast(way.filter((one) => !omits(one, way))))
    .filter(({ length }) => length > 0);
  if (ways.length === 0) return [];
  const said = ways.map((way) => way.flatMap((one, index) => [...(index === 0 ? [] : [joint(one)]), ...step(one)]));
  // A comma would not part what follows from a colon or a semicolon before it.
  const isParted = (one: RemedyStep): boolean => one.do === 'set-key' || one.do === 'repair';
  const or = ways.flat().some(isParted) ? '; or ' : ', or ';
  const [first = '', ...rest] = merged(joined(said, or));
  return typeof first === 'string' ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : [first, ...rest];
}

/** Words as a sentence; empty where there are none. */
export const sentence = (words: Words): string => (words.length === 0 ? '' : `${plain(words)}.`);

/** What to do about a finding at the command line. */
export const remediationOf = ({ remedy }: { readonly remedy: Remedy }): string => sentence(remedyInWords(remedy));

/** What a person does about a finding that repair leaves. */
export const byHand = ({ remedy }: { readonly remedy: Remedy }): string => sentence(remedyInWords(remedy, BY_HAND));
