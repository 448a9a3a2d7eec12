import { notTried, tryDecrypt } from '../../aws/read/decryptDryRun.ts';
import { keyReference } from '../../facts/keyReference.ts';
import type { OutputMembers, ReaderDryRunMember } from '../../facts/members.ts';
import { unread } from '../../trail/facts.ts';
import { exampleFile } from '../../trail/logPaths.ts';
import type { AccountAccess } from './reach.ts';
import type { FoundTrail } from './trails.ts';

/** Tries, as each of some roles, whether it could decrypt a trail's logs. */
export function readerDryRuns(reach: AccountAccess, roles: readonly string[] = []) {
  const tryAs = async (trail: FoundTrail, RoleArn: string): Promise<readonly ReaderDryRunMember[]> => {
    const key = trail.kmsKeyId === null ? null : keyReference(trail.kmsKeyId, trail);
    if (key === null) return [];
    const entry = await reach.as(RoleArn);
    if ('closed' in entry) return [{ RoleArn, ...notTried(reach.own, key, entry.closed) }];
    const file = exampleFile({ ...trail, organizationId: unread('not-asked', '') }, 'log file');
    const answer = await tryDecrypt(entry.access, key, { 'aws:cloudtrail:arn': trail.arn, 'aws:s3:arn': file });
    return [{ RoleArn, ...answer }];
  };
  return async (trail: FoundTrail): Promise<OutputMembers> => {
    if (roles.length === 0) return {};
    const tried = await Promise.all(roles.map((role) => tryAs(trail, role)));
    return { ReaderDryRuns: tried.flat() };
  };
}
