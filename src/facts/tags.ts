import type { OwnerTag } from '../trail/owner.ts';
import { isErrorMember, type Member, type TagMember } from './members.ts';

/** Tags as CloudTrail or KMS returns them; none where nobody could read them. */
export const tagsIn = (tags: Member<readonly TagMember[]> | null | undefined): readonly OwnerTag[] =>
  !tags || isErrorMember(tags)
    ? []
    : tags.map(({ Key, TagKey, Value, TagValue }) => ({ key: Key ?? TagKey ?? '', value: Value ?? TagValue ?? '' }));
