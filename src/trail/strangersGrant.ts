import { askAccess, exampleIn } from './accessQuestion.ts';
import { foreignTrailRequest } from './adversaries.ts';
import { principalAccount } from './arn.ts';
import { type CheckResult, fail, undecided } from './checkResult.ts';
import { kmsCommand, LIST_GRANTS } from './commands.ts';
import type { Grant } from './grant.ts';
import { granteeInWords, whyUnclear } from './grantBeneficiary.ts';
import { grantLabel, grantsToCloudTrail, withGrants } from './grantStatements.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { insiders, type Outsider, outsiders } from './trust.ts';

/** A grant that lets CloudTrail encrypt for trails of other accounts, as a finding; `null` where none does. */
export function strangersGrant(subject: KeyPolicySubject): CheckResult | null {
  const given = grantsToCloudTrail(subject).flatMap((grant) => {
    const trail = foreignTrail(subject, grant);
    return trail === null ? [] : [{ grant, ...trail }];
  });
  const isSure = ({ grant, example }: (typeof given)[number]) =>
    example !== null && grant.constraints.unknown.length === 0;
  const [worst] = given.toSorted((a, b) => Number(isSure(b)) - Number(isSure(a)));
  if (worst === undefined) return null;
  const { grant, example } = worst;
  const evidence = { statements: [grantLabel(grant)], dependsOn: [] };
  const look = [[{ do: 'look-at-grant', command: LIST_GRANTS }]] as const;
  if (!isSure(worst)) {
    const why = example === null ? `grant \`${grant.grantId}\` is hard to evaluate` : whyUnclear(grant);
    return undecided(`whether trails of other accounts can encrypt with the key is open: ${why}`, look, evidence);
  }
  const command = kmsCommand('revoke-grant', subject.trail, subject.key, '--grant-id', grant.grantId);
  const message = `grant \`${grant.grantId}\` to ${granteeInWords(grant)} lets trails of other accounts encrypt: for example \`${example}\` may kms:GenerateDataKey`;
  return fail(message, [[{ do: 'revoke-grant', command }]], evidence);
}

/** A trail of another account for which CloudTrail may encrypt by a grant; without an example where that is open. */
function foreignTrail(subject: KeyPolicySubject, grant: Grant): { readonly example: string | null } | null {
  const granted = withGrants(subject, [grant]);
  const answers = strangers(granted, grant).map((foreign) => ({
    foreign,
    answer: askAccess(granted, foreignTrailRequest(granted, foreign)),
  }));
  for (const { foreign, answer } of answers) {
    if (answer.possible !== 'yes') continue;
    const { partition, homeRegion } = subject.trail;
    const anyTrail = `arn:${partition}:cloudtrail:${homeRegion}:${foreign.account}:trail/x`;
    return { example: exampleIn(answer.world, ['aws:SourceArn'], anyTrail) };
  }
  return answers.some(({ answer }) => answer.possible === 'open') ? { example: null } : null;
}

/** Outsiders that nobody names, and the account that the grant names where nobody trusts it. */
function strangers(granted: KeyPolicySubject, { constraints: { sourceArn } }: Grant): readonly Outsider[] {
  const unnamed = outsiders(granted);
  const account = principalAccount(sourceArn ?? '');
  const [any] = unnamed;
  if (account === null || any === undefined || insiders(granted).includes(account)) return unnamed;
  return [...unnamed, { ...any, account }];
}
