import type { DeploymentFinding, DeploymentVerdict } from '../../iac/deploymentVerdict.ts';
import { clip } from '../../rule/evaluate/annotation.ts';
import type { Severity } from '../../trail/finding.ts';
import type { HookTarget } from './hookInvocation.ts';

/**
 * What the function of a Lambda Hook answers.
 *
 * Source: AWS CloudFormation Hooks User Guide, Create Lambda functions to evaluate resources for Lambda Hooks.
 */
export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  /** Only with `FAILED`. */
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly clientRequestToken: string;
}

/** What an answer says; the token is added by the handler. */
export type HookOutcome = Omit<HookAnswer, 'clientRequestToken'>;

/** Characters that CloudFormation keeps of a message, and that the Cloud Control API keeps (the page named above). */
export const MESSAGE_LENGTH = { cloudFormation: 4096, cloudControl: 1024 } as const;
/** Of a further problem at least this much is told, or nothing but that there is one; in characters. */
const LEAST_PROBLEM = 160;
/** Room for `; and 12 more problems`. */
const TAIL = 24;
/** So many problems share what room there is; those after them get what is left. */
const SHARING = 4;

export const success = (message: string, length: number): HookOutcome => ({
  hookStatus: 'SUCCESS',
  message: clip(message, length),
});

export const internalFailure = (message: string, length: number): HookOutcome => ({
  hookStatus: 'FAILED',
  errorCode: 'InternalFailure',
  message: clip(message, length),
});

/** FAILED for definite failures, and for undecided trails where those are not compliant; otherwise SUCCESS. */
export function outcomeOf(
  verdict: DeploymentVerdict,
  target: HookTarget,
  minimumSeverity: Severity,
  length: number,
): HookOutcome {
  const problems = [...verdict.blocking.map(problem), ...verdict.undecided];
  if (problems.length === 0) return success(accepted(verdict, target, minimumSeverity), length);
  return { hookStatus: 'FAILED', errorCode: 'NonCompliant', message: listed(problems, length) };
}

function problem({ resources, check, severity, message, remediation }: DeploymentFinding): string {
  const said = message.replace(/[.;]+$/, '');
  const advice = remediation === '' ? '' : ` What to do: ${remediation}`;
  return `${named(resources)}: ${check} (${severity}): ${said}.${advice}`;
}

/** As many problems as there is room for, the gravest first, each with what to do. */
function listed(problems: readonly string[], length: number): string {
  const [only, ...others] = problems;
  if (others.length === 0) return clip(only ?? '', length);
  let text = '';
  for (const [index, each] of problems.entries()) {
    const left = problems.length - index;
    const room = length - text.length - TAIL;
    if (index > 0 && room < LEAST_PROBLEM) return `${text} And ${left} more.`;
    const share = Math.max(LEAST_PROBLEM, Math.floor(room / Math.min(left, SHARING))) - 1;
    text += `${index === 0 ? '' : ' '}${clip(`(${index + 1}) ${each}`, share)}`;
  }
  return text;
}

function accepted(verdict: DeploymentVerdict, target: HookTarget, minimumSeverity: Severity): string {
  const { trails, keys, otherKeys, conditional, advisory, lesser, unknown, excepted, notes } = verdict;
  const evaluated = [...trails, ...keys];
  const parts =
    evaluated.length === 0
      ? [nothing(target, otherKeys)]
      : advisory.length === 0
        ? [`no definite failure of ${minimumSeverity} or above in ${named(evaluated)}`]
        : [
            `nothing that decides fails at ${minimumSeverity} or above in ${named(evaluated)}`,
            `advisory or excepted: ${advisory.map(problem).join(' ')}`,
          ];
  if (conditional.length > 0) parts.push(`only where its condition holds: ${conditional.map(problem).join(' ')}`);
  if (excepted.length > 0) parts.push(excepted.join('; '));
  if (lesser.length > 0) parts.push(`below that: ${lesser.map(problem).join(' ')}`);
  if (unknown.length > 0) parts.push(`not known before deployment: ${open(unknown)}`);
  return [...parts, ...notes].join('; ');
}

function nothing(target: HookTarget, otherKeys: readonly string[]): string {
  if (otherKeys.length > 0)
    return `not used for CloudTrail as far as the policy shows, so not evaluated: ${named(otherKeys)}`;
  return target.is === 'resource'
    ? notEvaluated(target.type)
    : `no trail and no key for CloudTrail in the ${target.is}`;
}

export const notEvaluated = (type: string): string =>
  `\`${type}\` is neither \`AWS::CloudTrail::Trail\` nor \`AWS::KMS::Key\`: nothing to evaluate`;

/** The checks that are open, by the resources that they are about. */
function open(unknown: readonly DeploymentFinding[]): string {
  const checks = new Map<string, string[]>();
  for (const { check, resources } of unknown) {
    const of = named(resources);
    checks.set(of, [...(checks.get(of) ?? []), check]);
  }
  return [...checks].map(([of, names]) => `${names.join(', ')} of ${of}`).join('; ');
}

/** At most this many names in one list. */
const NAMES_SHOWN = 6;

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `\`${name}\``);
  return names.length > NAMES_SHOWN ? `${shown.join(', ')} and ${names.length - NAMES_SHOWN} more` : shown.join(', ');
}
