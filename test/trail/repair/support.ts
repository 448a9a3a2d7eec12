import { authorize } from '../../../src/policy/authorize.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../../src/policy/parse.ts';
import { policyRefusals } from '../../../src/policy/policyRefusals.ts';
import { type AccessRequest, present } from '../../../src/policy/request.ts';
import { evaluateTrail } from '../../../src/trail/evaluateTrail.ts';
import { type KeyFacts, read } from '../../../src/trail/facts.ts';
import type { CheckId, FindingStatus } from '../../../src/trail/finding.ts';
import { applyEdits } from '../../../src/trail/repair/document.ts';
import type { RepairOptions, RepairPlan, RepairSubject, StatementEdit } from '../../../src/trail/repair/plan.ts';
import { planRepairs } from '../../../src/trail/repair/planRepairs.ts';
import type { PolicyDocument } from '../../../src/trail/statements.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from '../cases.ts';

/** One key and its trails: the first case's key serves all. */
export interface RepairCase extends TrailCase {
  /** Further trails of the key: what differs from the first. */
  readonly more?: readonly Pick<TrailCase, 'trailArn' | 'trail' | 'bucket'>[];
  readonly dedicatedKeys?: boolean;
  readonly knownTrails?: readonly string[];
}

export function subjectsOf(given: RepairCase): readonly RepairSubject[] {
  const key = keyFacts(given);
  const checks = checkOptions(given);
  return [given, ...(given.more ?? []).map((other) => ({ ...given, ...other }))].map((one) => {
    const trail = trailFacts({
      ...one,
      key: given.key === null ? null : { ...given.key, reference: key?.reference ?? '' },
    });
    return { trail, key, findings: evaluateTrail(trail, key, checks) };
  });
}

export function optionsOf(given: RepairCase): RepairOptions {
  return {
    checks: checkOptions(given),
    dedicatedKeys: given.dedicatedKeys ?? false,
    chosenKeys: new Map(),
    knownTrails: [...subjectsOf(given).map(({ trail }) => trail.arn), ...(given.knownTrails ?? [])],
    considers: () => true,
  };
}

const plans = new WeakMap<RepairCase, RepairPlan>();

/** The plan of a case, made once. */
export function planOf(given: RepairCase): RepairPlan {
  const plan = plans.get(given) ?? planRepairs(subjectsOf(given), optionsOf(given))[0]!;
  plans.set(given, plan);
  return plan;
}

/** The subjects as they are when the plan's policy is in force. */
export function withPolicy(subjects: readonly RepairSubject[], policy: unknown, checks: RepairOptions['checks']) {
  return subjects.map(({ trail, key }) => {
    const changed: KeyFacts = { ...key!, policy: read(parseKeyPolicy(policy)) };
    return { trail, key: changed, findings: evaluateTrail(trail, changed, checks) };
  });
}

/** Statuses by trail and check. */
export const statusesOf = (subjects: readonly RepairSubject[]): ReadonlyMap<string, FindingStatus> =>
  new Map(
    subjects.flatMap(({ trail, findings }) =>
      findings.map(({ check, status }): [string, FindingStatus] => [`${trail.arn} ${check}`, status]),
    ),
  );

const FIXABLE: readonly CheckId[] = [
  'cloudtrail-can-encrypt',
  'cloudtrail-can-describe',
  'cloudtrail-can-decrypt',
  'other-trails-excluded',
  'service-least-privilege',
  'policy-well-formed',
];

/** Trails and checks that pass under a policy. */
function passing(given: RepairCase, policy: unknown): readonly string[] {
  const statuses = statusesOf(withPolicy(subjectsOf(given), policy, checkOptions(given)));
  return [...statuses].filter(([, status]) => status === 'pass').map(([id]) => id);
}

/**
 * Edits without which every check passes that passes with the whole plan: there must be none. An added Deny is there for
 * those whom it keeps out, and some edits are there so that KMS takes the policy.
 */
export function needlessEdits(given: RepairCase, plan: RepairPlan): readonly StatementEdit[] {
  const { before, policyEdits } = plan.work!;
  const document = before.document as PolicyDocument;
  const whole = passing(given, plan.policy).filter((id) => FIXABLE.some((check) => id.endsWith(check)));
  return policyEdits.filter((edit) => {
    if (edit.index === null && edit.statement?.Effect === 'Deny') return false;
    const without = applyEdits(
      document,
      policyEdits.filter((one) => one !== edit),
    );
    if (policyRefusals(without).length > 0) return false;
    const still = passing(given, without);
    return whole.every((id) => still.includes(id));
  });
}

export function parsed(policy: unknown): KeyPolicy {
  const parse = parseKeyPolicy(policy);
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
}

const allows = (policy: KeyPolicy, request: AccessRequest): boolean => {
  const { outcome } = authorize(policy, request);
  return outcome === 'allowed' || outcome === 'delegated';
};

/** A request of CloudTrail for one of the trails. */
function isIntended({ principal, context }: AccessRequest, trailArns: readonly string[]): boolean {
  const source = Object.entries(context).find(([name]) => name.toLowerCase() === 'aws:sourcearn')?.[1];
  const isCloudTrail = 'service' in principal && principal.service === 'cloudtrail.amazonaws.com';
  return isCloudTrail && source?.is === 'present' && trailArns.includes(String(source.value));
}

/** What a sampled request shows of two policies: gained or lost though it is neither meant nor listed. */
export function strayFrom(plan: RepairPlan, request: AccessRequest): 'gain' | 'loss' | null {
  const { before, policyEdits } = plan.work!;
  const after = parsed(plan.policy);
  const [was, is] = [allows(before, request), allows(after, request)];
  if (is && !was) return isIntended(request, plan.trailArns) ? null : 'gain';
  if (!was || is) return null;
  const listed = parsed({
    ...(before.version === null ? {} : { Version: before.version }),
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
      ...policyEdits.flatMap(({ loses }) => loses),
    ],
  });
  return allows(listed, request) ? 'loss' : null;
}

/** A request in which every key is known. */
export function knownRequest(
  principal: AccessRequest['principal'],
  action: string,
  resource: string,
  values: Readonly<Record<string, string>>,
): AccessRequest {
  const isService = 'service' in principal;
  const context = {
    'aws:PrincipalIsAWSService': isService ? 'true' : 'false',
    ...(isService ? { 'aws:PrincipalServiceName': principal.service } : {}),
    ...values,
  };
  return {
    principal,
    action,
    resource,
    context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, present(value)])),
    otherKeys: 'absent',
  };
}
