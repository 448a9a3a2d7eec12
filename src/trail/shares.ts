import { parseArn, principalAccount } from './arn.ts';
import { type CheckResult, fail, undecided } from './checkResult.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import type { KeyShare } from './keyShare.ts';
import { distinct, listed } from './policyNames.ts';
import { quoted } from './refusals.ts';
import { addTo, READ_IT } from './remedies.ts';
import { ramLabel } from './remedy/ramLabel.ts';
import { insiders, trustedOrganizations } from './trust.ts';

/** What shares that a file declares say of trust: somebody who is not trusted may use the key. `null`: nothing. */
export function untrustedShares(subject: KeyPolicySubject): CheckResult | null {
  const shares = subject.key.shares ?? [];
  const parties = shares.flatMap((share) => partiesOf(share, subject).map((party) => ({ ...party, share })));
  const strangers = parties.filter(({ is }) => is === 'stranger');
  const some = strangers.length > 0 ? strangers : parties.filter(({ is }) => is === 'open');
  if (some.length === 0) return null;
  const names = distinct(some.map(({ share }) => share.name));
  const whom = listed(distinct(some.map(({ name }) => name)));
  const evidence = { statements: names.map(ramLabel), dependsOn: [] };
  if (strangers.length === 0)
    return undecided(
      `whether ${whom}, with whom ${quoted(names)} shares the key, is trusted is open`,
      READ_IT,
      evidence,
    );
  const message = `${quoted(names)} lets ${whom} use the key through AWS RAM, and the rule is not told to trust that`;
  const trust = addTo('it', 'trustedAccounts', 'trustedOrganizations');
  return fail(message, [[{ do: 'remove-share', statements: names }], [trust]], evidence);
}

interface Party {
  /** "account `...`" */
  readonly name: string;
  readonly is: 'trusted' | 'stranger' | 'open';
}

function partiesOf(share: KeyShare, subject: KeyPolicySubject): readonly Party[] {
  if (share.principals === null) return [{ name: 'somebody', is: 'open' }];
  // Services are no parties to trust.
  return share.principals
    .filter((principal) => !isService(principal))
    .map((principal) => partyOf(principal, share, subject));
}

const isService = (principal: string): boolean => /^[a-z0-9.-]+\.amazonaws\.[a-z.]+$/.test(principal);

function partyOf(principal: string, { allowsExternal }: KeyShare, subject: KeyPolicySubject): Party {
  const trusted = trustedOrganizations(subject.trail, subject.options);
  const organization = parseArn(principal)?.service === 'organizations' ? /\bo-[a-z0-9]+/.exec(principal)?.[0] : null;
  if (organization != null)
    return { name: `organization \`${organization}\``, is: trusted.includes(organization) ? 'trusted' : 'stranger' };
  const account = principalAccount(principal);
  if (account === null) return { name: `\`${principal}\``, is: 'open' };
  const name = `account \`${account}\``;
  if (insiders(subject).includes(account)) return { name, is: 'trusted' };
  // A share that stays in the organization reaches none but its accounts.
  return { name, is: allowsExternal === true || trusted.length === 0 ? 'stranger' : 'open' };
}

/** Why it is open whether a share allows CloudTrail for other accounts; `null` where none does. */
export function openToCloudTrail(subject: KeyPolicySubject): string | null {
  const inside = insiders(subject);
  const share = (subject.key.shares ?? []).find(
    ({ principals, sources }) =>
      (principals === null || principals.includes(CLOUDTRAIL)) &&
      (sources === null || sources.length === 0 || sources.some((source) => !inside.includes(source))),
  );
  return share === undefined
    ? null
    : `\`${share.name}\` shares the key through AWS RAM with services of other accounts`;
}
