import { deniedBy } from '../../src/facts/deniedBy.ts';
import { unreadError } from '../../src/facts/readings.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/k';
const ROLE = 'arn:aws:sts::111122223333:assumed-role/reader/1';
const said = (how: string): string =>
  `User: ${ROLE} is not authorized to perform: kms:GetKeyPolicy on resource: ${KEY} ${how}`;

const ROWS: readonly [how: string, policy: string | null, isExplicit: boolean | null][] = [
  ['with an explicit deny in a service control policy', 'scp', true],
  [
    'with an explicit deny in a service control policy: arn:aws:organizations::9:policy/o-x/service_control_policy/p-1',
    'scp',
    true,
  ],
  ['because no service control policy allows the kms:GetKeyPolicy action', 'scp', false],
  ['with an explicit deny in a resource control policy', 'rcp', true],
  ['with an explicit deny in a permissions boundary', 'boundary', true],
  ['because no permissions boundary allows the kms:GetKeyPolicy action', 'boundary', false],
  ['because no session policy allows the kms:GetKeyPolicy action', 'session', false],
  ['with an explicit deny in a VPC endpoint policy', 'endpoint', true],
  ['because no VPC endpoint policy allows the kms:GetKeyPolicy action', 'endpoint', false],
  ['with an explicit deny in an identity-based policy', 'identity', true],
  ['because no identity-based policy allows the kms:GetKeyPolicy action', 'identity', false],
  ['with an explicit deny in a resource-based policy', 'resource', true],
  ['because no resource-based policy allows the kms:GetKeyPolicy action', 'resource', false],
  ['', null, null],
  ['because the service control policy is unknown', null, null],
];

test.each(ROWS)('%j', (how, policy, isExplicit) =>
  expect(deniedBy(said(how))).toEqual(policy === null ? null : { policy, isExplicit }),
);

const error = (how: string, Code = 'AccessDeniedException') => ({ Code, Message: said(how) });
const Request = { Principal: ROLE, AccountId: '111122223333', Action: 'kms:GetKeyPolicy', Resource: KEY };

test.each([
  ['who asked is known', { ...error(ROWS[0]![0]), Request }],
  ['a snapshot that was filled by hand', error(ROWS[0]![0])],
])('the reason is kept as data, and shown: %s', (_, cause) => {
  const unread = unreadError(cause, 'kms:GetKeyPolicy');
  expect(unread).toMatchObject({ code: 'denied', deniedBy: { policy: 'scp', isExplicit: true } });
  expect(unread.reason).toContain('an explicit deny in a service control policy');
});

test('without one nothing is said of it', () => {
  for (const cause of [{ ...error(''), Request }, error(ROWS[0]![0], 'ThrottlingException')])
    expect(unreadError(cause, 'kms:GetKeyPolicy')).not.toHaveProperty('deniedBy');
});
