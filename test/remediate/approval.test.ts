import { type AutomationRun, refuseStarterAlone, starterOf } from '../../src/remediate/approval.ts';

const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const session = (name: string, who: string) => `arn:aws:sts::111122223333:assumed-role/${name}/${who}`;
const SSO = 'AWSReservedSSO_LogOps_0123456789abcdef';
const decisions = (...entries: object[]): readonly string[] => entries.map((entry) => JSON.stringify(entry));
const by = (Approver: string, more: object = {}) => ({ Approver, ApprovalStatus: 'Approve', ...more });

interface Row {
  readonly name: string;
  readonly run: Partial<AutomationRun>;
  readonly approvers: readonly string[];
}
const started: AutomationRun = { startedBy: user('ann'), isNested: false, decisions: [] };

const approved: readonly Row[] = [
  { name: 'the starter is no approver', run: {}, approvers: [user('bob'), 'cid', role('Leads')] },
  {
    name: 'the starter is an approver, and another one approved',
    run: { decisions: decisions(by(user('bob'))) },
    approvers: [user('ann'), user('bob')],
  },
  {
    name: 'both approved, in one text',
    run: { decisions: [JSON.stringify([by(user('ann')), by(user('bob'))])] },
    approvers: [user('ann'), user('bob')],
  },
  {
    name: 'a map of approvers to decisions',
    run: { decisions: decisions({ [user('bob')]: 'Approve' }) },
    approvers: [user('ann'), user('bob')],
  },
  { name: 'by the name of a user', run: { decisions: decisions(by('bob')) }, approvers: ['ann', 'bob'] },
  {
    name: 'the starter has a role that is no approver',
    run: { startedBy: session('Starters', 'ann') },
    approvers: [role('team/Leads')],
  },
  {
    name: 'two people with one permission set of IAM Identity Center',
    run: { startedBy: session(SSO, 'ann@x.org'), decisions: decisions(by(session(SSO, 'bob@x.org'))) },
    approvers: [role(`aws-reserved/sso.amazonaws.com/${SSO}`)],
  },
  {
    name: 'a user of the same name in another account',
    run: { decisions: decisions(by('arn:aws:iam::444455556666:user/ann')) },
    approvers: [user('ann'), 'arn:aws:iam::444455556666:user/ann'],
  },
];
test.each(approved)('somebody else approved: $name', ({ run, approvers }) =>
  expect(() => refuseStarterAlone({ ...started, ...run }, approvers)).not.toThrow(),
);

const alone: readonly Row[] = [
  { name: 'the starter', run: { decisions: decisions(by(user('ann'))) }, approvers: [user('ann'), user('bob')] },
  {
    name: 'the starter, by another path',
    run: { decisions: decisions(by(user('team/ann'))) },
    approvers: [user('ann')],
  },
  { name: 'the starter, by name', run: { decisions: decisions(by('ann')) }, approvers: ['ann', 'bob'] },
  {
    name: 'the starter, whose comment names another',
    run: { decisions: decisions(by(user('ann'), { Comment: user('bob') })) },
    approvers: [user('ann'), user('bob')],
  },
  {
    name: 'another session of the role',
    run: { startedBy: session('Leads', 'ann'), decisions: decisions(by(session('Leads', 'bob'))) },
    approvers: [role('Leads')],
  },
  {
    name: 'the role of the starter',
    run: { startedBy: session('Leads', 'ann'), decisions: decisions(by(role('Leads'))) },
    approvers: [role('Leads'), user('bob')],
  },
  {
    name: 'the permission set, and nobody knows by whom',
    run: { startedBy: session(SSO, 'ann@x.org'), decisions: decisions(by(role(`aws-reserved/${SSO}`))) },
    approvers: [role(SSO)],
  },
  { name: 'nobody is named', run: {}, approvers: [user('ann'), user('bob')] },
  { name: 'what is no JSON', run: { decisions: [user('bob')] }, approvers: [user('ann'), user('bob')] },
  { name: 'an approver that cannot be read', run: { decisions: decisions(by('*')) }, approvers: [user('ann'), '*'] },
  { name: 'no approvers are told', run: {}, approvers: [] },
];
test.each(alone)('nobody else is known to have approved: $name', ({ run, approvers }) =>
  expect(() => refuseStarterAlone({ ...started, ...run }, approvers)).toThrow(/is known to have approved/),
);

test.each<[string, Partial<AutomationRun>]>([
  ['nobody is named', { startedBy: null }],
  ['AWS Config started it', { startedBy: session('AWSServiceRoleForConfigRemediation', 'x') }],
  ['another automation started it', { isNested: true }],
  ['something else started it', { startedBy: 'arn:aws:iam::111122223333:group/x' }],
])('the starter is not known: %s', (_, run) => {
  const all = { ...started, ...run };
  expect(() => starterOf(all)).toThrow(/who started it is not known/);
  expect(() => refuseStarterAlone(all, [user('bob')])).toThrow(/who started it is not known/);
});
