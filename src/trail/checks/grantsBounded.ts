import { keyIdentity } from '../arn.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { kmsCommand, LIST_GRANTS } from '../commands.ts';
import { defineCheck, recorded, whenKeyExists } from '../defineCheck.ts';
import { type Beneficiary, beneficiaryOf, granteeInWords, whyUnclear } from '../grantBeneficiary.ts';
import { addTo, readIt } from '../remedies.ts';

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
    isToldByDeployment: true,
    controls: [],
    rationale: 'A grant allows a principal beside the key policy, and nothing in the policy shows it.',
    remediation:
      "Revoke the grant with `aws kms revoke-grant --key-id KEY_ARN --grant-id ID`, or add the grantee's account to `trustedAccounts`.",
    examples: {
      pass: 'every grantee of `Decrypt` belongs to the account of the key, of the trail or to `trustedAccounts`, or is a service that acts for one of them',
      fail: 'a grant gives `Decrypt` to a role of another account, or to a service for a `SourceArn` of another account',
    },
    sources: ['AWS KMS Developer Guide, Grants in AWS KMS', 'AWS KMS API Reference, ListGrants'],
  },
  whenKeyExists((trail, key, { trustedAccounts }) => {
    if (!key.grants.read) return undecided(`the grants could not be read: ${key.grants.reason}`, readIt(key.grants));
    const { value: grants, capturedAt } = key.grants;
    const keyAccount = (key.arn === null ? null : keyIdentity(key.arn)?.accountId) ?? trail.accountId;
    const inside = new Set([keyAccount, trail.accountId, ...trustedAccounts]);
    const bounded = grants.filter(({ operations }) => operations.some((operation) => BOUNDED.has(operation)));
    const givenTo = (one: Beneficiary) => bounded.find((grant) => beneficiaryOf(grant, inside) === one);
    const outside = givenTo('outsider');
    if (outside !== undefined) {
      const operations = outside.operations.filter((operation) => BOUNDED.has(operation)).join(', ');
      const message = `grant \`${outside.grantId}\` gives ${operations} to ${granteeInWords(outside)}, which is neither of the key's or the trail's account nor trusted`;
      const command = kmsCommand('revoke-grant', trail, key, '--grant-id', outside.grantId);
      const trust = addTo('the account', 'trustedAccounts');
      return recorded(fail(message, [[{ do: 'revoke-grant', command }], [trust]]), capturedAt);
    }
    const unclear = givenTo('unclear');
    if (unclear !== undefined) {
      const remedy = [[{ do: 'look-at-grant', command: LIST_GRANTS }]] as const;
      return recorded(undecided(whyUnclear(unclear), remedy), capturedAt);
    }
    return recorded(pass('no grant lets another account decrypt or grant'), capturedAt);
  }),
);
