import { createColors } from 'picocolors';
import type { PolicyComparison } from '../trail/compare/comparePolicies.ts';
import type { AccessDifference } from '../trail/compare/excess.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** A comparison as JSON text. */
export const jsonComparison = ({ relation, gained, lost, reason }: PolicyComparison): string =>
  `${JSON.stringify({ version: 1, relation, gained, lost, reason }, null, 1)}\n`;

export const RELATION_WORDS = {
  equal: 'both policies give the same',
  narrower: 'the policy after gives less, and nothing more',
  wider: 'the policy after gives more, and nothing less',
  incomparable: 'the policy after gives something more and something less',
  unknown: 'nobody can say whether the policy after gives more',
} as const satisfies Record<PolicyComparison['relation'], string>;

interface ComparisonTextOptions {
  readonly colour: boolean;
  /** Characters in a line. */
  readonly width: number;
}

/** A comparison for a person: who gains and who loses what, each with a request that shows it. */
export function* comparisonInWords(
  { relation, gained, lost, reason }: PolicyComparison,
  margin: string,
  { colour, width }: ComparisonTextOptions,
): Generator<string> {
  const colours = createColors(colour);
  const isBounded = relation === 'equal' || relation === 'narrower';
  yield `${margin}${(isBounded ? colours.green : colours.red)(relation.toUpperCase())}  ${RELATION_WORDS[relation]}\n`;
  if (reason !== null) yield* block(reason, `${margin}  `, width);
  for (const [title, differences, paint] of [
    ['Gained', gained, colours.red],
    ['Lost', lost, colours.yellow],
  ] as const) {
    if (differences.length > 0) yield `\n${margin}${colours.bold(title)}\n`;
    for (const difference of differences) yield* wordsOf(difference, paint, margin, width);
  }
}

function* wordsOf(
  { principal, action, context, statements }: AccessDifference,
  paint: (text: string) => string,
  margin: string,
  width: number,
): Generator<string> {
  const name = 'AWS' in principal ? principal.AWS : principal.Service;
  yield `${margin}  ${paint(action)}  ${printable(name)}\n`;
  const by = statements.map((label) => `\`${label}\``).join(', ');
  const keys = Object.entries(context).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  yield* block(`by ${by}${keys.length === 0 ? '' : `, with ${keys.join(', ')}`}`, `${margin}    `, width);
}

function* block(text: string, margin: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), Math.max(40, width - margin.length))) yield `${margin}${line}\n`;
}
