import type { KeyPolicy } from '../policy/parse.ts';
import { withoutRefusedAllows } from '../policy/refused.ts';
import { type Work, workFor } from '../policy/work.ts';
import { keyIdentity } from './arn.ts';
import type { CheckOptions } from './check.ts';
import { type KeyFacts, type Reading, type TrailFacts, unread } from './facts.ts';
import { withRamPolicy } from './ramPolicy.ts';

/** Everything that a question about a key's policy needs. */
export interface KeyPolicySubject {
  readonly trail: TrailFacts;
  readonly key: KeyFacts;
  readonly options: CheckOptions;
  /** The key's ARN; one that stands in for it where the key is not resolved and the policy is for any resource. */
  readonly keyArn: string;
  readonly keyAccount: string;
  /** Every key policy as one, `AWS_RAM` with `default`, without the Allow statements that IAM's grammar refuses. */
  readonly policy: KeyPolicy;
  /** As it is written. */
  readonly written: KeyPolicy;
  readonly resourceControlPolicies: readonly KeyPolicy[];
  /** The policy and the resource control policies: everything whose names and keys matter. */
  readonly policies: readonly KeyPolicy[];
  /** Why resource control policies were not examined, or `null` when they were. */
  readonly unexamined: string | null;
  /** What may still be spent on the question that is being asked. */
  readonly work: Work;
}

/** What the requests that are asked about depend on. */
export type RequestSubject = Pick<KeyPolicySubject, 'trail' | 'key' | 'keyArn' | 'policies'>;

/** The most that one question about a policy takes; with all questions about a trail less than a second of a server's core. */
export const WORK_OF_QUESTION = 250_000;

/** The subject of a further question, with work of its own: so no answer depends on what was asked before. */
export const newQuestion = (subject: KeyPolicySubject): KeyPolicySubject => ({
  ...subject,
  work: workFor(WORK_OF_QUESTION),
});

/** The latest subject: one check of a trail after the other asks for it. A map by trail would outlive young collections. */
let latest: {
  readonly trail: TrailFacts;
  readonly key: KeyFacts;
  readonly options: CheckOptions;
  readonly subject: Reading<KeyPolicySubject>;
} | null = null;

/** Gathers the policies of a key; the reason is one sentence part for a person. */
export function keyPolicySubject(trail: TrailFacts, key: KeyFacts, options: CheckOptions): Reading<KeyPolicySubject> {
  if (latest?.trail !== trail || latest.key !== key || latest.options !== options)
    latest = { trail, key, options, subject: gatherPolicies(trail, key, options) };
  return latest.subject;
}

/** The same for a key that no trail names. */
export function gatherPolicies(trail: TrailFacts, key: KeyFacts, options: CheckOptions): Reading<KeyPolicySubject> {
  if (!key.policy.read) return { ...key.policy, reason: `the key policy could not be read: ${key.policy.reason}` };
  if (!key.policy.value.valid) return unread('invalid', `the key policy is not valid: ${key.policy.value.error}`);
  const policies = withRamPolicy(key.policy.value.policy, key);
  if (!policies.read) return policies;
  const written = policies.value;
  const policy = withoutRefusedAllows(written);
  const keyArn = key.arn ?? standInArn(trail, policy);
  if (keyArn === null)
    return unread('not-told', `the ARN of key \`${key.reference}\` is not known, and the policy names a resource`);
  const resourceControlPolicies = examinedResourceControlPolicies(key);
  if (!resourceControlPolicies.read) return resourceControlPolicies;
  const subject = {
    trail,
    key,
    options,
    keyArn,
    keyAccount: keyIdentity(keyArn)?.accountId ?? trail.accountId,
    policy,
    written,
    resourceControlPolicies: resourceControlPolicies.value,
    policies: [policy, ...resourceControlPolicies.value],
    unexamined: key.resourceControlPolicies.read ? null : key.resourceControlPolicies.reason,
    work: workFor(WORK_OF_QUESTION),
  };
  const { capturedAt } = key.policy;
  return capturedAt === undefined ? { read: true, value: subject } : { read: true, value: subject, capturedAt };
}

/** Unread resource control policies have no effect; one that is there and cannot be parsed leaves every answer open. */
function examinedResourceControlPolicies(key: KeyFacts): Reading<readonly KeyPolicy[]> {
  const parses = key.resourceControlPolicies.read ? key.resourceControlPolicies.value : [];
  const policies: KeyPolicy[] = [];
  for (const parse of parses) {
    if (!parse.valid) return unread('invalid', `a resource control policy is not valid: ${parse.error}`);
    policies.push(parse.policy);
  }
  return { read: true, value: policies };
}

/** A key that does not exist yet has no ARN; where the policy is for any resource, the ARN decides nothing. */
function standInArn(trail: TrailFacts, policy: KeyPolicy): string | null {
  const forAnyResource = policy.statements.every(
    ({ resource }) => resource === null || (!resource.negated && resource.patterns.every((pattern) => pattern === '*')),
  );
  if (!forAnyResource) return null;
  return `arn:${trail.partition}:kms:${trail.homeRegion}:${trail.accountId}:key/${NOT_RESOLVED}`;
}

/** The key id in the ARN that stands in for a key without one. */
const NOT_RESOLVED = '00000000-0000-0000-0000-000000000000';
