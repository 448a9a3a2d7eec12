import { foreignPrincipal, ordinaryPrincipals } from '../adversaries.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { type ExposureFound, exposureTo } from '../exposure.ts';
import { READING_BY_OUTSIDERS, READING_BY_OWN_ACCOUNT } from '../kmsActions.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsider, outsiders } from '../trust.ts';

/** Reading about the key is open to no stranger, and what only its own account can read not to everybody there. */
export const publicMetadataExcluded = defineCheck(
  {
    id: 'public-metadata-excluded',
    title: "The key's description, policies, grants, tags and rotation are not open to everybody",
    severity: 'LOW',
    urgency: 'some-day',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'Who may describe a key or list its grants learns who works with the logs, and finds the account that is worth attacking.',
    remediation:
      'Name the principals that need to read about the key, or bind the statement with `kms:CallerAccount` or `aws:PrincipalOrgID`.',
    examples: {
      pass: 'only the account and CloudTrail may `kms:DescribeKey`',
      fail: '`AWS: *` may `kms:DescribeKey` or `kms:ListGrants` without a condition',
    },
    sources: ['AWS KMS API Reference, Cross-account use', 'IAM User Guide, AWS JSON policy elements: Principal'],
  },
  whenPolicyRead((subject) => {
    const { metadata } = subject.key;
    if (metadata.read && metadata.value.manager === 'AWS') return notApplicable('AWS manages the key and its policy');
    const [found] = askEverybody(subject);
    if (found === undefined) return pass('reading about the key is not open to everybody');
    const { evidence, whom } = found;
    if (found.is === 'undecided') {
      const message = `whether ${whom} may ${found.action} is open: ${found.reason}`;
      return undecided(message, editPolicy({ edit: 'bound-callers' }), evidence);
    }
    const { statements } = evidence;
    const message = `statement ${quoted(statements)} lets ${whom} read about the key: for example ${found.example}`;
    const conditionKeys = ['kms:CallerAccount', 'aws:PrincipalOrgID'];
    const remedy = writePolicy(subject, { edit: 'name-principals', who: 'principals', statements, conditionKeys });
    return fail(message, remedy, evidence);
  }),
);

/** What is open, failures first. */
const askEverybody = oncePerKey((subject) => {
  const strangers = outsiders(subject).map((foreign) => foreignPrincipal(subject, foreign));
  const own = ordinaryPrincipals(subject, outsider(subject), subject.keyAccount);
  const found = [
    asked('principals of any account', exposureTo(subject, strangers, READING_BY_OUTSIDERS)),
    asked(
      "every principal of the key's account, whatever its IAM policies say,",
      exposureTo(subject, own, READING_BY_OWN_ACCOUNT, true),
    ),
  ].flat();
  return found.toSorted((a, b) => Number(a.is === 'undecided') - Number(b.is === 'undecided'));
});

const asked = (whom: string, found: ExposureFound | null): readonly (ExposureFound & { readonly whom: string })[] =>
  found === null ? [] : [{ ...found, whom }];
