import { type Reading, read, type TrailFacts, unread } from './facts.ts';

/** Kinds of file that CloudTrail writes, each but the last into a folder of its own. */
export type FileKind =
  | 'log file'
  | 'digest file'
  | 'Insights file'
  | 'network activity file'
  | 'aggregated file'
  | 'file of an unknown kind';

/** A kind of file that a trail writes. */
export interface LogFiles {
  readonly kind: FileKind;
  /** Why nobody knows whether it does, as one sentence part; `null` where it does. */
  readonly doubt: string | null;
}

/** Categories of events that a trail's advanced event selectors choose, and where such events go (API Reference, AdvancedFieldSelector). */
const FILES_OF_CATEGORY: ReadonlyMap<string, FileKind> = new Map([
  ['Management', 'log file'],
  ['Data', 'log file'],
  ['NetworkActivity', 'network activity file'],
]);

/** The kinds of file that a trail writes, or that nobody knows it not to write. */
export function filesOf(trail: TrailFacts): readonly LogFiles[] {
  const categories = categoriesOf(trail);
  const aggregates = trail.aggregates ?? NOT_TOLD;
  const insights = trail.hasInsightSelectors;
  return [
    { kind: 'log file', doubt: null },
    ...where('digest file', trail.logFileValidation !== false),
    ...where('Insights file', insights ?? INSIGHTS_NOT_TOLD),
    ...where(
      'network activity file',
      categories.read ? isChosen(categories.value, 'network activity file') : categories.reason,
    ),
    ...where('aggregated file', aggregates.read ? aggregates.value : aggregates.reason),
    ...(categories.read ? strange(categories.value) : []).map(
      (doubt) => ({ kind: 'file of an unknown kind', doubt }) as const,
    ),
  ];
}

/** @param isWritten or why nobody knows */
function where(kind: FileKind, isWritten: boolean | string): readonly LogFiles[] {
  if (isWritten === false) return [];
  return [{ kind, doubt: isWritten === true ? null : isWritten }];
}

const INSIGHTS_NOT_TOLD = 'whether the trail selects Insights events is not known';
const NOT_TOLD = unread('not-told', 'nothing tells which events the trail selects');

type Categories = readonly (string | null)[];

/** Without event selectors of its own a trail logs management events alone. */
const categoriesOf = ({ hasCustomEventSelectors, eventCategories = NOT_TOLD }: TrailFacts): Reading<Categories> =>
  hasCustomEventSelectors === false ? read([]) : eventCategories;

const isChosen = (categories: Categories, kind: FileKind): boolean =>
  categories.some((category) => category !== null && FILES_OF_CATEGORY.get(category) === kind);

const strange = (categories: Categories): readonly string[] =>
  [...new Set(categories)].flatMap((category) => {
    if (category === null) return ['an event selector does not say which category of events it chooses'];
    return FILES_OF_CATEGORY.has(category) ? [] : [`an event selector chooses the unknown category \`${category}\``];
  });
