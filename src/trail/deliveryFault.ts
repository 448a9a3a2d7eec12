import { bucketAnswers, isRefused } from './bucketPolicy.ts';
import type { CheckOptions } from './check.ts';
import { fileRequests } from './encryptRequests.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { keyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import type { RemedyStep } from './remedy/steps.ts';
import { answers, deniedOf, unknownOf } from './serviceAccess.ts';

/** What keeps CloudTrail from delivering, and where to look. */
export interface DeliveryFault {
  readonly cause: string;
  readonly what: Extract<RemedyStep, { do: 'look-at' }>['what'];
}

type Fault = 'refuses' | 'allows' | 'open';

/** Which of the two policies refuses CloudTrail; `null` where one of them was not read, or nobody can say. */
export function policyAtFault(trail: TrailFacts, key: KeyFacts, options: CheckOptions): DeliveryFault | null {
  const [ofKey, ofBucket] = [keyFault(trail, key, options), bucketFault(trail, key)];
  if (ofKey === null || ofBucket === null) return null;
  return FAULTS[`${ofKey} ${ofBucket}`];
}

function keyFault(trail: TrailFacts, key: KeyFacts, options: CheckOptions): Fault | null {
  const subject = keyPolicySubject(trail, key, options);
  if (!subject.read) return null;
  const question = newQuestion(subject.value);
  const all = answers(
    question,
    fileRequests(question).filter(({ doubt }) => doubt === null),
  );
  return deniedOf(all).length > 0 ? 'refuses' : unknownOf(all).length > 0 ? 'open' : 'allows';
}

function bucketFault(trail: TrailFacts, key: KeyFacts): Fault | null {
  const all = bucketAnswers(trail, key);
  if (all === null) return null;
  if (all.some(isRefused)) return 'refuses';
  return all.some(({ doubt, decision }) => doubt === null && decision.outcome !== 'allowed') ? 'open' : 'allows';
}

const BUCKET = {
  cause: 'the bucket policy is the cause, and the key policy allows CloudTrail',
  what: 'bucket policy',
} as const;
const KEY = { cause: 'the key policy is the cause, and the bucket policy allows CloudTrail', what: 'key' } as const;

const FAULTS: Readonly<Record<`${Fault} ${Fault}`, DeliveryFault | null>> = {
  'allows refuses': BUCKET,
  'refuses allows': KEY,
  'refuses refuses': {
    cause: 'both the key policy and the bucket policy are the cause',
    what: 'key and bucket policy',
  },
  'allows allows': {
    cause:
      'both the key policy and the bucket policy allow CloudTrail now, so another policy is the cause, or one of the two changed since',
    what: 'other policies',
  },
  'open refuses': { cause: 'the bucket policy is the cause, whatever the key policy says', what: 'bucket policy' },
  'refuses open': { cause: 'the key policy is the cause, whatever the bucket policy says', what: 'key' },
  'open allows': null,
  'allows open': null,
  'open open': null,
};
