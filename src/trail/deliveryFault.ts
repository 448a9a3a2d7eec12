import { bucketAnswers, isRefused } from './bucketPolicy.ts';
import type { CheckOptions } from './check.ts';
import { fileRequests } from './encryptRequests.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { keyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { filesOf } from './logFiles.ts';
import type { RemedyStep } from './remedy/steps.ts';
import type { RequestPurpose } from './requests.ts';
import { answers, deniedOf, unknownOf } from './serviceAccess.ts';

/** What keeps CloudTrail from delivering, and where to look. */
export interface DeliveryFault {
  readonly cause: string;
  readonly what: Extract<RemedyStep, { do: 'look-at' }>['what'];
}

/** What a trail's status tells of: digest files, or every other kind. */
export type DeliveredKind = 'logs' | 'digests';

const deliveryOf = (kind: RequestPurpose): DeliveredKind => (kind === 'digest file' ? 'digests' : 'logs');

type Fault = 'refuses' | 'allows' | 'open';

/** Which of the two policies refuses CloudTrail what failed; `null` where one was not read, or nobody can say. */
export function policyAtFault(
  trail: TrailFacts,
  key: KeyFacts,
  options: CheckOptions,
  failed: readonly DeliveredKind[],
): DeliveryFault | null {
  const isFailed: IsFailed = (kind) => failed.includes(deliveryOf(kind));
  if (!filesOf(trail).some(({ kind }) => isFailed(kind))) return null;
  const [ofKey, ofBucket] = [keyFault(trail, key, options, isFailed), bucketFault(trail, key, isFailed)];
  if (ofKey === null || ofBucket === null) return null;
  return FAULTS[`${ofKey} ${ofBucket}`];
}

type IsFailed = (kind: RequestPurpose) => boolean;

function keyFault(trail: TrailFacts, key: KeyFacts, options: CheckOptions, isFailed: IsFailed): Fault | null {
  const subject = keyPolicySubject(trail, key, options);
  if (!subject.read) return null;
  const question = newQuestion(subject.value);
  const all = answers(
    question,
    fileRequests(question).filter(({ doubt, purpose }) => doubt === null && isFailed(purpose)),
  );
  return deniedOf(all).length > 0 ? 'refuses' : unknownOf(all).length > 0 ? 'open' : 'allows';
}

function bucketFault(trail: TrailFacts, key: KeyFacts, isFailed: IsFailed): Fault | null {
  const all = bucketAnswers(trail, key)?.filter(({ file }) => file === null || isFailed(file));
  if (all === undefined) return null;
  if (all.some(isRefused)) return 'refuses';
  return all.some(({ doubt, decision }) => doubt === null && decision.outcome !== 'allowed') ? 'open' : 'allows';
}

const BUCKET = {
  cause: 'the bucket policy is the cause, and the key policy allows it',
  what: 'bucket policy',
} as const;
const KEY = { cause: 'the key policy is the cause, and the bucket policy allows it', what: 'key' } as const;

const FAULTS: Readonly<Record<`${Fault} ${Fault}`, DeliveryFault | null>> = {
  'allows refuses': BUCKET,
  'refuses allows': KEY,
  'refuses refuses': {
    cause: 'both the key policy and the bucket policy are the cause',
    what: 'key and bucket policy',
  },
  'allows allows': {
    cause:
      'both the key policy and the bucket policy allow it now, so another policy is the cause, or one of the two changed since',
    what: 'other policies',
  },
  'open refuses': { cause: 'the bucket policy is the cause, whatever the key policy says', what: 'bucket policy' },
  'refuses open': { cause: 'the key policy is the cause, whatever the bucket policy says', what: 'key' },
  'open allows': null,
  'allows open': null,
  'open open': null,
};
