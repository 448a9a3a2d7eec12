import { createHash } from 'node:crypto';
import { textsOf } from '../../remediate/steps.ts';
import type { PolicyComparison } from '../../trail/compare/comparePolicies.ts';
import type { AccessDifference } from '../../trail/compare/excess.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { accessOf } from '../../trail/repair/planAccess.ts';

/**
 * What a runbook shows to whoever approves, at once. `aws:approve` takes 4,096 characters (AWS Systems Manager User Guide,
 * "aws:approve"), the runbook's own words among them; the answer of the step before it has the rest.
 */
interface PlanAnswer {
  readonly keyArn: string | null;
  /** The first ones; `trails` counts all. */
  readonly trailArns: readonly string[];
  readonly trails: number;
  readonly digest: string;
  /** What access the plan gives and takes. */
  readonly access: string;
  readonly changes: string;
  /** The whole policy that results, or where it is shown. */
  readonly policy: unknown;
}

/** The policy that results and what access changes, whole. */
interface ShownPlan {
  readonly keyArn: string | null;
  readonly digest: string;
  readonly policy: unknown;
  readonly access: PolicyComparison | null;
}

/** Characters of the answer as JSON: the runbook's own words and the trail's name take up to 700 more. */
const ANSWER_LENGTH = 3_300;
/** At most: an ARN with a name of 128 characters takes about 180. */
const SHOWN_TRAILS = 6;
const ACCESS_LENGTH = 700;
const CHANGES_LENGTH = 1_100;
const ELSEWHERE = 'the step Show has it all';

export function planAnswer(plan: RepairPlan): PlanAnswer {
  const { keyArn, trailArns, edits } = plan;
  const changes = edits.map(({ statement, change, message }) => `${change} ${statement ?? ''}: ${message}`).join('; ');
  const answer = {
    keyArn,
    trailArns: trailArns.slice(0, SHOWN_TRAILS),
    trails: trailArns.length,
    digest: digestOf(plan),
    access: cut(accessInWords(accessOf(plan)), ACCESS_LENGTH),
    changes: cut(changes, CHANGES_LENGTH),
  };
  const policy = policyOf(plan);
  const isShort = JSON.stringify({ ...answer, policy }).length <= ANSWER_LENGTH;
  return { ...answer, policy: isShort ? policy : ELSEWHERE };
}

export const shownPlan = (plan: RepairPlan): ShownPlan => ({
  keyArn: plan.keyArn,
  digest: digestOf(plan),
  policy: policyOf(plan),
  access: accessOf(plan),
});

/** As it will be written. */
const policyOf = (plan: RepairPlan): unknown => JSON.parse(textsOf(workOf(plan)).after);

/** Binds an approval to the key, to its policy as it is, and to its policy as it will be. */
export function digestOf(plan: RepairPlan): string {
  const { before, after } = textsOf(workOf(plan));
  return createHash('sha256')
    .update(JSON.stringify([plan.keyArn, before, after]))
    .digest('hex');
}

function workOf({ work }: RepairPlan) {
  if (work === null) throw new Error('a repaired plan has its work');
  return work;
}

function accessInWords(access: PolicyComparison | null): string {
  if (access === null) return 'equal';
  const { relation, gained, lost, reason } = access;
  const parts = [
    reason ?? '',
    gained.length === 0 ? '' : `gained: ${gained.map(inWords).join(', ')}`,
    lost.length === 0 ? '' : `lost: ${lost.map(inWords).join(', ')}`,
  ];
  return [relation, ...parts.filter((part) => part !== '')].join('; ');
}

const inWords = ({ action, principal, statements }: AccessDifference): string =>
  `${action} for ${'AWS' in principal ? principal.AWS : principal.Service} by ${statements.join(' and ')}`;

/** As many characters of JSON as there is place for. */
function cut(text: string, length: number): string {
  if (lengthInJson(text) <= length) return text;
  const more = ` ... (${ELSEWHERE})`;
  let end = Math.min(text.length, length - more.length);
  while (lengthInJson(text.slice(0, end)) > length - more.length) end -= 10;
  return `${text.slice(0, end)}${more}`;
}

const lengthInJson = (text: string): number => JSON.stringify(text).length - 2;
