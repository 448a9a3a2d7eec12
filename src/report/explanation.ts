import { createColors } from 'picocolors';
import type { Decision, StatementExplanation } from '../policy/decision.ts';
import { describeMismatch } from '../policy/explain.ts';
import type { TrailVerdict } from '../rule/evaluate/evaluation.ts';
import type { RequestExplanation } from '../trail/explainTrail.ts';
import type { Reading } from '../trail/facts.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** A trail's verdict and why the policies of its key answer CloudTrail's requests as they do. */
export interface TrailExplanation {
  readonly verdict: TrailVerdict;
  /** `null` when the trail names no key. */
  readonly requests: Reading<readonly RequestExplanation[]> | null;
}

interface ExplanationOptions {
  readonly colour: boolean;
  /** Characters in a line. */
  readonly width: number;
}

type Colours = ReturnType<typeof createColors>;

/** Explanations as JSON text: the same facts as the text form, for programs. */
export function jsonExplanation(explanations: readonly TrailExplanation[]): string {
  const trails = explanations.map(({ verdict, requests }) => ({
    trailArn: verdict.trail.arn,
    kmsKeyArn: verdict.key?.arn ?? null,
    complianceType: verdict.complianceType,
    annotation: verdict.annotation,
    requests: requests?.read ? requests.value : [],
    unread: requests === null ? 'the trail names no key' : requests.read ? null : requests.reason,
  }));
  return `${JSON.stringify({ version: 1, trails }, null, 1)}\n`;
}

/** Explanations for a person, statement by statement, for each of CloudTrail's requests. */
export function* textExplanation(
  explanations: readonly TrailExplanation[],
  { colour, width }: ExplanationOptions,
): Generator<string> {
  const colours = createColors(colour);
  for (const { verdict, requests } of explanations) {
    const paint = verdict.complianceType === 'NON_COMPLIANT' ? colours.red : colours.green;
    yield `${paint(verdict.complianceType)}  ${colours.bold(printable(verdict.trail.arn))}\n`;
    if (verdict.key?.arn) yield `  key ${printable(verdict.key.arn)}\n`;
    if (verdict.annotation !== '') yield* block(verdict.annotation, '  ', width);
    yield '\n';
    if (requests === null) yield '  The trail names no key: there is no policy to explain.\n\n';
    else if (!requests.read) yield* block(`Nothing can be explained: ${requests.reason}.`, '  ', width);
    else for (const request of requests.value.toSorted(gravestFirst)) yield* requestLines(request, colours, width);
  }
}

/** What is denied comes first; requests that are answered alike stay in the order in which CloudTrail makes them. */
const gravestFirst = (a: RequestExplanation, b: RequestExplanation): number => rankOf(a) - rankOf(b);

const RANKS = { denied: 0, delegated: 0, unknown: 1, allowed: 2 } as const;
const rankOf = ({ decision }: RequestExplanation): number => RANKS[decision.outcome];

function* requestLines(request: RequestExplanation, colours: Colours, width: number): Generator<string> {
  const { purpose, action, decision, statements, resourceControlStatements } = request;
  yield `  ${colours.bold(`${purpose}: ${action}`)} is ${outcome(decision, colours)}\n`;
  yield* block(because(request), '    ', width);
  for (const statement of statements) yield* statementLines(statement, '', colours, width);
  for (const statement of resourceControlStatements)
    yield* statementLines(statement, 'resource control policy, ', colours, width);
  yield '\n';
}

function outcome({ outcome: answer }: Decision, colours: Colours): string {
  if (answer === 'allowed') return colours.green('allowed');
  return answer === 'unknown' ? colours.yellow('unknown') : colours.red('denied');
}

/** Why the answer is what it is, in one sentence. */
export function because({ decision, refusal }: Pick<RequestExplanation, 'decision' | 'refusal'>): string {
  const { outcome: answer, statements, dependsOn, witnesses, reason } = decision;
  const names = statements.map((name) => `\`${name}\``).join(', ');
  if (answer === 'allowed') return `by ${names}`;
  if (answer !== 'unknown') return refusal ?? `by ${names}`;
  if (reason !== null) return reason;
  const worlds = [witnesses?.allowed, witnesses?.denied].map((world) => JSON.stringify(world ?? {}));
  return `it depends on ${dependsOn.join(', ')}: allowed with ${worlds[0]}, denied with ${worlds[1]}`;
}

const MARKS = { yes: 'applies', no: 'does not apply', unknown: 'may apply' } as const;

export function* statementLines(
  { statement, effect, applies, mismatches, matched }: StatementExplanation,
  origin: string,
  colours: Colours,
  width: number,
): Generator<string> {
  const mark = applies === 'yes' ? colours.bold(MARKS.yes) : MARKS[applies];
  yield `    ${origin}${effect} \`${printable(statement)}\` ${mark}\n`;
  for (const mismatch of mismatches) yield* block(`${mismatch.part}: ${describeMismatch(mismatch)}`, '      ', width);
  for (const { why } of matched) yield* block(`condition: ${why}`, '      ', width);
}

function* block(text: string, margin: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), Math.max(40, width - margin.length))) yield `${margin}${line}\n`;
}
