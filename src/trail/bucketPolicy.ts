import { authorize } from '../policy/authorize.ts';
import type { Decision, Mismatch, StatementExplanation } from '../policy/decision.ts';
import { describeMismatch, explain } from '../policy/explain.ts';
import { withoutRefusedAllows } from '../policy/refused.ts';
import type { AccessRequest } from '../policy/request.ts';
import { workFor } from '../policy/work.ts';
import { type BucketRequest, type BucketSubject, bucketRequests } from './bucketRequests.ts';
import { whyDenied } from './denials.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { WORK_OF_QUESTION } from './keyPolicySubject.ts';
import { quoted } from './refusals.ts';

/** What a bucket's policy answers to one of CloudTrail's requests. */
export interface BucketAnswer extends BucketRequest {
  readonly decision: Decision;
}

/** What it answers to all of them; `null`: the bucket has no policy that can be evaluated, or nobody read it. */
export function bucketAnswers(trail: TrailFacts, key: KeyFacts): readonly BucketAnswer[] | null {
  const subject = bucketSubject(trail, key);
  return subject === null ? null : askBucket(subject);
}

export function bucketSubject(trail: TrailFacts, key: KeyFacts): BucketSubject | null {
  const policy = trail.bucket.read ? trail.bucket.value.policy : undefined;
  return policy?.read === true && policy.value?.valid === true ? { trail, key, policy: policy.value.policy } : null;
}

export function askBucket(subject: BucketSubject): readonly BucketAnswer[] {
  const policy = withoutRefusedAllows(subject.policy);
  return bucketRequests(subject).map((asked) => ({
    ...asked,
    decision: authorize(policy, asked.request, [], { work: workFor(WORK_OF_QUESTION), namesKeys: true }),
  }));
}

/** Definitely refused, for a file that the trail surely writes; a service is never covered by a delegation to IAM. */
export const isRefused = ({ decision, doubt }: BucketAnswer): boolean =>
  doubt === null && (decision.outcome === 'denied' || decision.outcome === 'delegated');

/** Deny statements that refuse requests; empty: nothing allows them. */
export const denyingStatements = (all: readonly BucketAnswer[], { policy }: BucketSubject): readonly string[] => [
  ...new Set(all.flatMap((one) => denying(explain(policy, exampleOf(one))).map(({ statement }) => statement))),
];

const denying = (all: readonly StatementExplanation[]): readonly StatementExplanation[] =>
  all.filter(({ effect, applies }) => effect === 'Deny' && applies === 'yes');

/** Why requests are refused, each reason once: "CloudTrail may not s3:PutObject its log files: ...". */
export function refusalsInWords(refused: readonly BucketAnswer[], subject: BucketSubject): string {
  const byStatement = new Map<string, { readonly why: string; readonly answers: BucketAnswer[] }>();
  for (const answer of refused) {
    const { statements, why } = whyRefused(answer, subject);
    const id = JSON.stringify(statements);
    byStatement.set(id, { why, ...byStatement.get(id), answers: [...(byStatement.get(id)?.answers ?? []), answer] });
  }
  return [...byStatement.values()]
    .map(({ why, answers }) => `CloudTrail may not ${actionsInWords(answers)}: ${why}`)
    .join('; ');
}

/** "s3:GetBucketAcl, nor s3:PutObject for the log files and digest files". */
export function actionsInWords(all: readonly BucketAnswer[]): string {
  const files = all.flatMap(({ file }) => (file === null ? [] : [`${file}s`]));
  const parts = [
    ...(files.length < all.length ? ['s3:GetBucketAcl'] : []),
    ...(files.length === 0 ? [] : [`s3:PutObject for the ${files.join(' and ')}`]),
  ];
  return parts.join(' and ');
}

/** One file tells why: to compare what all of them look like tells nobody where they differ. */
function exampleOf({ request }: BucketAnswer): AccessRequest {
  const { resources: _resources, ...example } = request;
  return example;
}

interface Refusal {
  /** Those that deny it, or the one that comes nearest to allowing it. */
  readonly statements: readonly string[];
  readonly why: string;
}

function whyRefused(answer: BucketAnswer, { policy }: BucketSubject): Refusal {
  const explanations = explain(policy, exampleOf(answer));
  const denies = denying(explanations);
  if (denies.length > 0) {
    const told = denies.map(
      (one) => `Deny ${quoted([one.statement])} of the bucket policy applies: ${whyDenied(one, policy, 'why')}`,
    );
    return { statements: denies.map(({ statement }) => statement), why: told.join('; ') };
  }
  const nearest = explanations.find(({ effect, mismatches }) => effect === 'Allow' && mismatches.every(isOfSubject));
  if (nearest === undefined) return { statements: [], why: 'no statement of the bucket policy allows it' };
  const said = nearest.mismatches.map(describeMismatch).join('; ');
  const statement = quoted([nearest.statement]);
  return {
    statements: [nearest.statement],
    why: `statement ${statement} of the bucket policy does not allow it: ${said}`,
  };
}

/** A statement for another principal or action is none of CloudTrail's business, but for one that is misspelt. */
const isOfSubject = (mismatch: Mismatch): boolean => !('near' in mismatch) || mismatch.near !== null;
