import { absent, type KeyState, PLAIN, perhaps, present } from '../../policy/request.ts';
import { keyIdentity } from '../arn.ts';
import type { KeyMetadata, Reading } from '../facts.ts';

/** The id of an organization that nobody named. */
export const ANY_ORGANIZATION = 'o-??????????*';

/** The organization of an account; `null` where it is not known. */
export function organizationId(organization: Reading<string | null>): KeyState | null {
  if (!organization.read) return null;
  return organization.value === null ? absent : present(organization.value);
}

/** That of an account which a request may show or not. */
export function organizationIdPerhaps(organization: Reading<string | null>): KeyState {
  if (!organization.read) return perhaps(ANY_ORGANIZATION);
  return organization.value === null ? absent : perhaps(organization.value);
}

/** Where an account stands in its organization, which a request may show or not. */
export function organizationPaths(organization: Reading<string | null>): KeyState {
  if (!organization.read) return pathsIn(ANY_ORGANIZATION, true);
  return organization.value === null ? absent : pathsIn(organization.value, true);
}

/** Any path of an organization: no unit is called `*`, which a policy may say where it takes no wildcard. */
export const pathsIn = (organization: string, orAbsent = false): KeyState => ({
  is: 'constrained',
  matching: [`${organization}/${PLAIN}`],
  outside: [],
  orAbsent,
  says: `\`${organization}/**\``,
});

/** Whether a multi-Region key is the primary one or a replica; a key of one Region is neither. */
export function multiRegionKeyType(metadata: Reading<KeyMetadata>): KeyState {
  if (metadata.read && metadata.value.isMultiRegion === false) return absent;
  const type = metadata.read ? metadata.value.multiRegionKeyType : null;
  return type ? present(type) : perhaps('PRIMARY', 'REPLICA');
}

/**
 * What ends the names of services in kms:ViaService, by partition. Where only the suffix of the partition's endpoints is
 * documented, the usual one is thought possible too: a domain that is too narrow would hide who gets in.
 */
const SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws', ['amazonaws.com']],
  ['aws-us-gov', ['amazonaws.com']],
  ['aws-cn', ['amazonaws.com.cn', 'amazonaws.com']],
  ['aws-eusc', ['amazonaws.eu', 'amazonaws.com']],
  ['aws-iso', ['c2s.ic.gov', 'amazonaws.com']],
  ['aws-iso-b', ['sc2s.sgov.gov', 'amazonaws.com']],
  ['aws-iso-e', ['cloud.adc-e.uk', 'amazonaws.com']],
  ['aws-iso-f', ['csp.hci.ic.gov', 'amazonaws.com']],
]);

/** Values of kms:ViaService: `SERVICE.REGION.SUFFIX`; `null` in a partition whose suffix no source shows. */
export function viaService(keyArn: string): KeyState | null {
  const suffixes = SUFFIXES.get(keyIdentity(keyArn)?.partition ?? '');
  if (suffixes === undefined) return null;
  const patterns = suffixes.map((suffix) => `?*.?*-?*-#.${suffix}`);
  return {
    is: 'constrained',
    matching: patterns,
    outside: [],
    orAbsent: true,
    says: `\`SERVICE.REGION.${suffixes[0]}\``,
  };
}
