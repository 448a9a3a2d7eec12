import type { Check } from '../check.ts';
import { administrationBounded } from './administrationBounded.ts';
import { bucketAdmitsDelivery } from './bucketAdmitsDelivery.ts';
import { cloudTrailCanDecrypt } from './cloudTrailCanDecrypt.ts';
import { cloudTrailCanDescribe } from './cloudTrailCanDescribe.ts';
import { cloudTrailCanEncrypt } from './cloudTrailCanEncrypt.ts';
import { grantsBounded } from './grantsBounded.ts';
import { keyAdministrable } from './keyAdministrable.ts';
import { keyApproved } from './keyApproved.ts';
import { keyCustomerManaged } from './keyCustomerManaged.ts';
import { keyExists } from './keyExists.ts';
import { keyInBucketRegion } from './keyInBucketRegion.ts';
import { keyRotates } from './keyRotates.ts';
import { keySymmetric } from './keySymmetric.ts';
import { keyUsable } from './keyUsable.ts';
import { logDeliveryHealthy } from './logDeliveryHealthy.ts';
import { logGroupEncrypted } from './logGroupEncrypted.ts';
import { namedAccountsTrusted } from './namedAccountsTrusted.ts';
import { otherTrailsExcluded } from './otherTrailsExcluded.ts';
import { policyWellFormed } from './policyWellFormed.ts';
import { policyWritable } from './policyWritable.ts';
import { previousKeysKept } from './previousKeysKept.ts';
import { publicExcluded } from './publicExcluded.ts';
import { publicMetadataExcluded } from './publicMetadataExcluded.ts';
import { readersBounded } from './readersBounded.ts';
import { readersCanDecrypt } from './readersCanDecrypt.ts';
import { requiredReadersCanDecrypt } from './requiredReadersCanDecrypt.ts';
import { serviceLeastPrivilege } from './serviceLeastPrivilege.ts';
import { topicAdmitsCloudTrail } from './topicAdmitsCloudTrail.ts';
import { trailEncrypted } from './trailEncrypted.ts';
import { trailLogging } from './trailLogging.ts';
import { trailUpdatable } from './trailUpdatable.ts';

/** Every check, in the order in which reports show them. */
export const CHECKS = [
  trailEncrypted,
  keyExists,
  keyUsable,
  keyCustomerManaged,
  keySymmetric,
  keyInBucketRegion,
  keyApproved,
  cloudTrailCanEncrypt,
  trailUpdatable,
  cloudTrailCanDecrypt,
  cloudTrailCanDescribe,
  otherTrailsExcluded,
  publicExcluded,
  administrationBounded,
  publicMetadataExcluded,
  namedAccountsTrusted,
  readersBounded,
  grantsBounded,
  serviceLeastPrivilege,
  readersCanDecrypt,
  keyAdministrable,
  keyRotates,
  trailLogging,
  logDeliveryHealthy,
  policyWellFormed,
  policyWritable,
  requiredReadersCanDecrypt,
  bucketAdmitsDelivery,
  logGroupEncrypted,
  topicAdmitsCloudTrail,
  previousKeysKept,
] as const satisfies readonly Check[];

export type CheckId = (typeof CHECKS)[number]['id'];

export const CHECK_IDS: readonly CheckId[] = CHECKS.map(({ id }) => id);

const BY_ID: ReadonlyMap<string, Check<CheckId>> = new Map(CHECKS.map((check) => [check.id, check]));

export const isCheckId = (text: string): text is CheckId => BY_ID.has(text);

export function checkOf(id: CheckId): Check<CheckId> {
  const check = BY_ID.get(id);
  // INVARIANT: ids are the registry's own.
  if (check === undefined) throw new Error(`there is no check \`${id}\``);
  return check;
}
