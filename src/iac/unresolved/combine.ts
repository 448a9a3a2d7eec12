import type { Finding, FindingStatus } from '../../trail/finding.ts';
import { inWords, type Reference } from '../reference.ts';
import type { Axis } from './enumerate.ts';

/** What the checks found in one world. */
interface WorldFindings {
  /** For each axis the index of its choice. */
  readonly indices: readonly number[];
  readonly findings: readonly Finding[];
}

/** Gravest first: what a reader must know is what may go wrong. */
const GRAVITY: readonly FindingStatus[] = ['fail', 'unknown', 'pass', 'not-applicable'];

/** The one finding of a check from those of all worlds. */
interface Combined {
  readonly finding: Finding;
  /** It fails for certain under some values of one parameter. */
  readonly failsSomewhere: boolean;
}

/**
 * One finding a check from those of all worlds: the same answer everywhere is the answer; otherwise nobody can say, and
 * the references that it depends on are named. Where not every world was evaluated, the same answer proves nothing.
 *
 * @param outcomes at least one, the plainest world first
 */
export function combine(
  outcomes: readonly WorldFindings[],
  axes: readonly Axis[],
  complete: boolean,
  lookup: (id: string) => Reference,
): readonly Combined[] {
  const [plainest] = outcomes;
  return (plainest?.findings ?? []).map((plain, at) => {
    const all = outcomes.flatMap(({ findings }) => findings[at] ?? []);
    if (all.every(({ status }) => status === plain.status)) {
      if (plain.status === 'unknown') return certain(plain);
      const names = namesOpenIn(plain, axes);
      if (names.length > 0) return certain(open(plain, all, names.map(lookup)));
      return certain(complete ? plain : notAllTried(plain, axes, lookup));
    }
    const gravest = GRAVITY.flatMap((status) => all.find((finding) => finding.status === status) ?? [])[0] ?? plain;
    const finding = open(gravest, all, decidingIds(outcomes, axes, at).map(lookup));
    const where = complete && gravest.status === 'fail' ? whereItFails(outcomes, axes, at, lookup) : null;
    if (where === null) return certain(finding);
    const message = `fails ${where}: ${gravest.message}`;
    return { finding: { ...finding, message, brief: message }, failsSomewhere: true };
  });
}

const certain = (finding: Finding): Combined => ({ finding, failsSomewhere: false });

function open(gravest: Finding, all: readonly Finding[], references: readonly Reference[]): Finding {
  const names = references.map(({ name }) => name);
  const are = names.length === 1 ? 'is' : 'are';
  const best = all.some(({ status }) => status === 'pass') ? '' : ', though it passes in no case';
  const worst = gravest.status === 'pass' ? 'where it applies' : 'at worst';
  const open = `${inWords(names)} ${are} not resolved`;
  return {
    ...gravest,
    status: 'unknown',
    message: `${open}, and it depends on ${names.length === 1 ? 'it' : 'them'}${best}; ${worst}: ${gravest.message}`,
    brief: `${open}; ${worst}: ${gravest.brief ?? gravest.message}`,
    remedy: [[{ do: 'settle', by: [...new Set(references.map(({ settledBy }) => settledBy))] }]],
    evidence: {
      statements: [...new Set(all.flatMap(({ evidence }) => evidence.statements))],
      dependsOn: [...new Set([...names, ...all.flatMap(({ evidence }) => evidence.dependsOn)])],
    },
  };
}

/**
 * Which accounts a policy names is no matter of more or less access: an open reference may name one that nothing else
 * names. The answer holds only where the policy has none.
 */
function namesOpenIn({ check, status }: Finding, axes: readonly Axis[]): readonly string[] {
  if (check !== 'named-accounts-trusted' || status === 'not-applicable') return [];
  return axes.filter(({ choices }) => choices.some(({ is }) => is === 'bound')).flatMap(({ ids }) => ids);
}

function notAllTried(plain: Finding, axes: readonly Axis[], lookup: (id: string) => Reference): Finding {
  const names = axes.flatMap(({ ids }) => ids).map((id) => lookup(id).name);
  return {
    ...plain,
    status: 'unknown',
    message: `more references are not resolved than can be tried: ${inWords(names)}`,
    remedy: [[{ do: 'settle', by: ['options'] }]],
    evidence: { ...plain.evidence, dependsOn: names },
  };
}

/** "where `Env` is `dev`": values of one parameter under which a check fails whatever the rest is; `null`: there is no such parameter. */
function whereItFails(
  outcomes: readonly WorldFindings[],
  axes: readonly Axis[],
  check: number,
  lookup: (id: string) => Reference,
): string | null {
  for (const [at, { ids, choices }] of axes.entries()) {
    const [id = '', ...others] = ids;
    if (others.length > 0 || lookup(id).settledBy !== 'parameter') continue;
    const fails = (index: number): boolean =>
      outcomes.every(({ indices, findings }) => indices[at] !== index || findings[check]?.status === 'fail');
    const values = (failing: boolean): string =>
      choices
        .flatMap((choice, index) => (choice.is === 'text' && fails(index) === failing ? [`\`${choice.text}\``] : []))
        .join(' or ');
    const name = `\`${lookup(id).name}\``;
    if (choices.some(({ is }, index) => is === 'itself' && fails(index)) && values(false) !== '')
      return `unless ${name} is ${values(false)}`;
    if (values(true) !== '') return `where ${name} is ${values(true)}`;
  }
  return null;
}

/** References of axes along which alone the status changes; those of every axis where it changes along no single one. */
function decidingIds(outcomes: readonly WorldFindings[], axes: readonly Axis[], check: number): readonly string[] {
  const deciding = axes.filter((_, at) => {
    const statuses = new Map<string, FindingStatus>();
    return outcomes.some(({ indices, findings }) => {
      const others = indices.toSpliced(at, 1).join(' ');
      const status = findings[check]?.status;
      const known = statuses.get(others);
      if (known === undefined && status !== undefined) statuses.set(others, status);
      return known !== undefined && known !== status;
    });
  });
  return (deciding.length > 0 ? deciding : axes).flatMap(({ ids }) => ids);
}
