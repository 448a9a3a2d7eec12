import { askAccess, exampleIn, inWorld, mostExposed } from '../accessQuestion.ts';
import { foreignTrailRequest } from '../adversaries.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import { areCloudTrailOnly } from '../cloudTrailOnly.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, READ_IT, writePolicy } from '../remedies.ts';
import { openToCloudTrail } from '../shares.ts';
import { strangersGrant } from '../strangersGrant.ts';
import { outsiders } from '../trust.ts';

/** No trail of an arbitrary other account can encrypt with the key. */
export const otherTrailsExcluded = defineCheck(
  {
    id: 'other-trails-excluded',
    title: 'No trail of another account can encrypt with the key',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'planner',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'CloudTrail is one service for every customer: a statement that allows the service without naming the trail allows the trail of any account in the world to use the key.',
    remediation:
      'Add `"StringEquals":{"aws:SourceArn":"TRAIL_ARN"}` to the statement for CloudTrail. Where the key also serves an encrypted SNS topic or an event data store, give those a key of their own, because `aws:SourceArn` is not supported there.',
    examples: {
      pass: '`aws:SourceArn` or the encryption context names the account of the trail',
      fail: 'an Allow of `kms:GenerateDataKey*` for `cloudtrail.amazonaws.com` without a condition',
    },
    sources: [
      'IAM User Guide, The confused deputy problem',
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
    ],
  },
  whenPolicyRead((subject) => {
    const { trail } = subject;
    const { foreign, answer } = askForeignTrail(subject);
    const granted = answer.possible === 'yes' ? null : strangersGrant(subject);
    if (granted !== null) return granted;
    if (answer.possible === 'no') {
      const shared = openToCloudTrail(subject);
      if (shared === null) return pass('no trail of another account can encrypt with the key');
      return undecided(`whether trails of other accounts can encrypt with the key is open: ${shared}`, READ_IT);
    }
    if (answer.possible === 'open') {
      const evidence = { statements: answer.decision.statements, dependsOn: answer.decision.dependsOn };
      const message = `whether trails of other accounts can encrypt with the key is open: ${answer.reason}`;
      return undecided(message, editPolicy({ edit: 'name-trail' }), evidence);
    }
    const anyTrail = `arn:${trail.partition}:cloudtrail:${trail.homeRegion}:${foreign.account}:trail/x`;
    const example = exampleIn(answer.world, SAME_TRAIL, anyTrail);
    const message = `statement ${quoted(answer.statements)} lets trails of any account encrypt: for example \`${example}\` may kms:GenerateDataKey${inWorld(answer.world, SAME_TRAIL)}${sharing(subject, answer.statements)}`;
    const { statements } = answer;
    const isShared = !areCloudTrailOnly(subject.policy, statements);
    const pin = { edit: 'pin-to-trail', statements, trailArn: trail.arn, isShared } as const;
    const remedy = writePolicy(subject, pin, { do: 'separate-users' });
    return fail(message, remedy, { statements, dependsOn: Object.keys(answer.world) });
  }),
);

/** Keys that hold the ARN of the trail. */
const SAME_TRAIL = ['aws:SourceArn', TRAIL_CONTEXT_KEY];

const askForeignTrail = oncePerKey((subject) =>
  mostExposed(
    outsiders(subject).map((foreign) => ({
      foreign,
      answer: askAccess(subject, foreignTrailRequest(subject, foreign)),
    })),
    ({ answer }) => [answer],
  ),
);

/** Why an unconditioned statement for CloudTrail may be there, and what it costs. */
function sharing({ policy }: KeyPolicySubject, statements: readonly string[]): string {
  const unconditioned = policy.statements.some(
    ({ label, principal, conditions }) =>
      statements.includes(label) && principal.service.includes(CLOUDTRAIL) && conditions.length === 0,
  );
  if (!unconditioned) return '';
  return '; an encrypted SNS topic or an event data store on the same key needs such a statement without conditions, because aws:SourceArn is not supported there, and its cost is that every account can use the key through CloudTrail';
}
