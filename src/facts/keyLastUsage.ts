import type { KeyLastUsage } from '../trail/keyUse.ts';
import { isErrorMember, type LastUsageMember, type Member } from './members.ts';

/**
 * What GetKeyLastUsage tells. An answer without its use, and not with an empty one, is no proof that there was none; nor is
 * an empty one of a key that is older than KMS's record of it.
 */
export function keyLastUsage({ KeyLastUsage, TrackingStartDate, KeyCreationDate }: LastUsageMember): KeyLastUsage {
  const { Operation, Timestamp, CloudTrailEventId } = KeyLastUsage ?? {};
  const isTracked = TrackingStartDate && KeyCreationDate && KeyCreationDate >= TrackingStartDate;
  const isEmpty = KeyLastUsage && !Operation && !Timestamp && !CloudTrailEventId;
  return {
    operation: Operation || null,
    eventId: CloudTrailEventId || null,
    unusedSince: isTracked && isEmpty ? KeyCreationDate : null,
  };
}

/** The same of a member that may be an error, which tells nothing. */
export const keyLastUsageIn = (member: Member<LastUsageMember>): KeyLastUsage =>
  keyLastUsage(isErrorMember(member) ? {} : member);
