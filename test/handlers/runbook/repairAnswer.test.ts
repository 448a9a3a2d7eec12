import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { digestOf, planAnswer, shownPlan } from '../../../src/handlers/runbook/repairAnswer.ts';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import type { RepairPlan } from '../../../src/trail/repair/plan.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/';
/** The runbook's own words around what the function answers. */
const MESSAGE: string = parse(readFileSync('deploy/remediation/runbooks.yaml', 'utf8'), {
  logLevel: 'error',
}).Resources.RepairKeyPolicy.Properties.Content.mainSteps.find(({ name }: { name: string }) => name === 'Approve')
  .inputs.Message;
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
    work: { fixes: [], before: parse.policy, policyEdits: [], otherCommands: [], formerKey: null },
  };
}
/** A plan that adds a statement, and says so. */
function adding(plan: RepairPlan, statement: object): RepairPlan {
  const edit = { index: null, label: 'New', statement, change: 'statement-added', message: 'is new', loses: [] };
  const work = { ...plan.work, policyEdits: [edit] } as unknown as RepairPlan['work'];
  const after = [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }, statement];
  return { ...plan, work, policy: { Version: '2012-10-17', Statement: after } as unknown as RepairPlan['policy'] };
}
const NEW = {
  Sid: 'New',
  Effect: 'Deny',
  Principal: { AWS: 'arn:aws:iam::444455556666:role/x' },
  Action: 'kms:Decrypt',
  Resource: '*',
};
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
  const message = MESSAGE.replace('{{ TrailName }}', arns[0] ?? '')
    .replace('{{ Plan.Payload }}', JSON.stringify({ proved: 'yes', ...answer }))
    .replace('{{ global:REGION }}', 'ap-northeast-1')
    .replace('{{ automation:EXECUTION_ID }}', '01234567-89ab-cdef-0123-456789abcdef');
  expect(message).not.toContain('{{');
  expect(message.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
  expect(answer).toMatchObject({ keyArn: KEY, trails, digest: digestOf(plan), access: 'equal' });
  expect(answer.changes.includes('the step Show has it all')).toBe(edits > 1);
});

test('whoever approves is shown the whole policy, and what access changes', () => {
  const plan = adding(planOf(policy('kms:*'), [`${TRAIL}main`], []), NEW);
  const lost = 'kms:Decrypt for arn:aws:iam::444455556666:role/x by #0';
  expect(planAnswer(plan)).toMatchObject({
    access: expect.stringMatching(/^narrower; lost: /),
    policy: { Statement: [expect.objectContaining({ Action: 'kms:*' }), NEW] },
  });
  expect(planAnswer(plan).access).toContain(lost);
});

test('a policy that is too long for that is shown by the step before, whole, with the same digest', () => {
  const long = { ...NEW, Action: Array.from({ length: 200 }, (_, at) => `kms:Action${at}`) };
  const plan = adding(planOf(policy('kms:*'), [`${TRAIL}main`], []), long);
  const { digest, policy: inline } = planAnswer(plan);
  expect(inline).toBe('the step Show has it all');
  expect(shownPlan(plan)).toMatchObject({ keyArn: KEY, digest, access: { relation: expect.any(String) } });
  expect(JSON.stringify(shownPlan(plan).policy)).toContain('kms:Action199');
});

test('an approval is for one key and one policy', () => {
  const plan = planOf(policy('kms:*'), [], []);
  expect(digestOf(plan)).toBe(digestOf(planOf(policy('kms:*'), ['other'], ['other'])));
  expect(digestOf(plan)).not.toBe(digestOf(planOf(policy('kms:Decrypt'), [], [])));
  expect(digestOf(plan)).not.toBe(digestOf({ ...plan, keyArn: `${KEY}0` }));
});
