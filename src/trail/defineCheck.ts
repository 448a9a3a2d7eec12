import type { Check, CheckDocument, CheckOptions } from './check.ts';
import { type CheckResult, notApplicable, undecided } from './checkResult.ts';
import { contradicted, deliveryEvidence, shownByDelivery } from './deliveryEvidence.ts';
import type { KeyFacts, KeyMetadata, Reading, TrailFacts } from './facts.ts';
import { type KeyPolicySubject, keyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { editPolicy, readIt } from './remedies.ts';

export type DecideTrail = (trail: TrailFacts, key: KeyFacts | null, options: CheckOptions) => CheckResult;
type DecideKey = (trail: TrailFacts, key: KeyFacts, options: CheckOptions) => CheckResult;

/** A check from its document and the function that decides it. */
export function defineCheck<const Id extends string>(document: CheckDocument<Id>, decide: DecideTrail): Check<Id> {
  return {
    ...document,
    evaluate: (trail, key, options) => {
      const { status, message, brief, remedy, evidence } = decide(trail, key, options);
      const finding = { check: document.id, severity: document.severity, status, message, remedy, evidence };
      return brief === undefined ? finding : { ...finding, brief };
    },
  };
}

/** Not applicable to a trail that names no key. */
export const whenEncrypted =
  (decide: DecideKey): DecideTrail =>
  (trail, key, options) =>
    key === null ? notApplicable('the trail names no KMS key') : decide(trail, key, options);

/** Not applicable when the key does not exist; unknown when nobody knows whether it does and delivery does not show it. */
export const whenKeyExists = (decide: DecideKey): DecideTrail =>
  whenEncrypted((trail, key, options) => {
    const exists = existenceOf(key);
    if (!exists.read && deliveryEvidence(trail, key, options) === null) {
      return undecided(`nobody knows whether the key exists: ${exists.reason}`, readIt(exists));
    }
    if (exists.read && !exists.value) return notApplicable(`the key \`${key.reference}\` does not exist`);
    return decide(trail, key, options);
  });

/** Unknown when the key's metadata could not be read. */
export const whenMetadataRead = (
  decide: (metadata: KeyMetadata, trail: TrailFacts, key: KeyFacts, options: CheckOptions) => CheckResult,
): DecideTrail =>
  whenKeyExists((trail, key, options) => {
    if (!key.metadata.read)
      return undecided(`the key could not be described: ${key.metadata.reason}`, readIt(key.metadata));
    const result = decide(key.metadata.value, trail, key, options);
    return recorded(result, key.metadata.capturedAt);
  });

/**
 * Unknown when the key's policy could not be read or is not valid.
 *
 * @param unread what becomes of that unknown
 */
export const whenPolicyRead = (
  decide: (subject: KeyPolicySubject) => CheckResult,
  unread: (unknown: CheckResult, trail: TrailFacts, key: KeyFacts, options: CheckOptions) => CheckResult = (unknown) =>
    unknown,
): DecideTrail =>
  whenKeyExists((trail, key, options) => {
    const subject = keyPolicySubject(trail, key, options);
    if (!subject.read)
      return unread(undecided(subject.reason, key.policy.read ? FIX_IT : readIt(subject)), trail, key, options);
    return recorded(decide(newQuestion(subject.value)), subject.capturedAt);
  });

/**
 * What nobody could read is settled as a pass where recent delivery proves that the key works; a definite failure that
 * delivery contradicts says so.
 *
 * @param stopsDelivery whether a failure means that nothing can be delivered now
 */
export const unlessDelivered = (
  decide: DecideKey,
  stopsDelivery: (key: KeyFacts) => boolean = () => true,
): DecideTrail =>
  whenEncrypted((trail, key, options) => {
    const result = decide(trail, key, options);
    if (result.status !== 'unknown' && result.status !== 'fail') return result;
    const proof = deliveryEvidence(trail, key, options);
    if (proof === null) return result;
    if (result.status === 'unknown') return shownByDelivery(proof, result);
    return stopsDelivery(key) ? contradicted(result, proof, 'the key') : result;
  });

/** Whether the key exists. What could be read live exists, whatever DescribeKey said. */
export function existenceOf(key: KeyFacts): Reading<boolean> {
  if (key.exists.read) return key.exists;
  const readLive = [key.metadata, key.policy].some((reading) => reading.read && reading.capturedAt === undefined);
  return readLive ? { read: true, value: true } : key.exists;
}

/** For policies that were read and cannot be evaluated. */
const FIX_IT = editPolicy({ edit: 'make-evaluable' });

export function recorded(result: CheckResult, capturedAt: Date | undefined): CheckResult {
  if (capturedAt === undefined) return result;
  return { ...result, evidence: { ...result.evidence, capturedAt: capturedAt.toISOString() } };
}
