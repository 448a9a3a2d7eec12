import { type KeyPolicyParse, parseKeyPolicy } from '../../policy/parse.ts';
import { type Grant, type KeyMetadata, type KeyRotation, type Reading, read, unread } from '../../trail/facts.ts';
import { BadInput } from '../errors.ts';
import { type ErrorMember, isErrorMember } from './members.ts';
import { indexBy, isError, readingOf, unreadError } from './readings.ts';
import type { RawGrant, RawKeyEntry, RawKeyMetadata } from './schema.ts';
import type { Snapshot, SnapshotKey } from './snapshot.ts';

/** A policy document of the snapshot, with the place where it stands: `keys[0].Policy`. */
export type ParsePolicy = (document: unknown, place: string) => KeyPolicyParse;

/** The keys of a snapshot by ARN. */
export function keysOf(entries: ErrorMember | readonly RawKeyEntry[], parsePolicy: ParsePolicy): Snapshot['keys'] {
  if (isErrorMember(entries)) return unreadError(entries.Error, 'kms:ListKeys');
  return read(
    indexBy(
      entries,
      arnOf,
      (entry, index) => keyOf(entry, index, parsePolicy),
      (arn, index) => {
        throw new BadInput(`\`keys[${index}]\` describes \`${arn}\` again, and differently`);
      },
    ),
  );
}

function arnOf(entry: RawKeyEntry, index: number): string {
  const described = isErrorMember(entry.KeyMetadata) ? null : (entry.KeyMetadata?.Arn ?? null);
  const arn = entry.KeyArn ?? described;
  if (arn !== null) return arn;
  const missing = entry.KeyMetadata === null || isErrorMember(entry.KeyMetadata) ? 'KeyArn' : 'KeyMetadata.Arn';
  throw new BadInput(`\`keys[${index}].${missing}\` is missing`);
}

function keyOf(entry: RawKeyEntry, index: number, parsePolicy: ParsePolicy): SnapshotKey {
  // A key that could not be read at all: its error stands for every member that is not there.
  const whole: ErrorMember | null = entry.Error === null ? null : { Error: entry.Error };
  const metadata = entry.KeyMetadata ?? whole;
  const policy = readingOf(entry.Policy ?? whole, 'the key policy', 'kms:GetKeyPolicy', (document) =>
    parsePolicy(document, `keys[${index}].Policy`),
  );
  const rotation = rotationOf(entry.KeyRotationEnabled ?? whole);
  const grants = readingOf(entry.Grants ?? whole, "the key's Grants", 'kms:ListGrants', (list) => list.map(grantOf));
  return {
    arn: arnOf(entry, index),
    exists: existenceOf(
      metadata,
      [policy, rotation, grants].some((reading) => reading.read),
    ),
    metadata: readingOf(metadata, "the key's KeyMetadata", 'kms:DescribeKey', describe),
    policy,
    rotation,
    aliases: readingOf(entry.Aliases ?? whole, "the key's Aliases", 'kms:ListAliases', (names) => names.map(aliasName)),
    grants,
  };
}

/** Whatever was read of a key proves that it is there; only DescribeKey's NotFoundException proves that it is not. */
function existenceOf(metadata: RawKeyMetadata | ErrorMember | null, answered: boolean): Reading<boolean> {
  if (metadata !== null && !isErrorMember(metadata)) return read(true);
  if (metadata !== null && isError(metadata.Error, 'NotFoundException', 'NotFound')) return read(false);
  if (answered) return read(true);
  return metadata === null
    ? unread('not-told', "the snapshot does not hold the key's KeyMetadata")
    : unreadError(metadata.Error, 'kms:DescribeKey');
}

function describe(metadata: RawKeyMetadata): KeyMetadata {
  return {
    state: metadata.KeyState,
    manager: metadata.KeyManager,
    spec: metadata.KeySpec ?? metadata.CustomerMasterKeySpec,
    usage: metadata.KeyUsage,
    origin: metadata.Origin,
    deletionDate: metadata.DeletionDate,
    validTo: metadata.ValidTo,
    isMultiRegion: metadata.MultiRegion,
  };
}

function rotationOf(enabled: boolean | ErrorMember | null): Reading<KeyRotation> {
  // KMS refuses the question for imported material and for keys in a custom key store.
  if (isErrorMember(enabled) && isError(enabled.Error, 'UnsupportedOperationException')) return read('unsupported');
  return readingOf(enabled, 'KeyRotationEnabled', 'kms:GetKeyRotationStatus', (on: boolean) => (on ? 'on' : 'off'));
}

/** `alias/trail`, from that, from an alias ARN or from the bare name. */
function aliasName(alias: string): string {
  const name = alias.replace(/^arn:[^:]+:kms:[^:]*:[^:]*:/, '');
  return name.startsWith('alias/') ? name : `alias/${name}`;
}

function grantOf(grant: RawGrant, index: number): Grant {
  return {
    grantId: grant.GrantId ?? `#${index}`,
    granteePrincipal: grant.GranteePrincipal || grant.GranteeServicePrincipal || '',
    operations: grant.Operations,
    issuingAccount: grant.IssuingAccount,
    retiringPrincipal: grant.RetiringPrincipal,
  };
}

/** Parses each policy; one whose JSON gives a member twice is not valid, whatever JSON.parse kept of it. */
export function policyParser(duplicates: readonly string[]): ParsePolicy {
  return (document, place) => {
    const duplicate = duplicates.find((path) => path.startsWith(`${place}.`));
    if (duplicate === undefined) return parseKeyPolicy(document);
    return { valid: false, error: `the member \`${duplicate.slice(place.length + 1)}\` is given twice` };
  };
}
