import type { KeyPolicyParse } from '../policy/parse.ts';
import { type KeyFacts, type Reading, read, type TrailDescription, type Unread, unread } from '../trail/facts.ts';
import type { AwsClients } from './clients.ts';
import { describeKey, readGrants, readPolicy, readRotation } from './keyReads.ts';
import { type KeyReference, keyReference } from './keyReference.ts';
import { memoize } from './memo.ts';
import type { Session } from './session.ts';

const RCP_UNREAD = unread('resource control policies were not examined');

export interface KeyReader {
  key(reference: string, trail: TrailDescription): Promise<KeyFacts>;
}

/** The parts of a key that its ARN alone leads to. */
type KeyDetails = Pick<KeyFacts, 'policy' | 'grants' | 'rotation'>;

/**
 * Reads keys live, each distinct one once, in the Region of the key's ARN.
 *
 * @param organizationId of an account; asked only where the key's policy names an organization
 */
export function keyReader(
  session: Session,
  clients: AwsClients,
  options: {
    readonly readRotation: boolean;
    readonly organizationId: (accountId: string) => Promise<Reading<string | null>>;
  },
): KeyReader {
  const describe = memoize((arn) => describeKey(session, clients, parsed(arn)));
  const details = memoize(async (arn): Promise<KeyDetails> => {
    const key = parsed(arn);
    const [policy, grants, rotation] = await Promise.all([
      readPolicy(session, clients, key),
      readGrants(session, clients, key),
      options.readRotation
        ? readRotation(session, clients, key)
        : unread('rotation is read only when `requireKeyRotation` is true'),
    ]);
    return { policy, grants, rotation };
  });

  return {
    async key(reference, trail) {
      const named = keyReference(reference, trail);
      if (named === null) return absentKey(reference, null, `\`${reference}\` is no key, alias or key ARN`);
      const { exists, metadata, arn } = await describe(named.arn);
      if (exists.read && !exists.value) return absentKey(reference, named.arn, 'the key does not exist');
      const common = { reference, arn, exists, metadata, resourceControlPolicies: RCP_UNREAD };
      if (arn === null) {
        const reason = unread(metadata.read ? 'the alias was not resolved' : metadata.reason);
        return { ...common, policy: reason, grants: reason, rotation: reason, organizationId: reason };
      }
      const found = await details(arn);
      return {
        ...common,
        ...found,
        // Who answers for a key's policy or grants has the key, even where it may not be described.
        exists: !exists.read && (found.policy.read || found.grants.read) ? read(true) : exists,
        organizationId: await organizationOf(arn, found.policy, options.organizationId),
      };
    },
  };
}

function parsed(arn: string): KeyReference {
  const key = keyReference(arn, { partition: '', accountId: '', homeRegion: '' });
  if (key === null) throw new Error(`\`${arn}\` is no key ARN`);
  return key;
}

function absentKey(reference: string, arn: string | null, reason: string): KeyFacts {
  const nothing: Unread = unread(reason);
  return {
    reference,
    arn: arn?.includes(':key/') ? arn : null,
    exists: read(false),
    metadata: nothing,
    policy: nothing,
    grants: nothing,
    rotation: nothing,
    resourceControlPolicies: nothing,
    organizationId: nothing,
  };
}

/** Condition keys, and policy variables inside values, whose value is an organization. */
const ORGANIZATION_KEY = /aws:(principal|source|resource)org(id|paths)\b/i;

/** An organization that the policy does not name decides nothing about the key, so it is not asked for. */
async function organizationOf(
  arn: string,
  policy: Reading<KeyPolicyParse>,
  organizationId: (accountId: string) => Promise<Reading<string | null>>,
): Promise<Reading<string | null>> {
  const conditions =
    policy.read && policy.value.valid
      ? policy.value.policy.statements.flatMap((statement) => statement.conditions)
      : [];
  const named = conditions.some(({ key, values }) => [key, ...values].some((text) => ORGANIZATION_KEY.test(text)));
  return named ? organizationId(parsed(arn).accountId) : unread('not read, since the key policy names no organization');
}
