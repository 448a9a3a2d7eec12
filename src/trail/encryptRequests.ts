import { type KeyState, present } from '../policy/request.ts';
import { S3_CONTEXT_KEY } from './cloudTrail.ts';
import type { KeyPolicySubject, RequestSubject } from './keyPolicySubject.ts';
import { filesOf, type LogFiles } from './logFiles.ts';
import { filePath, folderPath, lookAtPath, probePath } from './logPaths.ts';
import { type CloudTrailRequest, type RequestPurpose, serviceRequest } from './requests.ts';
import { answers, type ServiceAnswer } from './serviceAccess.ts';

/** CloudTrail's request to encrypt one kind of file. */
export interface FileRequest extends CloudTrailRequest {
  /** Why nobody knows whether the trail has such files; `null` where it does. */
  readonly doubt: string | null;
}

/** CloudTrail's requests to encrypt kinds of file: each that a trail writes, or may write for all that is known. */
export const fileRequests = (
  subject: RequestSubject,
  files: readonly LogFiles[] = filesOf(subject.trail),
): readonly FileRequest[] =>
  files.map(({ kind, doubt }) => ({
    ...generateDataKey(subject, kind, filePath(subject.trail, kind)),
    doubt,
  }));

/** What the policies answer to them: to policies that do not look at the path every file is the same. */
export function fileAnswers(subject: KeyPolicySubject, files: readonly LogFiles[]): readonly ServiceAnswer[] {
  if (lookAtPath(subject.policies)) return answers(subject, fileRequests(subject, files));
  const one = answers(subject, fileRequests(subject, files.slice(0, 1)));
  return files.flatMap(({ kind }) =>
    one.map(({ decision, refusal, control }) => ({ purpose: kind, decision, refusal, control })),
  );
}

/** CloudTrail's probe on creating or updating a trail, whichever path it carries. */
export const probeRequest = (subject: RequestSubject): CloudTrailRequest =>
  generateDataKey(subject, 'probe', probePath(subject.trail));

/** Everything that a policy has to allow so that nothing is left open: the probe by either path, and every kind of file. */
export const encryptRequests = (subject: RequestSubject): readonly CloudTrailRequest[] => [
  generateDataKey(subject, 'probe', present(folderPath(subject.trail))),
  ...fileRequests(subject),
];

const generateDataKey = (subject: RequestSubject, purpose: RequestPurpose, s3Arn: KeyState): CloudTrailRequest => ({
  purpose,
  request: serviceRequest(subject, 'kms:GenerateDataKey', { [S3_CONTEXT_KEY]: s3Arn }),
});
