import type { CheckDocument, Urgency } from '../../src/trail/check.ts';
import { table } from './tables.ts';

/** Most urgent first. */
export const WHEN: Readonly<Record<Urgency, string>> = {
  'delivery-stops': 'now: nothing is delivered',
  'others-get-in': 'now: somebody else can read or delete',
  morning: 'in the morning',
  'some-day': 'some day soon',
};

/** Which check is how urgent; each name is an anchor too, for links to the page. */
export const urgencyTable = (checks: readonly CheckDocument[]): string =>
  table(
    ['when', 'findings'],
    Object.entries(WHEN).map(([urgency, when]) => [
      when,
      checks
        .filter((check) => check.urgency === urgency)
        .map(({ id }) => `<a id="${id}"></a>[\`${id}\`](checks/${id}.md)`)
        .join(', '),
    ]),
  );
