import { printable } from '../../report/printable.ts';
import { wrap } from '../../report/wrap.ts';
import type { SettledQuestion } from '../../trail/openQuestions/settle.ts';
import { version } from '../version.ts';

export interface Verification {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly trails: number;
  readonly questions: readonly SettledQuestion[];
}

/** What a user may send: no account, ARN, event or name is in it. */
const anonymousRecord = ({ partition, questions }: Verification) => ({
  tool: 'cloudtrail-kms-rule',
  version,
  partition,
  answers: Object.fromEntries(questions.map(({ id, answer, evidence }) => [id, { answer, evidence: evidence.length }])),
});

export const jsonVerification = (verification: Verification): string =>
  `${JSON.stringify({ version: 1, ...verification, record: anonymousRecord(verification) }, null, 2)}\n`;

/** Pieces of evidence that are shown in words; JSON has all. */
const SHOWN = 3;
const INDENT = ' '.repeat(9);

export function* textVerification(verification: Verification, width: number): Generator<string> {
  const { accountId, region, trails, questions } = verification;
  yield `Account ${accountId} in ${region}: ${trails} ${trails === 1 ? 'trail' : 'trails'}\n`;
  for (const { id, question, settled, says, evidence, missing } of questions) {
    yield `\n${settled ? 'settled' : 'open   '}  ${id}\n`;
    yield* paragraph(question, width);
    if (settled) yield* paragraph(`→ ${says}`, width);
    if (missing !== null) yield* paragraph(`missing: ${missing}`, width);
    for (const { words, eventId, time } of evidence.slice(0, SHOWN))
      yield* paragraph(`${words}${eventId === null ? '' : ` at ${time} (event ${eventId})`}`, width);
    if (evidence.length > SHOWN) yield* paragraph(`and ${evidence.length - SHOWN} more`, width);
  }
  yield '\nThis record names no account, resource or person, and may be sent in an issue:\n';
  yield `${JSON.stringify(anonymousRecord(verification))}\n`;
}

function* paragraph(text: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), width - INDENT.length)) yield `${INDENT}${line}\n`;
}
