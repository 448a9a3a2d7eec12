/**
 * The library: the key-policy engine and the checks, without AWS, a clock or the file system.
 *
 * - `parseKeyPolicy` reads a key policy once; `authorize` decides requests by it, and says what decided.
 * - `evaluateTrail` gives every check's finding on one trail and its key, from facts that the caller has read;
 *   `remediationOf` says what to do about one.
 *
 * Everything is pure, and nothing is thrown for what a policy holds.
 */
import type { CheckOptions } from './trail/finding.ts';

export { authorize } from './policy/authorize.ts';
export type {
  Decision,
  Mismatch,
  PolicyIssue,
  StatementExplanation,
  World,
} from './policy/decision.ts';
export { explain } from './policy/explain.ts';
export { type KeyPolicy, type KeyPolicyParse, parseKeyPolicy } from './policy/parse.ts';
export { type PolicyRefusal, type PolicyWriter, policyRefusals, type RefusalCode } from './policy/policyRefusals.ts';
export {
  type AccessRequest,
  absent,
  type KeyState,
  matching,
  type Principal,
  present,
  unknown,
} from './policy/request.ts';
export type {
  Condition,
  GrammarCode,
  GrammarError,
  PatternElement,
  PrincipalElement,
  Statement,
} from './policy/statement.ts';
export { evaluateTrail } from './trail/evaluateTrail.ts';
export {
  type BucketEncryption,
  type BucketFacts,
  type KeyFacts,
  type KeyMetadata,
  type KeyRotation,
  type KnownChanges,
  type PlannedPolicy,
  type Read,
  type Reading,
  read,
  type TrailDescription,
  type TrailFacts,
  type TrailStatus,
  type Unread,
  type UnreadCode,
  unread,
} from './trail/facts.ts';
export type { CheckId, CheckOptions, Evidence, Finding, FindingStatus, Severity } from './trail/finding.ts';
export type { Grant } from './trail/grant.ts';
export type { PolicyEdit } from './trail/remedy/policyEdits.ts';
export { type Remedy, remediationOf } from './trail/remedy/remedy.ts';
export type { RemedyStep } from './trail/remedy/steps.ts';

/** What the checks ask for where a rule has no parameters. */
export const defaultCheckOptions: CheckOptions = {
  allowedKmsKeys: null,
  trustedAccounts: [],
  trustedOrganizations: null,
  requireKeyRotation: false,
  requiredReaders: [],
  deliveryEvidenceHours: 6,
  deliveryWindowHours: 24,
};
