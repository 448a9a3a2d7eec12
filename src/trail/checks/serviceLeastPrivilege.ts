import type { Statement } from '../../policy/statement.ts';
import { decide } from '../accessQuestion.ts';
import { askEach } from '../actionKinds.ts';
import { covers, takesIn } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { areCloudTrailOnly } from '../cloudTrailOnly.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { KMS_ACTIONS } from '../kmsActions.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { distinct, listed } from '../policyNames.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { serviceRequest } from '../requests.ts';
import { doubtInWords } from '../serviceAccess.ts';

/** What is said first of actions that CloudTrail never takes. */
const GRAVEST: readonly string[] = [
  'kms:PutKeyPolicy',
  'kms:CreateGrant',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:Encrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** ListAliases is no action on one key, so an entry that takes it in gives nothing. */
const ALLOWED = ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt', 'kms:ListAliases'];

const NEVER_NEEDED = distinct([...GRAVEST, ...KMS_ACTIONS]).filter(
  (action) => !ALLOWED.some((entry) => covers(entry, action)),
);

/** CloudTrail gets no more than it needs. */
export const serviceLeastPrivilege = defineCheck(
  {
    id: 'service-least-privilege',
    title: 'CloudTrail gets no more than `kms:GenerateDataKey*`, `kms:DescribeKey` and `kms:Decrypt`',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'planner',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale: 'What the service never asks for is of use only to somebody who makes the service act for them.',
    remediation:
      'In the statement for `cloudtrail.amazonaws.com` list `kms:GenerateDataKey*`, `kms:DescribeKey` and, for a bucket with an S3 Bucket Key, `kms:Decrypt`; take everything else out.',
    examples: {
      pass: 'Action is `kms:GenerateDataKey*`, `kms:DescribeKey` or `kms:Decrypt`',
      fail: 'Action is `kms:*` or includes `kms:CreateGrant`',
    },
    sources: ['AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail'],
  },
  whenPolicyRead((subject) => {
    const excess = excessActions(subject);
    if (excess.length === 0) return pass(ENOUGH);
    const asked = askEach(subject, excess, (action) => decide(subject, serviceRequest(subject, action)));
    const allowed = asked.filter(({ answer }) => answer.outcome === 'allowed');
    if (allowed.length > 0) {
      const statements = distinct(allowed.flatMap(({ answer }) => answer.statements));
      const actions = listed(allowed.map(({ action }) => action));
      const message = `statement ${quoted(statements)} gives CloudTrail more than it needs: ${actions}`;
      const isShared = !areCloudTrailOnly(subject.policy, statements);
      const remedy = writePolicy(subject, { edit: 'leave-needed-actions', statements, isShared });
      return fail(message, remedy, { statements, dependsOn: [] });
    }
    const doubts = asked.filter(({ answer }) => answer.outcome === 'unknown');
    const [doubt] = doubts;
    if (doubt === undefined) return pass(ENOUGH);
    const { statements, dependsOn } = doubt.answer;
    const message = `whether CloudTrail may ${doubt.action} is open: ${doubtInWords(doubt.answer)}`;
    return undecided(message, editPolicy({ edit: 'separate-cloudtrail' }), { statements, dependsOn });
  }),
);

const ENOUGH = 'CloudTrail gets no more than it needs';

/** Actions beyond its needs in statements that cover CloudTrail by name or through the principal `*`. */
const excessActions = oncePerKey(({ policy }): readonly string[] => {
  const entries = policy.statements
    .filter((statement) => statement.effect === 'Allow' && coversCloudTrail(statement))
    .flatMap(({ action }) => (action === null ? [] : [action]));
  return NEVER_NEEDED.filter((action) => entries.some((entry) => takesIn(entry, action)));
});

/** An unconditioned `{"AWS": "*"}` may cover services; one with conditions on the caller is for principals. */
function coversCloudTrail({ principal, conditions }: Statement): boolean {
  const mayBeMeant = principal.aws.includes('*') && conditions.length === 0;
  const named = principal.everyone || principal.service.includes(CLOUDTRAIL) || mayBeMeant;
  return named !== principal.negated;
}
