import fc from 'fast-check';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { read, unread } from '../../../src/trail/facts.ts';
import type { KeyEvent } from '../../../src/trail/keyUse.ts';
import { observationsOf } from '../../../src/trail/openQuestions/observations.ts';
import { OPEN_QUESTIONS } from '../../../src/trail/openQuestions/questions.ts';
import { ruledOut } from '../../../src/trail/openQuestions/ruledOut.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from '../cases.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const FILE = 'arn:aws:s3:::logs/AWSLogs/111111111111/CloudTrail/us-east-1/2026/11/20/x.json.gz';
const SERVICE = { Service: 'cloudtrail.amazonaws.com' };

const event = (given: Partial<KeyEvent> = {}): KeyEvent => ({
  id: 'e-1',
  at: new Date('2026-11-20T11:00:00Z'),
  name: 'GenerateDataKey',
  invokedBy: 'cloudtrail.amazonaws.com',
  keyArns: [KEY],
  encryptionContext: given.name === 'DescribeKey' ? {} : { 'aws:cloudtrail:arn': TRAIL, 'aws:s3:arn': FILE },
  error: null,
  ...given,
});
const REFUSED = { code: 'AccessDenied', message: '' };
const denied = event({ error: REFUSED });

const allow = (Condition: object = {}, Principal: unknown = SERVICE) => ({
  Effect: 'Allow',
  Principal,
  Action: 'kms:*',
  Resource: '*',
  Condition,
});
const deny = (Condition: object = {}, Principal: unknown = '*') => ({ ...allow(Condition, Principal), Effect: 'Deny' });
const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } });
const isAbsent = (key: string) => ({ Null: { [key]: 'true' } });

interface Given {
  readonly case?: Partial<TrailCase>;
  readonly grants?: 'unread' | 'to CloudTrail';
  readonly controls?: 'unread' | 'some';
}

/** `question: what is ruled out`, of every question that an event says something of. */
function told(statements: readonly object[], events: readonly KeyEvent[], given: Given = {}): readonly string[] {
  const row: TrailCase = { name: '', expect: {}, organizationId: 'o-a1b2c3d4e5', ...given.case };
  const plain = keyFacts(row)!;
  const grant = { ...keyFacts({ ...row, key: { grants: [{}] } })!.grants } as { value: readonly object[] };
  const key = {
    ...plain,
    policy: read(parseKeyPolicy({ Version: '2012-10-17', Statement: statements })),
    grants:
      given.grants === 'unread'
        ? unread('denied', 'no')
        : read(
            given.grants === undefined
              ? []
              : (grant.value.map((one) => ({ ...one, granteePrincipal: 'cloudtrail.amazonaws.com' })) as never),
          ),
    resourceControlPolicies:
      given.controls === 'unread'
        ? unread('denied', 'no')
        : read(given.controls === 'some' ? [parseKeyPolicy({ Version: '2012-10-17', Statement: [] })] : []),
  };
  const observations = observationsOf({ trail: trailFacts(row), key, events });
  return OPEN_QUESTIONS.flatMap((question) =>
    observations.flatMap((observed) =>
      ruledOut(question, observed, checkOptions(row)).map((answer) => `${question.id}: ${answer}`),
    ),
  );
}

const VIA = equals('kms:ViaService', 's3.us-east-1.amazonaws.com');

