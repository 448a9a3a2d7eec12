import { createHash } from 'node:crypto';
import { htmlPlans } from '../../../src/report/html/plans.ts';
import type { RepairPlan } from '../../../src/trail/repair/plan.ts';
import { parsedPolicy } from '../../policy/parsedPolicy.ts';
import { HOSTILE } from '../estate.ts';
import { ABOUT } from '../example.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};
const allow = (Sid: string, members: object) => ({
  Sid,
  Effect: 'Allow',
  Action: 'kms:Decrypt',
  Resource: '*',
  ...members,
});
const SIEM = { AWS: 'arn:aws:iam::444455556666:role/siem' };
const READERS = allow('Readers', { Principal: SIEM });
const CLOUDTRAIL = allow('Encrypt', {
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Condition: { StringEquals: { 'aws:SourceArn': TRAIL } },
});

function planOf(before: readonly object[], after: readonly object[], more: Partial<RepairPlan> = {}): RepairPlan {
  const edit = {
    index: null,
    label: 'x',
    statement: null,
    change: 'statement-added',
    message: 'm',
    loses: [],
  } as const;
  const policy = { Version: '2012-10-17', Statement: after } as unknown as NonNullable<RepairPlan['policy']>;
  return {
    keyArn: KEY,
    trailArns: [TRAIL],
    status: 'repaired',
    policy,
    edits: [{ statement: 'Encrypt', change: 'statement-added', message: 'allows `CloudTrail`' }],
    commands: ["aws kms put-key-policy --key-id 'k'"],
    remaining: [],
    reason: null,
    work: {
      before: parsedPolicy({ Version: '2012-10-17', Statement: before }),
      fixes: [],
      policyEdits: [edit],
      otherCommands: [],
      formerKey: null,
    },
    ...more,
  };
}
const page = (...plans: readonly RepairPlan[]) => [...htmlPlans(plans, ABOUT)].join('');
/** The text of the section about access. */
const accessIn = (source: string): string =>
  (/What access this plan gives and takes<\/h4>([\s\S]*?)<h4>/.exec(source)?.[1] ?? '').replace(/<[^>]*>/g, '');

const LEFT = {
  check: 'key-rotates',
  trailArns: [TRAIL],
  severity: 'MEDIUM',
  message: 'is off',
  remediation: 'Turn it on',
} as const;

const PROOF = 'Proved for every principal, service, action and context.';

test.each<[string, RepairPlan, readonly string[]]>([
  [
    'what is gained, with a request that shows it',
    planOf([ROOT], [ROOT, CLOUDTRAIL]),
    ['wider', PROOF, 'gained kms:GenerateDataKey cloudtrail.amazonaws.com', 'by Encrypt', `aws:SourceArn${TRAIL}`],
  ],
  [
    'what is lost, and the proof that nothing is gained',
    planOf([ROOT, READERS], [ROOT]),
    ['narrower', PROOF, `lost kms:Decrypt ${SIEM.AWS}`, 'by Readers'],
  ],
  [
    'both',
    planOf([ROOT, READERS], [ROOT, CLOUDTRAIL]),
    ['incomparable', 'gained kms:GenerateDataKey', 'lost kms:Decrypt'],
  ],
  ['the proof that nothing changes', planOf([ROOT], [ROOT, { ...ROOT, Sid: 'Again' }]), ['equal', PROOF]],
  [
    'why nobody can say',
    planOf(
      [ROOT],
      [ROOT, allow('F', { Effect: 'Deny', Principal: '*', Condition: { stringequals: { 'aws:x': 'y' } } })],
    ),
    ['unknown', 'stringequals is no documented condition operator'],
  ],
  ['a policy that stays', planOf([ROOT], [ROOT], { work: null, policy: null }), []],
])('%s', (_, plan, expected) => {
  const text = accessIn(page(plan));
  for (const part of expected) expect(text).toContain(part);
  expect(text.includes(PROOF)).toBe(expected.includes(PROOF));
});

test('a plan shows its edits, the whole policy, its commands and what is left', () => {
  const source = page(planOf([ROOT], [ROOT, CLOUDTRAIL], { remaining: [LEFT] }));
  for (const part of [
    'statement-added',
    '<code>CloudTrail</code>',
    '&quot;Sid&quot;: &quot;Encrypt&quot;',
    'put-key-policy',
  ])
    expect(source).toContain(part);
  for (const part of ['Left for a person', 'key-rotates', 'Turn it on', TRAIL, KEY]) expect(source).toContain(part);
});

test.each([
  ['repaired', 'good', 'would fix 1 of 1 failing check', []],
  ['repaired', 'open', 'would fix 1 of 2 failing checks', ['key-rotates']],
  ['handed-over', 'open', 'its owner would fix 1 of 1 failing check', []],
  ['declined', 'bad', 'would fix none of 1 failing check', ['key-rotates']],
  ['nothing-to-do', 'good', 'nothing to fix', []],
] as const)(
  '%s is headed by what it would fix and what it leaves, as the text is (%s)',
  (status, look, title, leaves) => {
    const plan = planOf([ROOT], [ROOT, CLOUDTRAIL]);
    const fixes = title.includes(' 1 of ') ? (['cloudtrail-can-encrypt'] as const) : [];
    const remaining = leaves.map((check) => ({ ...LEFT, check }));
    const source = page({ ...plan, status, remaining, work: { ...plan.work!, fixes } });
    expect(source).toContain(`<span class="tag ${look}">${title}</span>`);
    expect(source.includes('<dt>Fixes</dt><dd>cloudtrail-can-encrypt</dd>')).toBe(fixes.length > 0);
    expect(source.includes('<dt>Leaves</dt><dd>key-rotates</dd>')).toBe(leaves.length > 0);
  },
);

test('hostile names are text, and no script runs', () => {
  const source = page(
    planOf([ROOT], [ROOT, { ...CLOUDTRAIL, Sid: HOSTILE }], {
      trailArns: [HOSTILE],
      reason: HOSTILE,
      commands: [HOSTILE],
    }),
  );
  expect(source).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(source).not.toMatch(/<script|[\u202e\u2028\0]/);
  const style = /<style>([\s\S]*?)<\/style>/.exec(source)?.[1] ?? '';
  expect(source).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(source.startsWith('<!doctype html>') && source.endsWith('</html>\n')).toBe(true);
});
