import { type Grant, type GrantConstraints, UNCONSTRAINED } from '../trail/grant.ts';
import type { GrantMember } from './members.ts';

/** A grant as ListGrants tells it; `index` names one without an id. */
export function grantOf(grant: GrantMember, index = 0): Grant {
  return {
    grantId: grant.GrantId ?? `#${index}`,
    granteePrincipal: grant.GranteePrincipal || grant.GranteeServicePrincipal || '',
    operations: grant.Operations,
    issuingAccount: grant.IssuingAccount || null,
    retiringPrincipal: grant.RetiringPrincipal || grant.RetiringServicePrincipal || null,
    constraints: constraintsOf(grant.Constraints ?? {}),
  };
}

/** What is there and does not have the form that KMS documents asks for something that is not known. */
function constraintsOf(members: object): GrantConstraints {
  let constraints = UNCONSTRAINED;
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined) continue;
    constraints = { ...constraints, ...(constraintOf(name, value) ?? { unknown: [...constraints.unknown, name] }) };
  }
  return constraints;
}

function constraintOf(name: string, value: unknown): Partial<GrantConstraints> | null {
  if (name === 'SourceArn' && typeof value === 'string' && value !== '') return { sourceArn: value };
  if (name === 'EncryptionContextEquals' && isTexts(value)) return { encryptionContextEquals: value };
  if (name === 'EncryptionContextSubset' && isTexts(value)) return { encryptionContextSubset: value };
  return null;
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string');