test.each<[string, readonly object[], readonly KeyEvent[], readonly string[], Given?]>([
  ['a policy that depends on nothing open', [allow()], [event()], []],
  ['no event', [allow(VIA)], [], []],
  ['it succeeds where it has to come through S3', [allow(VIA)], [event()], ['via-service: absent']],
  [
    'it succeeds where a Deny spares no other service',
    [allow(), deny(isAbsent('kms:ViaService'))],
    [event()],
    ['via-service: absent'],
  ],
  [
    'it succeeds where a Deny is for whatever comes through a service',
    [allow(), deny({ Null: { 'kms:ViaService': 'false' } })],
    [event()],
    ['via-service: carried'],
  ],
  [
    'it is refused where it has to come through some service',
    [allow({ Null: { 'kms:ViaService': 'false' } })],
    [denied],
    ['via-service: carried'],
  ],
  ['it is refused where it has to come through S3: perhaps through another one', [allow(VIA)], [denied], []],
  [
    'it is refused where nothing may come through a service',
    [allow(isAbsent('kms:ViaService'))],
    [denied],
    ['via-service: absent'],
  ],
  ['one of two statements does not depend on it', [allow(VIA), allow()], [event()], []],
  ['if it exists', [allow({ StringEqualsIfExists: VIA.StringEquals })], [event()], []],
  ['for an organization', [allow(equals('aws:SourceOrgID', 'o-a1b2c3d4e5'))], [event()], ['source-org-id: absent']],
  ['for another organization, and refused', [allow(equals('aws:SourceOrgID', 'o-zzzzzzzzzz'))], [denied], []],
  [
    'refused though the organization is right',
    [allow(equals('aws:SourceOrgID', 'o-a1b2c3d4e5'))],
    [denied],
    ['source-org-id: carried'],
  ],
  [
    'in no organization nothing can be carried',
    [allow({ StringNotEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } })],
    [event()],
    [],
    { case: { organizationId: null } },
  ],
  [
    'paths of an organization',
    [allow({ Null: { 'aws:SourceOrgPaths': 'false' } })],
    [event()],
    ['source-org-paths: absent'],
  ],
  ["the caller's account", [allow(equals('kms:CallerAccount', '111111111111'))], [event()], ['caller-account: absent']],
  [
    "the principal's account",
    [allow({ Null: { 'aws:PrincipalAccount': 'false' } })],
    [denied],
    ['principal-account: carried'],
  ],
  [
    'two keys at once',
    [allow({ ...VIA, Null: { 'kms:CallerAccount': 'true' } })],
    [event()],
    ['via-service: absent', 'caller-account: carried'],
  ],
  ['everybody of AWS covers it', [allow({}, { AWS: '*' })], [event()], ['aws-star: covers-not']],
  [
    'everybody of AWS beside a role',
    [allow({}, { AWS: ['*', 'arn:aws:iam::111111111111:role/x'] })],
    [event()],
    ['aws-star: covers-not'],
  ],
  ['everybody of AWS does not cover it', [allow({}, { AWS: '*' })], [denied], ['aws-star: covers']],
  ['a Deny for everybody of AWS', [allow(), deny({}, { AWS: '*' })], [event()], ['aws-star: covers']],
  ['an Allow for everybody', [allow({}, '*')], [event()], []],
  ['Decrypt', [allow(VIA)], [event({ name: 'Decrypt' })], ['via-service: absent']],
  ['DescribeKey, whichever trail it is for', [allow(VIA)], [event({ name: 'DescribeKey' })], ['via-service: absent']],
  [
    'DescribeKey where the trail matters',
    [allow({ ...VIA, ArnLike: { 'aws:SourceArn': TRAIL } })],
    [event({ name: 'DescribeKey', error: REFUSED })],
    [],
  ],
  ['another operation', [allow(VIA)], [event({ name: 'Encrypt' })], []],
  [
    'another trail',
    [allow(VIA)],
    [event({ encryptionContext: { 'aws:cloudtrail:arn': `${TRAIL}2`, 'aws:s3:arn': FILE } })],
    [],
  ],
  ['another key', [allow(VIA)], [event({ keyArns: [`${KEY}0`] })], []],
  ['another service', [allow(VIA)], [event({ invokedBy: 's3.amazonaws.com' })], []],
  ['an error that is no refusal', [allow(VIA)], [event({ error: { code: 'DisabledException', message: '' } })], []],
  [
    'a policy written later',
    [allow(VIA)],
    [event(), event({ name: 'PutKeyPolicy', invokedBy: null, at: new Date('2026-11-20T11:30:00Z') })],
    [],
  ],
  [
    'a policy that may not be in force yet',
    [allow(VIA)],
    [event(), event({ name: 'PutKeyPolicy', invokedBy: null, at: new Date('2026-11-20T10:55:00Z') })],
    [],
  ],
  [
    'a policy in force',
    [allow(VIA)],
    [event(), event({ name: 'PutKeyPolicy', invokedBy: null, at: new Date('2026-11-20T10:45:00Z') })],
    ['via-service: absent'],
  ],
  ['a grant may have allowed it', [allow(VIA)], [event()], [], { grants: 'to CloudTrail' }],
  ['nobody knows its grants', [allow(VIA)], [event()], [], { grants: 'unread' }],
  [
    'a resource control policy may have denied it',
    [allow({ Null: { 'kms:ViaService': 'false' } })],
    [denied],
    [],
    { controls: 'some' },
  ],
  [
    'nobody knows the resource control policies',
    [allow({ Null: { 'kms:ViaService': 'false' } })],
    [denied],
    [],
    { controls: 'unread' },
  ],
  ['they do not allow', [allow(VIA)], [event()], ['via-service: absent'], { controls: 'unread' }],
  ['nothing explains it', [allow(equals('aws:SourceArn', `${TRAIL}2`))], [event()], []],
])('%s', (_, statements, events, expected, given = {}) => {
  expect(told(statements, events, given)).toEqual(expected);
});

test('the latest of each folder is evaluated, and no other', () => {
  const events = ['11:00', '11:05', '11:10'].map((time) => event({ id: time, at: new Date(`2026-11-20T${time}:00Z`) }));
  const row: TrailCase = { name: '', expect: {} };
  const observed = observationsOf({ trail: trailFacts(row), key: keyFacts(row)!, events });
  expect(observed.map(({ event: { id } }) => id)).toEqual(['11:10']);
});

test('what really holds is never ruled out', () => {
  const conditions = fc.record(
    {
      via: fc.constantFrom(VIA, isAbsent('kms:ViaService'), { Null: { 'kms:ViaService': 'false' } }),
      account: fc.constantFrom(equals('kms:CallerAccount', '111111111111'), isAbsent('kms:CallerAccount')),
    },
    { requiredKeys: [] },
  );
  const world = fc.record({ via: fc.boolean(), account: fc.boolean() });
  const holds = (condition: object | undefined, key: string, carried: boolean): boolean => {
    if (condition === undefined) return true;
    const asksForNone = JSON.stringify(condition) === JSON.stringify(isAbsent(key));
    return asksForNone ? !carried : carried;
  };
  fc.assert(
    fc.property(fc.array(conditions, { maxLength: 3 }), world, (list, { via, account }) => {
      const statements = list.map((one) => allow(merged(one.via, one.account)));
      const isAllowed = list.some(
        (one) => holds(one.via, 'kms:ViaService', via) && holds(one.account, 'kms:CallerAccount', account),
      );
      const out = told(statements, [isAllowed ? event() : denied]);
      expect(out).not.toContain(`via-service: ${via ? 'carried' : 'absent'}`);
      expect(out).not.toContain(`caller-account: ${account ? 'carried' : 'absent'}`);
    }),
    { numRuns: 60 },
  );
});

/** Both conditions, with those of one operator together. */
function merged(...conditions: readonly (object | undefined)[]): object {
  const all: Record<string, object> = {};
  for (const condition of conditions)
    for (const [operator, keys] of Object.entries(condition ?? {})) all[operator] = { ...all[operator], ...keys };
  return all;
}
