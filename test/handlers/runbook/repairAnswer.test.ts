import { digestOf, planAnswer } from '../../../src/handlers/runbook/repairAnswer.ts';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import type { RepairPlan } from '../../../src/trail/repair/plan.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/';
/** `aws:approve` takes no longer message (AWS Systems Manager User Guide, "aws:approve"). */
const MESSAGE_LENGTH = 4_096;

function planOf(policy: string, trailArns: readonly string[], messages: readonly string[]): RepairPlan {
  const parse = parseKeyPolicy(policy);
  if (!parse.valid) throw new Error(parse.error);
  return {
    keyArn: KEY,
    trailArns,
    status: 'repaired',
    policy: null,
    edits: messages.map((message) => ({ statement: 'Encrypt', change: 'condition-value-corrected', message })),
    commands: [],
    remaining: [],
    reason: null,
    work: { fixes: [], before: parse.policy, policyEdits: [], otherCommands: [] },
  };
}
const policy = (Action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }] });

test.each([
  ['one trail, one edit', 1, 1],
  ['a hundred trails with the longest names, a hundred edits', 100, 100],
])('whoever approves is shown what fits: %s', (_, trails, edits) => {
  const arns = Array.from({ length: trails }, (_, at) => `${TRAIL}${String(at).padStart(128, 'x')}`);
  const plan = planOf(
    policy('kms:*'),
    arns,
    Array.from({ length: edits }, () => 'was "a" and becomes "b": `c`'),
  );
  const answer = planAnswer(plan);
  const message = `Repair of the key policy for trail ${arns[0]}: ${JSON.stringify({ proved: 'yes', ...answer })}`;
  expect(message.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
  expect(answer).toMatchObject({ keyArn: KEY, trails, digest: digestOf(plan) });
  expect(answer.changes.includes('the log of the function has it all')).toBe(edits > 1);
});

test('an approval is for one key and one policy', () => {
  const plan = planOf(policy('kms:*'), [], []);
  expect(digestOf(plan)).toBe(digestOf(planOf(policy('kms:*'), ['other'], ['other'])));
  expect(digestOf(plan)).not.toBe(digestOf(planOf(policy('kms:Decrypt'), [], [])));
  expect(digestOf(plan)).not.toBe(digestOf({ ...plan, keyArn: `${KEY}0` }));
});
