import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { parseArn } from '../trail/arn.ts';
import { type KeyFacts, type KeyMetadata, type KeyRotation, type Reading, read, unread } from '../trail/facts.ts';
import { ownerByAliases, ownerByTags } from '../trail/owner.ts';
import { distinct } from '../trail/policyNames.ts';
import { admission } from './admission.ts';
import { changeEvents } from './changeEvents.ts';
import { grantOf } from './grants.ts';
import { keyEvents } from './keyEvents.ts';
import { keyLastUsage } from './keyLastUsage.ts';
import { type ErrorMember, isErrorMember, type KeyEntry, type KeyMetadataMember, type Member } from './members.ts';
import { DENIED_CODES, denial, isError, type Meaning, readingOf, unreadError } from './readings.ts';
import { tagsIn } from './tags.ts';

/** What the members of one key say. */
export interface KeyParts extends Omit<KeyFacts, 'reference' | 'arn' | 'resourceControlPolicies' | 'organizationId'> {
  readonly arn: string;
  /** The ARN in its KeyMetadata: under an alias, the one that the alias leads to. */
  readonly leadsTo: string | null;
}

/** A policy document, with the member of the key's entry that holds it. */
type ParsePolicy = (document: unknown, member: 'Policy' | 'Policies.AWS_RAM') => KeyPolicyParse;

export function keyParts(entry: KeyEntry, parsePolicy: ParsePolicy = parseKeyPolicy): KeyParts {
  const whole: ErrorMember | null = entry.Error ? { Error: entry.Error } : null;
  const metadata = entry.KeyMetadata ?? whole;
  const parse = (document: unknown) => parsePolicy(document, 'Policy');
  const policy = readingOf(entry.Policy ?? whole, 'the key policy', 'kms:GetKeyPolicy', parse, ofKey);
  const rotation = rotationOf(entry.KeyRotationEnabled ?? whole);
  const aliases = readingOf(
    entry.Aliases ?? whole,
    "the key's Aliases",
    'kms:ListAliases',
    (names) => names.map(aliasName),
    ofKey,
  );
  const grants = readingOf(
    entry.Grants ?? whole,
    "the key's Grants",
    'kms:ListGrants',
    (list) => list.map(grantOf),
    ofKey,
  );
  return {
    arn: entry.KeyArn,
    leadsTo: isErrorMember(metadata) ? null : metadata?.Arn || null,
    exists: existenceOf(
      metadata,
      [policy, rotation, grants].some((reading) => reading.read),
    ),
    metadata: readingOf(metadata, "the key's KeyMetadata", 'kms:DescribeKey', keyMetadata, ofKey),
    policy,
    ramPolicy: ramPolicyOf(entry.Policies ?? whole, parsePolicy),
    rotation,
    aliases,
    grants,
    ...(entry.KeyEvents && {
      events: readingOf(entry.KeyEvents, "the key's KeyEvents", 'cloudtrail:LookupEvents', keyEvents),
    }),
    ...(entry.ChangeEvents && {
      changeEvents: readingOf(entry.ChangeEvents, "the key's ChangeEvents", 'cloudtrail:LookupEvents', (events) =>
        changeEvents(events, entry.KeyArn),
      ),
    }),
    ...(entry.LastUsage && {
      lastUsage: readingOf(entry.LastUsage, "the key's LastUsage", 'kms:GetKeyLastUsage', keyLastUsage, ofKey),
    }),
    owner: ownerByTags(tagsIn(entry.Tags)) ?? (aliases.read ? ownerByAliases(aliases.value) : null),
  };
}

function ramPolicyOf(policies: KeyEntry['Policies'], parsePolicy: ParsePolicy): KeyParts['ramPolicy'] {
  const member = isErrorMember(policies) ? policies : policies?.AWS_RAM;
  // KMS answers NotFoundException for a key that is not shared.
  if (member === null || (isErrorMember(member) && isError(member.Error, 'NotFoundException'))) return read(null);
  const parse = (document: unknown) => parsePolicy(document, 'Policies.AWS_RAM');
  return readingOf(member === '' ? null : member, "AWS RAM's policy for the key", 'kms:GetKeyPolicy', parse, ofKey);
}

/** What KMS's refusals say of a key. In its own account a statement of the key policy is enough; across accounts it takes more than one. */
const ofKey: Meaning = (error, request) => {
  const message = error.Message ?? '';
  if (request.Action === 'kms:DescribeKey' && isError(error, 'InvalidArnException'))
    return unread('invalid', `KMS does not take \`${request.Resource}\`: ${message}`);
  if (!isError(error, ...DENIED_CODES) || parseArn(request.Resource)?.accountId !== request.AccountId) return null;
  return unread('denied', `${denial(request, message)}${admission(message, request)}`);
};

/** Whatever was read of a key proves that it is there; only DescribeKey's NotFoundException proves that it is not. */
function existenceOf(metadata: Member<KeyMetadataMember> | null, answered: boolean): Reading<boolean> {
  if (metadata !== null && !isErrorMember(metadata)) return read(true);
  if (metadata !== null && isError(metadata.Error, 'NotFoundException', 'NotFound')) return read(false);
  if (answered) return read(true);
  return metadata === null
    ? unread('not-told', "the snapshot does not hold the key's KeyMetadata")
    : unreadError(metadata.Error, 'kms:DescribeKey', ofKey);
}

export function keyMetadata(metadata: KeyMetadataMember): KeyMetadata {
  return {
    state: metadata.KeyState || null,
    manager: metadata.KeyManager || null,
    spec: metadata.KeySpec || metadata.CustomerMasterKeySpec || null,
    usage: metadata.KeyUsage || null,
    origin: metadata.Origin || null,
    deletionDate: metadata.DeletionDate ?? null,
    validTo: metadata.ValidTo ?? null,
    isMultiRegion: metadata.MultiRegion ?? null,
    multiRegionKeyType: metadata.MultiRegionConfiguration?.MultiRegionKeyType || null,
    creationDate: metadata.CreationDate ?? null,
    relatedKeys: relatedKeys(metadata),
  };
}

function relatedKeys({ Arn, MultiRegion, MultiRegionConfiguration }: KeyMetadataMember): readonly string[] | null {
  if (!MultiRegionConfiguration) return MultiRegion === false ? [] : null;
  const { PrimaryKey, ReplicaKeys } = MultiRegionConfiguration;
  const all = [PrimaryKey, ...(ReplicaKeys ?? [])].flatMap((key) => key?.Arn || []);
  return distinct(all).filter((arn) => arn !== Arn);
}

function rotationOf(enabled: Member<boolean> | null): Reading<KeyRotation> {
  // KMS refuses the question for imported material and for keys in a custom key store.
  if (isErrorMember(enabled) && isError(enabled.Error, 'UnsupportedOperationException')) return read('unsupported');
  const convert = (on: boolean) => (on ? 'on' : 'off');
  return readingOf(enabled, 'KeyRotationEnabled', 'kms:GetKeyRotationStatus', convert, ofKey);
}

/** `alias/trail`, from that, from an alias ARN or from the bare name. */
function aliasName(alias: string): string {
  const name = alias.replace(/^arn:[^:]+:kms:[^:]*:[^:]*:/, '');
  return name.startsWith('alias/') ? name : `alias/${name}`;
}
