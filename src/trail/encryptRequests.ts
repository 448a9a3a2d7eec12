import type { KeyPolicy } from '../policy/parse.ts';
import { type KeyState, present } from '../policy/request.ts';
import type { TrailFacts } from './facts.ts';
import { filesOf } from './logFiles.ts';
import { filePath, folderPath, probePath } from './logPaths.ts';
import { type CloudTrailRequest, encryptionContext, type RequestPurpose, serviceRequest } from './requests.ts';

/** CloudTrail's request to encrypt one kind of file. */
export interface FileRequest extends CloudTrailRequest {
  /** Why nobody knows whether the trail has such files; `null` where it does. */
  readonly doubt: string | null;
}

/** CloudTrail's requests to encrypt each kind of file that a trail writes, or may write for all that is known. */
export const fileRequests = (
  trail: TrailFacts,
  keyArn: string,
  policies: readonly KeyPolicy[],
): readonly FileRequest[] =>
  filesOf(trail).map(({ kind, doubt }) => ({
    ...generateDataKey(trail, keyArn, policies, kind, filePath(trail, kind)),
    doubt,
  }));

/** CloudTrail's probe on creating or updating a trail, whichever path it carries. */
export const probeRequest = (trail: TrailFacts, keyArn: string, policies: readonly KeyPolicy[]): CloudTrailRequest =>
  generateDataKey(trail, keyArn, policies, 'probe', probePath(trail));

/** Everything that a policy has to allow so that nothing is left open: the probe by either path, and every kind of file. */
export const encryptRequests = (
  trail: TrailFacts,
  keyArn: string,
  policies: readonly KeyPolicy[],
): readonly CloudTrailRequest[] => [
  generateDataKey(trail, keyArn, policies, 'probe', present(folderPath(trail))),
  ...fileRequests(trail, keyArn, policies),
];

function generateDataKey(
  trail: TrailFacts,
  keyArn: string,
  policies: readonly KeyPolicy[],
  purpose: RequestPurpose,
  s3Arn: KeyState,
): CloudTrailRequest {
  const context = encryptionContext(trail, keyArn, policies, s3Arn);
  return { purpose, request: serviceRequest('kms:GenerateDataKey', keyArn, context) };
}
