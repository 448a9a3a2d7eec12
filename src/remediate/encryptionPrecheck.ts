import { authorize } from '../policy/authorize.ts';
import { present } from '../policy/request.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import { callerRequest, namedCaller } from '../trail/adversaries.ts';
import { checkOf } from '../trail/checks/index.ts';
import { TRAIL_CONTEXT_KEY } from '../trail/cloudTrail.ts';
import { evaluateTrail } from '../trail/evaluateTrail.ts';
import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { CheckId } from '../trail/finding.ts';
import { keyPolicySubject } from '../trail/keyPolicySubject.ts';
import { rank } from '../trail/severity.ts';
import { failuresOf, type LiveTrails, RemediationStopped } from './remediation.ts';

/** Users and roles: a session or a whole account is nobody who was named. */
const READER = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

/**
 * Proves that a trail without a key can be given one: CloudTrail can encrypt with it, and everybody named can read.
 *
 * @throws RemediationStopped with the first reason why not; an unknown is a reason too
 */
export function checkEncryption(
  { subject, exceptions }: LiveTrails,
  key: KeyFacts,
  readers: readonly string[],
  parameters: RuleParameters,
): void {
  const { arn } = subject.trail;
  if (failuresOf(subject, ['trail-encrypted'], parameters, exceptions).length === 0)
    throw new RemediationStopped(`\`trail-encrypted\` does not fail for \`${arn}\`, or is excepted`);
  // Deliveries without a key prove nothing about this one.
  const options = { ...checkOptions(parameters), deliveryEvidenceHours: 0 };
  const trail: TrailFacts = { ...subject.trail, kmsKeyId: key.arn ?? key.reference };
  for (const { check, status, severity, message } of evaluateTrail(trail, key, options)) {
    if (OF_DELIVERIES.has(check)) continue;
    const { isDecisive, isNeededToTakeKey = false } = checkOf(check);
    const blocks =
      (status === 'fail' && (rank(severity) <= rank(parameters.minimumSeverity) || isNeededToTakeKey)) ||
      (status === 'unknown' && (isDecisive || isNeededToTakeKey));
    if (blocks) throw new RemediationStopped(`with this key \`${check}\` would not pass: ${message}`);
  }
  if (readers.length === 0) throw new RemediationStopped('no reader is named: name who must be able to read the logs');
  for (const reader of readers) checkReader(reader, trail, key, options);
}

/** What is so of the trail whatever key it has. */
const OF_DELIVERIES: ReadonlySet<CheckId> = new Set(['trail-logging', 'log-delivery-healthy']);

function checkReader(reader: string, trail: TrailFacts, key: KeyFacts, options: ReturnType<typeof checkOptions>): void {
  if (!READER.test(reader))
    throw new RemediationStopped(`the reader is \`${reader}\`, accepted is the ARN of an IAM role or user`);
  const subject = keyPolicySubject(trail, key, options);
  if (!subject.read) throw new RemediationStopped(`whether \`${reader}\` may decrypt is not known: ${subject.reason}`);
  const request = callerRequest(subject.value, namedCaller(subject.value, reader), 'kms:Decrypt');
  const context = { ...request.context, [TRAIL_CONTEXT_KEY]: present(trail.arn) };
  const { outcome } = authorize(subject.value.policy, { ...request, context }, subject.value.resourceControlPolicies);
  if (outcome !== 'allowed')
    throw new RemediationStopped(`\`${reader}\` ${WHY[outcome]}: let it decrypt by a statement of the key policy`);
}

const WHY = {
  denied: 'may not decrypt with the key',
  delegated: 'may decrypt only if the IAM policies of its account say so, which nothing here proves',
  unknown: 'may decrypt in some requests and not in others',
} as const;
