import { createColors } from 'picocolors';
import type { FileExplanation, PrincipalExplanation } from '../trail/explainPrincipal.ts';
import type { KeyFacts, Reading, TrailFacts } from '../trail/facts.ts';
import { because, statementLines } from './explanation.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** What a principal may do with the key of one trail. */
export interface PrincipalOfTrail {
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  /** `null` when the trail names no key. */
  readonly explanation: Reading<PrincipalExplanation> | null;
}

/** Who asks for what. */
interface Question {
  readonly principal: string;
  readonly action: string;
}

/** The explanations as JSON text. */
export function jsonPrincipal(question: Question, trails: readonly PrincipalOfTrail[]): string {
  const entries = trails.map(({ trail, key, explanation }) => ({
    trailArn: trail.arn,
    kmsKeyArn: key?.arn ?? null,
    answers: explanation?.read ? explanation.value.files.map((file) => answerOf(file, explanation.value)) : [],
    notRead: explanation?.read ? notRead(explanation.value) : [],
    unread: explanation === null ? NO_KEY : explanation.read ? null : explanation.reason,
  }));
  return `${JSON.stringify({ version: 1, ...question, trails: entries }, null, 1)}\n`;
}

const NO_KEY = 'the trail names no key';

const answerOf = (
  { file, outcome, decision, statements, resourceControlStatements }: FileExplanation,
  { iamAccount }: PrincipalExplanation,
) => ({
  file,
  decision: outcome,
  /** The account whose IAM policies have to allow it too, or alone where it is delegated. */
  iamAccount: outcome === 'denied' ? null : iamAccount,
  statements: decision.statements,
  dependsOn: decision.dependsOn,
  witnesses: outcome === 'unknown' ? decision.witnesses : null,
  reason: outcome === 'delegated' ? null : decision.reason,
  explanations: [...statements, ...resourceControlStatements],
});

/** What could take the access away and was not read. */
const notRead = ({ dependsOnBoundary, unexamined }: PrincipalExplanation): readonly string[] => [
  ...(dependsOnBoundary ? ['permissions-boundary'] : []),
  ...(unexamined === null ? [] : ['resource-control-policies']),
];

interface TextOptions {
  readonly colour: boolean;
  /** Characters in a line. */
  readonly width: number;
}

/** The explanations for a person: the answer for each kind of file, and the statements where it is not allowed. */
export function* textPrincipal(
  { principal, action }: Question,
  trails: readonly PrincipalOfTrail[],
  { colour, width }: TextOptions,
): Generator<string> {
  const colours = createColors(colour);
  for (const { trail, key, explanation } of trails) {
    yield `${colours.bold(printable(principal))}  ${action}\n`;
    yield `  trail ${printable(trail.arn)}\n`;
    if (key?.arn) yield `  key ${printable(key.arn)}\n`;
    yield '\n';
    if (explanation === null) yield '  The trail names no key: there is no policy to explain.\n\n';
    else if (!explanation.read) yield* block(`Nothing can be explained: ${explanation.reason}.`, '  ', width);
    else yield* answers(explanation.value, colours, width);
  }
}

function* answers(
  explanation: PrincipalExplanation,
  colours: ReturnType<typeof createColors>,
  width: number,
): Generator<string> {
  const { files, dependsOnBoundary, unexamined } = explanation;
  const paint = { allowed: colours.green, delegated: colours.green, denied: colours.red, unknown: colours.yellow };
  for (const group of grouped(files)) {
    const [file] = group;
    if (file === undefined) continue;
    const named = group.map((one) => (one.file === null ? 'the key' : `${one.file}s`)).join(' and ');
    yield `  ${colours.bold(named)}: ${paint[file.outcome](file.outcome)}\n`;
    yield* block(inWords(file, explanation), '    ', width);
    if (file.outcome === 'allowed' || file.outcome === 'delegated') continue;
    for (const statement of file.statements) yield* statementLines(statement, '', colours, width);
    for (const statement of file.resourceControlStatements)
      yield* statementLines(statement, 'resource control policy, ', colours, width);
  }
  if (dependsOnBoundary)
    yield* block('A permissions boundary of the principal was not read, and may deny it.', '  ', width);
  if (unexamined !== null) yield* block(`Resource control policies were not examined: ${unexamined}.`, '  ', width);
  yield '\n';
}

/** Kinds of file for which everything is said in the same words, together. */
function grouped(files: readonly FileExplanation[]): readonly (readonly FileExplanation[])[] {
  const groups = new Map<string, readonly FileExplanation[]>();
  for (const file of files) {
    const id = JSON.stringify([file.outcome, file.decision, file.statements, file.resourceControlStatements]);
    groups.set(id, [...(groups.get(id) ?? []), file]);
  }
  return [...groups.values()];
}

function inWords({ outcome, decision }: FileExplanation, { iamAccount }: PrincipalExplanation): string {
  const by = decision.statements.map((name) => `\`${name}\``).join(', ');
  if (outcome === 'delegated') return `${by} leaves it to the IAM policies of account ${iamAccount}`;
  if (outcome !== 'allowed') return because({ decision, refusal: null });
  return iamAccount === null
    ? `by ${by}`
    : `by ${by}, and the IAM policies of account ${iamAccount} have to allow it too`;
}

function* block(text: string, margin: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), Math.max(40, width - margin.length))) yield `${margin}${line}\n`;
}
