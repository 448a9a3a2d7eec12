import { readSettings } from '../../../src/handlers/shared/settings.ts';

const none = {
  expected: { accounts: [], organizationId: null },
  externalId: null,
  readResourceControlPolicies: false,
  evaluateEventDataStores: false,
  importFindings: false,
  resultsBucket: null,
  runsBucket: null,
  starterMayApprove: true,
  approvers: [],
};

test.each([
  ['nothing is set', {}, {}],
  [
    'everything is empty',
    { EXPECTED_ACCOUNTS: '', EXPECTED_ORGANIZATION: ' ', EXTERNAL_ID: '', READ_RESOURCE_CONTROL_POLICIES: '' },
    {},
  ],
  [
    'accounts, with spaces',
    { EXPECTED_ACCOUNTS: '111122223333, 444455556666' },
    { expected: { accounts: ['111122223333', '444455556666'], organizationId: null } },
  ],
  [
    'an organization',
    { EXPECTED_ORGANIZATION: 'o-exampleorgid' },
    { expected: { accounts: [], organizationId: 'o-exampleorgid' } },
  ],
  ['an external id', { EXTERNAL_ID: 'rule:7/a' }, { externalId: 'rule:7/a' }],
  ['policies on', { READ_RESOURCE_CONTROL_POLICIES: 'true' }, { readResourceControlPolicies: true }],
  ['findings on', { SECURITY_HUB_FINDINGS: 'true' }, { importFindings: true }],
  ['a bucket for results', { RESULTS_BUCKET: 'results-1' }, { resultsBucket: 'results-1' }],
  ['a bucket', { RUNS_BUCKET: 'runs.of-a-stack-1' }, { runsBucket: 'runs.of-a-stack-1' }],
  ['another approver', { STARTER_MAY_APPROVE: 'false' }, { starterMayApprove: false }],
  [
    'approvers',
    { APPROVERS: 'bob,arn:aws:iam::111122223333:role/a/b' },
    { approvers: ['bob', 'arn:aws:iam::111122223333:role/a/b'] },
  ],
  ['event data stores on', { EVALUATE_EVENT_DATA_STORES: 'true' }, { evaluateEventDataStores: true }],
  ['policies off', { READ_RESOURCE_CONTROL_POLICIES: 'false' }, {}],
])('%s', (_, environment, members) => {
  expect(readSettings(environment)).toEqual({ ...none, ...members });
});

test.each([
  ['EXPECTED_ACCOUNTS', '11112222333', 'account ids of twelve digits'],
  ['EXPECTED_ACCOUNTS', '111122223333,,444455556666', 'account ids of twelve digits'],
  ['EXPECTED_ORGANIZATION', 'r-root', 'the id of an organization'],
  ['EXTERNAL_ID', 'x', '2 to 1224'],
  ['READ_RESOURCE_CONTROL_POLICIES', 'yes', '`true` or `false`'],
  ['SECURITY_HUB_FINDINGS', 'on', '`true` or `false`'],
  ['RESULTS_BUCKET', 's3://results', 'the name of a bucket'],
  ['RUNS_BUCKET', 's3://runs', 'the name of a bucket'],
  ['STARTER_MAY_APPROVE', 'no', '`true` or `false`'],
  ['APPROVERS', 'bob,,ann', 'names of IAM users and ARNs'],
])('%s refuses `%s` and says what is accepted', (name, value, accepted) => {
  const read = () => readSettings({ [name]: value });
  expect(read).toThrow(`the environment variable \`${name}\` is \`${value}\`, accepted is `);
  expect(read).toThrow(accepted);
});
