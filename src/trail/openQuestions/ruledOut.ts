import { parseKeyPolicy } from '../../policy/parse.ts';
import { type AccessRequest, present } from '../../policy/request.ts';
import { decide } from '../accessQuestion.ts';
import type { CheckOptions } from '../check.ts';
import { S3_CONTEXT_KEY } from '../cloudTrail.ts';
import { type KeyFacts, read } from '../facts.ts';
import { grantsToCloudTrail } from '../grantStatements.ts';
import { gatherPolicies, type KeyPolicySubject, newQuestion } from '../keyPolicySubject.ts';
import { serviceRequest } from '../requests.ts';
import { isDenied } from '../serviceAccess.ts';
import type { Observation } from './observations.ts';
import type { Assumed, OpenQuestion } from './questions.ts';

/**
 * The answers that an observed request rules out: under them the policy comes to something else, whatever else is open.
 * None where it would rule out every one, for then something else explains it.
 */
export function ruledOut({ answers }: OpenQuestion, observed: Observation, options: CheckOptions): readonly string[] {
  const out = answers.flatMap(({ answer, assume }) => {
    const { trail, key, forTrail } = observed;
    const assumed = assume?.({ trail: forTrail ? trail : null, key, keyArn: key.arn ?? '' }) ?? null;
    return assumed !== null && contradicts(observed, assumed, options) ? [answer] : [];
  });
  return out.length === answers.length ? [] : out;
}

function contradicts(observed: Observation, { context = {}, document }: Assumed, options: CheckOptions): boolean {
  const { trail, event, outcome } = observed;
  const key = document === undefined ? observed.key : withDocument(observed.key, document);
  if (key === null || !isWhole(observed)) return false;
  // Resource control policies of today say nothing of those of then.
  const alone = { ...key, resourceControlPolicies: read([]) };
  const subject = gatherPolicies({ ...trail, asOf: event.at }, alone, options);
  if (!subject.read || (outcome === 'allowed' && grantsToCloudTrail(subject.value).length > 0)) return false;
  const request = requestOf(observed, subject.value);
  const decision = decide(newQuestion(subject.value), { ...request, context: { ...request.context, ...context } });
  return outcome === 'allowed' ? isDenied(decision) : decision.outcome === 'allowed';
}

/** Whether nothing but the key policy can have allowed it, or denied it; of a grant there has to be proof that there is none. */
const isWhole = ({ key: { grants, resourceControlPolicies }, outcome }: Observation): boolean =>
  outcome === 'allowed' ? grants.read : resourceControlPolicies.read && resourceControlPolicies.value.length === 0;

function withDocument(key: KeyFacts, document: (policy: unknown) => unknown): KeyFacts | null {
  if (!key.policy.read || !key.policy.value.valid) return null;
  return { ...key, policy: read(parseKeyPolicy(document(key.policy.value.policy.document))) };
}

/** What a request is about that does not say for which trail it is made. */
const OF_TRAIL: ReadonlySet<string> = new Set([
  'aws:SourceArn',
  'aws:SourceAccount',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
]);

function requestOf({ event, forTrail }: Observation, subject: KeyPolicySubject): AccessRequest {
  const path = event.encryptionContext['aws:s3:arn'];
  const asked = path === undefined ? {} : { [S3_CONTEXT_KEY]: present(path) };
  const request = serviceRequest(subject, `kms:${event.name}`, asked);
  if (forTrail) return request;
  const context = Object.entries(request.context).filter(([name]) => !OF_TRAIL.has(name));
  return { ...request, context: Object.fromEntries(context) };
}
