import { type KeyPolicy, parseKeyPolicy } from '../policy/parse.ts';
import { together } from '../policy/together.ts';
import { principalAccount } from './arn.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import type { Grant, GrantConstraints } from './grant.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';

/** Operations whose requests carry no encryption context, so that a grant does not ask for one (KMS API Reference, GrantConstraints). */
const WITHOUT_CONTEXT: readonly string[] = ['DescribeKey', 'RetireGrant'];

/** How a grant is named among statements. */
export const grantLabel = ({ grantId }: Grant): string => `grant ${grantId}`;

/** Grants to CloudTrail; none where nobody could read them. */
export const grantsToCloudTrail = ({ key }: KeyPolicySubject): readonly Grant[] =>
  key.grants.read ? key.grants.value.filter(({ granteePrincipal }) => granteePrincipal === CLOUDTRAIL) : [];

/** Grants to users, roles and accounts; none where nobody could read them. */
export const grantsToPrincipals = ({ key }: KeyPolicySubject): readonly Grant[] =>
  key.grants.read ? key.grants.value.filter(({ granteePrincipal }) => principalAccount(granteePrincipal) !== null) : [];

export const isConstraintKnown = ({ constraints }: Grant): boolean => constraints.unknown.length === 0;

/** The subject as it is with grants: each is an Allow statement more, and a Deny of a policy still denies. */
export function withGrants(subject: KeyPolicySubject, grants: readonly Grant[]): KeyPolicySubject {
  if (grants.length === 0) return subject;
  const policy = together(subject.policy, grants.flatMap(policyOf));
  return { ...subject, policy, policies: [policy, ...subject.resourceControlPolicies] };
}

/** Constraints that are not known are left out. */
function policyOf(grant: Grant): readonly KeyPolicy[] {
  const operations = grant.operations.filter((operation) => !WITHOUT_CONTEXT.includes(operation));
  const others = grant.operations.filter((operation) => operation === 'DescribeKey');
  const contextual = { ...sourceCondition(grant.constraints), ...contextCondition(grant.constraints) };
  const parts = [
    statement(grant, operations, contextual),
    statement(grant, others, sourceCondition(grant.constraints)),
  ].flat();
  // Without a Version nothing in a value stands for anything else.
  const parse = parseKeyPolicy({ Statement: parts });
  return parse.valid ? [parse.policy] : [];
}

const statement = (grant: Grant, operations: readonly string[], Condition: object): readonly object[] =>
  operations.length === 0
    ? []
    : [
        {
          Sid: grantLabel(grant),
          Effect: 'Allow',
          Principal: {
            [principalAccount(grant.granteePrincipal) === null ? 'Service' : 'AWS']: grant.granteePrincipal,
          },
          Action: operations.map((operation) => `kms:${operation}`),
          Resource: '*',
          Condition,
        },
      ];

const sourceCondition = ({ sourceArn }: GrantConstraints): object =>
  sourceArn === null ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } };

function contextCondition({ encryptionContextEquals: whole, encryptionContextSubset: part }: GrantConstraints): object {
  const pairs = [part, whole].flatMap((context) => Object.entries(context ?? {}));
  if (pairs.length === 0) return {};
  return {
    StringEquals: Object.fromEntries(pairs.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    ...(whole !== null && {
      'ForAllValues:StringEqualsIgnoreCase': { 'kms:EncryptionContextKeys': Object.keys(whole) },
    }),
  };
}
