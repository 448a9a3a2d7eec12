import { wildcardPattern } from '../policy/pattern.ts';
import { matches } from '../policy/patternMatch.ts';

/** Operations whose requests carry an encryption context. */
export const CONTEXT_ACTIONS: readonly string[] = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:RetireGrant',
];

/** Operations that name an encryption algorithm. */
export const ENCRYPTING_ACTIONS = CONTEXT_ACTIONS.filter((action) => !action.endsWith('Grant'));

/** Operations that name a key and may do so by an alias. */
export const NAMED_BY_ALIAS: readonly string[] = [
  ...ENCRYPTING_ACTIONS,
  'kms:DeriveSharedSecret',
  'kms:DescribeKey',
  'kms:GenerateMac',
  'kms:GetPublicKey',
  'kms:Sign',
  'kms:Verify',
  'kms:VerifyMac',
];

/** What principals of other accounts can do with a key, but for reading about it; the gravest first (KMS API Reference, Cross-account use). */
export const USES_BY_OUTSIDERS: readonly string[] = [
  'kms:Decrypt',
  'kms:CreateGrant',
  'kms:ReEncryptFrom',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:Encrypt',
  'kms:ReEncryptTo',
  'kms:RevokeGrant',
  'kms:RetireGrant',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:DeriveSharedSecret',
  'kms:Decapsulate',
  'kms:Encapsulate',
  'kms:Sign',
  'kms:Verify',
  'kms:GenerateMac',
  'kms:VerifyMac',
];

/** What principals of other accounts can read about a key. */
export const READING_BY_OUTSIDERS: readonly string[] = [
  'kms:DescribeKey',
  'kms:ListGrants',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
];

/** What only principals of the key's account can read about it. */
export const READING_BY_OWN_ACCOUNT: readonly string[] = [
  'kms:GetKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:ListKeyRotations',
  'kms:GetKeyLastUsage',
];

/** An alias is changed by whoever may do so with the alias, too, which only an IAM policy says. */
const WITH_AN_ALIAS: readonly string[] = ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias', 'kms:ListAliases'];

/** What only principals of the key's account can change about it; the gravest first. */
export const MANAGEMENT: readonly string[] = [
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:DeleteImportedKeyMaterial',
  'kms:UpdatePrimaryRegion',
  'kms:ReplicateKey',
  'kms:SynchronizeMultiRegionKey',
  'kms:ImportKeyMaterial',
  'kms:GetParametersForImport',
  'kms:CancelKeyDeletion',
  'kms:EnableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKeyRotation',
  'kms:RotateKeyOnDemand',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];

/** Every action on a KMS key that a key policy can allow. ListAliases is one in name alone: it is no action on one key. */
export const KMS_ACTIONS: readonly string[] = [
  ...USES_BY_OUTSIDERS,
  ...READING_BY_OUTSIDERS,
  ...READING_BY_OWN_ACCOUNT,
  ...MANAGEMENT,
  ...WITH_AN_ALIAS,
].sort();

/** Whether an entry of Action matches an action that KMS has. */
export function isKmsAction(entry: string): boolean {
  const pattern = wildcardPattern(entry, true);
  return KMS_ACTIONS.some((action) => matches(pattern, action));
}
