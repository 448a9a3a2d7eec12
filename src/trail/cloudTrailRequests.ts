import type { KeyPolicy } from '../policy/parse.ts';
import { fileRequests, probeRequest } from './encryptRequests.ts';
import type { TrailFacts } from './facts.ts';
import { type CloudTrailRequest, decryptRequest, describeRequest } from './requests.ts';

/** Every request that CloudTrail makes for a trail, as far as that is known, in the order in which it makes them. */
export const cloudTrailRequests = (
  trail: TrailFacts,
  keyArn: string,
  policies: readonly KeyPolicy[],
): readonly CloudTrailRequest[] => [
  probeRequest(trail, keyArn, policies),
  ...fileRequests(trail, keyArn, policies).filter(({ doubt }) => doubt === null),
  describeRequest(trail, keyArn, policies),
  decryptRequest(trail, keyArn, policies),
];
