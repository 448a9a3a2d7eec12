import { type Fault, isSurvivable, type Plan } from './plan.ts';

/**
 * What must hold in every run, decided from the world that stands behind the faults. It shares no code with `src`.
 *
 * (a) no wrong verdict; (b) trouble with AWS is no verdict; (c) success means that everything was done; (d) what no
 * lasting fault touched is done all the same; (e) the process lives on, and the next invocation is right; (f) what is
 * said of a write agrees with what was written; (g) what passes by itself within the SDK's attempts is survived.
 */
export interface Judged {
  /** Everything that was asked for was done. */
  readonly isDone: boolean;
  /** Rules that were broken, one sentence each. */
  readonly wrong: readonly string[];
  /** The words of verdicts that no denial touched, by resource: they must be those of a run without faults. */
  readonly said: ReadonlyMap<string, string>;
}

export interface Expected {
  readonly id: string;
  /** The verdict that it deserves, or what else is to be done about it. */
  readonly truth: string;
  /** Every request that its verdict takes. */
  readonly needs: readonly string[];
  /** A request without which the failure cannot be seen, and that need not be allowed. */
  readonly hiddenBy?: RegExp;
  /** A request without which nobody knows of it, and that need not be allowed. */
  readonly unseenBy?: RegExp;
}

export interface Sent {
  readonly id: string;
  readonly type: string;
  readonly annotation: string;
}

/** Answers of AWS's own that leave a fact unread rather than a request unanswered. */
const UNREAD: ReadonlySet<string> = new Set(['denied', 'empty', 'wrong content']);

/** Requests of which no verdict of these worlds comes: throttled for ever, they leave a fact unread, and a verdict all the same. */
const LESSER = /^(s3 GetBucketEncryption|kms GetKeyRotationStatus|kms ListAliases) /;

export function judgeVerdicts(
  expected: readonly Expected[],
  sent: readonly Sent[],
  plan: Plan,
  succeeded: boolean,
): Judged {
  const problems = new Map<string, string[]>();
  const add = (problem: string, example: string) => problems.set(problem, [...(problems.get(problem) ?? []), example]);
  const said = new Map<string, string>();
  const known = new Set(expected.map(({ id }) => id));
  for (const { id } of sent) if (!known.has(id)) add('(a) a verdict on what is not to be judged', id);
  for (const each of expected) {
    const faults = faultsOf(each.needs, plan);
    const verdicts = sent.filter(({ id }) => id === each.id);
    for (const verdict of verdicts) {
      const problem = problemOf(verdict, each, plan);
      if (problem !== null) add(problem, `${each.id} is ${each.truth}, sent ${shown(verdict)}`);
      else if (!each.needs.some((request) => leavesUnread(request, plan))) said.set(each.id, verdict.annotation);
    }
    if (verdicts.length > 0) continue;
    if (isDenied(each, plan, each.unseenBy)) continue;
    if (succeeded) add('(c) success, and no verdict', each.id);
    else if (faults.every(isSurvivable)) add('(d) no verdict, and no lasting fault touched it', each.id);
  }
  const wrong = [...problems].map(([problem, examples]) => `${problem}: ${some(examples)}`);
  return { isDone: succeeded && wrong.length === 0, wrong, said };
}

const some = (examples: readonly string[]): string =>
  examples.length > 3 ? `${examples.slice(0, 3).join(', ')} and ${examples.length - 3} more` : examples.join(', ');

function problemOf({ type, annotation }: Sent, expected: Expected, plan: Plan): string | null {
  const { truth, needs, hiddenBy } = expected;
  const faults = faultsOf(needs, plan);
  if (annotation.startsWith('UNDECIDED:')) {
    const isUnread = truth !== 'NOT_APPLICABLE' && faults.some(({ kind }) => UNREAD.has(kind));
    return type === 'NON_COMPLIANT' && isUnread ? null : '(b) trouble became a verdict';
  }
  if (type === truth) return null;
  const hidden = isDenied(expected, plan, hiddenBy);
  return type === 'COMPLIANT' && truth === 'NON_COMPLIANT' && hidden ? null : '(a) a wrong verdict';
}

/** Whether a finding may say that something is not known. */
function leavesUnread(request: string, plan: Plan): boolean {
  const kind = plan.get(request)?.kind;
  return kind !== undefined && (UNREAD.has(kind) || (kind === 'throttling' && LESSER.test(request)));
}

const isDenied = ({ needs }: Expected, plan: Plan, which: RegExp | undefined): boolean =>
  needs.some((request) => which?.test(request) === true && plan.get(request)?.kind === 'denied');

const faultsOf = (requests: readonly string[], plan: Plan): readonly Fault[] =>
  requests.flatMap((request) => plan.get(request) ?? []);

const shown = ({ type, annotation }: Sent): string => `${type} (${annotation.slice(0, 120)})`;

/** Of two runs in one world the words must be the same. */
export function differences(said: Judged['said'], without: Judged['said']): readonly string[] {
  return [...said].flatMap(([id, text]) => {
    const other = without.get(id);
    return other === undefined || other === text
      ? []
      : [`(b) under a fault \`${id}\` got "${text}", without it "${other}"`];
  });
}
