import { keyIdentity, principalAccount } from '../arn.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { kmsCommand, LIST_GRANTS } from '../commands.ts';
import { defineCheck, recorded, whenKeyExists } from '../defineCheck.ts';
import type { Grant } from '../facts.ts';
import { addTo, READ_IT } from '../remedies.ts';

/** Grant operations that read what the key protects or hand the key on. */
const BOUNDED = new Set(['Decrypt', 'ReEncryptFrom', 'CreateGrant']);

/** No grant lets an outsider read or hand on the key. */
export const grantsBounded = defineCheck(
  {
    id: 'grants-bounded',
    title: "No grant lets an account beside the key's, the trail's and the trusted ones decrypt or grant",
    severity: 'HIGH',
    urgency: 'others-get-in',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale: 'A grant lets a principal in beside the key policy, and nothing in the policy shows it.',
    remediation:
      "Revoke the grant with `aws kms revoke-grant --key-id KEY_ARN --grant-id ID`, or add the grantee's account to `trustedAccounts`.",
    examples: {
      pass: 'every grantee of `Decrypt` belongs to the account of the key, of the trail or to `trustedAccounts`',
      fail: 'a grant gives `Decrypt` to a role of another account',
    },
    sources: ['AWS KMS Developer Guide, Grants in AWS KMS', 'AWS KMS API Reference, ListGrants'],
  },
  whenKeyExists((trail, key, { trustedAccounts }) => {
    if (!key.grants.read) return undecided(`the grants could not be read: ${key.grants.reason}`, READ_IT);
    const { value: grants, capturedAt } = key.grants;
    const keyAccount = (key.arn === null ? null : keyIdentity(key.arn)?.accountId) ?? trail.accountId;
    const inside = new Set([keyAccount, trail.accountId, ...trustedAccounts]);
    const bounded = grants.filter(({ operations }) => operations.some((operation) => BOUNDED.has(operation)));
    const outside = bounded.find((grant) => granteeOf(grant) === 'account' && !inside.has(accountOf(grant)));
    if (outside !== undefined) {
      const operations = outside.operations.filter((operation) => BOUNDED.has(operation)).join(', ');
      const message = `grant \`${outside.grantId}\` gives ${operations} to \`${outside.granteePrincipal}\`, which is neither of the key's or the trail's account nor trusted`;
      const command = kmsCommand('revoke-grant', trail, key, '--grant-id', outside.grantId);
      const trust = addTo('the account', 'trustedAccounts');
      return recorded(fail(message, [[{ do: 'revoke-grant', command }], [trust]]), capturedAt);
    }
    const unclear = bounded.find((grant) => granteeOf(grant) === 'unclear');
    if (unclear !== undefined) {
      const { grantId, granteePrincipal } = unclear;
      const message =
        granteePrincipal === ''
          ? `grant \`${grantId}\` names no grantee`
          : `the account of \`${granteePrincipal}\`, the grantee of grant \`${grantId}\`, is not known`;
      return recorded(undecided(message, [[{ do: 'look-at-grant', command: LIST_GRANTS }]]), capturedAt);
    }
    return recorded(pass('no grant lets another account decrypt or grant'), capturedAt);
  }),
);

const accountOf = ({ granteePrincipal }: Grant): string => principalAccount(granteePrincipal) ?? '';

/** An AWS service acts for the account of the key; the unique id of a deleted principal is nobody. */
function granteeOf(grant: Grant): 'account' | 'service' | 'deleted' | 'unclear' {
  if (accountOf(grant) !== '') return 'account';
  if (/\.amazonaws\.com(\.cn)?$/.test(grant.granteePrincipal)) return 'service';
  return /^A[A-Z]{3}[A-Z0-9]{12,}$/.test(grant.granteePrincipal) ? 'deleted' : 'unclear';
}
