import { perhaps } from '../../policy/request.ts';
import { CONTEXT_ACTIONS, NAMED_BY_ALIAS } from '../kmsActions.ts';
import { type Carried, type ConditionKey, domain, everyone, OPEN } from './carried.ts';

const ACTIONS = 'Service Authorization Reference, AWS Key Management Service';

const trueOrFalse = domain('`true` or `false`, or absent', () => perhaps('true', 'false'));
const PAIRS = CONTEXT_ACTIONS.filter((action) => action.includes('DataKeyPair'));
const IMPORT = ['kms:GetParametersForImport'];

const PARAMETERS: readonly (readonly [name: string, actions: readonly string[], carried?: Carried])[] = [
  ['kms:BypassPolicyLockoutSafetyCheck', ['kms:PutKeyPolicy'], trueOrFalse],
  ['kms:DataKeyPairSpec', PAIRS],
  ['kms:ExpirationModel', ['kms:ImportKeyMaterial']],
  ['kms:GrantConstraintSourceArn', ['kms:CreateGrant']],
  ['kms:GranteePrincipal', ['kms:CreateGrant']],
  ['kms:GranteeServicePrincipal', ['kms:CreateGrant']],
  ['kms:GrantConstraintType', ['kms:CreateGrant', 'kms:RetireGrant']],
  ['kms:GrantIsForAWSResource', ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'], trueOrFalse],
  ['kms:GrantOperations', ['kms:CreateGrant']],
  ['kms:KeyAgreementAlgorithm', ['kms:DeriveSharedSecret']],
  ['kms:MacAlgorithm', ['kms:GenerateMac', 'kms:VerifyMac']],
  ['kms:MessageType', ['kms:Sign', 'kms:Verify']],
  ['kms:PrimaryRegion', ['kms:UpdatePrimaryRegion']],
  [
    'kms:RecipientAttestation:*',
    ['kms:Decrypt', 'kms:DeriveSharedSecret', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'],
  ],
  ['kms:ReEncryptOnSameKey', ['kms:ReEncryptFrom', 'kms:ReEncryptTo'], trueOrFalse],
  ['kms:ReplicaRegion', ['kms:ReplicateKey']],
  ['kms:RequestAlias', NAMED_BY_ALIAS, domain('`alias/...`, or absent', () => perhaps('alias/**'))],
  ['kms:RetiringPrincipal', ['kms:CreateGrant']],
  ['kms:RetiringServicePrincipal', ['kms:CreateGrant']],
  ['kms:RotationPeriodInDays', ['kms:EnableKeyRotation']],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', ['kms:ScheduleKeyDeletion']],
  ['kms:SigningAlgorithm', ['kms:Sign', 'kms:Verify']],
  ['kms:TrailingDaysWithoutKeyUsage', ['kms:DisableKey', 'kms:ScheduleKeyDeletion']],
  ['kms:ValidTo', ['kms:ImportKeyMaterial']],
  ['kms:WrappingAlgorithm', IMPORT],
  ['kms:WrappingKeySpec', IMPORT],
  ['aws:RequestTag/*', ['kms:TagResource']],
  ['aws:TagKeys', ['kms:TagResource', 'kms:UntagResource']],
];

/** Parameters of some operations: absent from the requests of every other. */
export const PARAMETER_KEYS: readonly ConditionKey[] = PARAMETERS.map(([name, actions, carried = OPEN]) => ({
  name,
  actions,
  ...everyone(carried),
  source: ACTIONS,
}));
