import { fileRequests, probeRequest } from './encryptRequests.ts';
import type { RequestSubject } from './keyPolicySubject.ts';
import { type CloudTrailRequest, decryptRequest, describeRequest } from './requests.ts';

/** Every request that CloudTrail makes for a trail, as far as that is known, in the order in which it makes them. */
export const cloudTrailRequests = (subject: RequestSubject): readonly CloudTrailRequest[] => [
  probeRequest(subject),
  ...fileRequests(subject).filter(({ doubt }) => doubt === null),
  describeRequest(subject),
  decryptRequest(subject),
];
