// Slow: `npm run quick` leaves it out.
import fc from 'fast-check';
import { authorize } from '../../../src/policy/authorize.ts';
import { policyRefusals } from '../../../src/policy/policyRefusals.ts';
import { planRepairs } from '../../../src/trail/repair/planRepairs.ts';
import { runs } from '../../runs.ts';
import { checkOptions } from '../cases.ts';
import { strays } from './samples.ts';
import {
  knownRequest,
  needlessEdits,
  optionsOf,
  parsed,
  planOf,
  type RepairCase,
  statusesOf,
  subjectsOf,
  withPolicy,
} from './support.ts';

const RUNS = runs(250);
const SAMPLES = 40;

const T = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const AUDIT = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/audit';
const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const VARIABLE = '$' + '{aws:SourceAccount}';
const arns = fc.constantFrom(
  T,
  'arn:aws:cloudtrail:us-east-1:111111111111:trail/Main',
  'arn:aws:cloudtrail:eu-west-1:111111111111:trail/main',
  'arn:aws:cloudtrail:us-east-1:222222222222:trail/main',
  'arn:aws:cloudtrail:*:111111111111:trail/*',
  'arn:aws:cloudtrail:*:222222222222:trail/*',
  `arn:aws:cloudtrail:*:${VARIABLE}:trail/*`,
);
const oneOrMore = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: values }, fc.array(values, { minLength: 1, maxLength: 2 }));

const condition = fc.oneof(
  fc.record({
    operator: fc.constantFrom(
      'StringEquals',
      'StringLike',
      'ArnLike',
      'ArnEquals',
      'StringEqualsIfExists',
      'StringNotEquals',
    ),
    key: fc.constantFrom(
      'aws:SourceArn',
      'AWS:sourcearn',
      'kms:EncryptionContext:aws:cloudtrail:arn',
      'kms:EncryptionContext:aws-us-gov:cloudtrail:arn',
    ),
    value: oneOrMore(arns),
  }),
  fc.record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals'),
    key: fc.constant('aws:SourceAccount'),
    value: oneOrMore(fc.constantFrom('111111111111', '222222222222')),
  }),
  fc.record({
    operator: fc.constantFrom('StringLike', 'StringEquals'),
    key: fc.constant('kms:EncryptionContext:aws:s3:arn'),
    value: oneOrMore(
      fc.constantFrom(
        'arn:aws:s3:::logs/AWSLogs/111111111111/CloudTrail/*',
        'arn:aws:s3:::other/*',
        'arn:aws:s3:::logs/*',
      ),
    ),
  }),
  fc.record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals', 'StringNotEqualsIfExists'),
    key: fc.constantFrom('aws:PrincipalOrgID', 'aws:SourceOrgID'),
    value: fc.constant('o-abcdefghij'),
  }),
  fc.record({
    operator: fc.constantFrom('Bool', 'BoolIfExists'),
    key: fc.constantFrom('aws:PrincipalIsAWSService', 'aws:SecureTransport', 'aws:ViaAWSService'),
    value: fc.constantFrom('true', 'false'),
  }),
  fc.record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals'),
    key: fc.constantFrom('kms:ViaService', 'kms:CallerAccount', 'aws:SourceVpce'),
    value: fc.constantFrom('s3.us-east-1.amazonaws.com', '111111111111', 'vpce-1'),
  }),
  fc.record({
    operator: fc.constantFrom('Null', 'Unknown'),
    key: fc.constantFrom('aws:SourceArn', 'kms:EncryptionContext:aws:cloudtrail:arn'),
    value: fc.constantFrom('true', 'false'),
  }),
);

const conditions = fc.array(condition, { maxLength: 2 }).map((all) => {
  const document: Record<string, Record<string, unknown>> = {};
  for (const { operator, key, value } of all) document[operator] = { ...document[operator], [key]: value };
  return all.length === 0 ? {} : { Condition: document };
});

const principal = fc.oneof(
  { weight: 6, arbitrary: fc.constant<unknown>({ Service: 'cloudtrail.amazonaws.com' }) },
  fc.constantFrom<unknown>(
    '*',
    { AWS: '*' },
    { Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] },
    { AWS: 'arn:aws:iam::111111111111:role/app', Service: 'cloudtrail.amazonaws.com' },
    { Service: 's3.amazonaws.com' },
    { AWS: ['arn:aws:iam::111111111111:role/app', '222222222222'] },
    { AWS: 'AROAEXAMPLEEXAMPLE123' },
    { AWS: ['AIDAEXAMPLEEXAMPLE123', 'arn:aws:iam::111111111111:role/app'] },
    'cloudtrail.amazonaws.com',
  ),
);

const action = oneOrMore(
  fc.constantFrom(
    'kms:GenerateDataKey*',
    'kms:GenerateDataKey',
    'kms:DescribeKey',
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:*',
    'kms=GenerateDataKey*',
    'kms:GenerateDataKey?',
  ),
);

const resource = fc.oneof(
  { weight: 6, arbitrary: fc.constant<object>({ Resource: '*' }) },
  fc.constantFrom<object>(
    { Resource: 'arn:aws:s3:::logs' },
    {},
    { Resource: ['arn:aws:kms:us-east-1:111111111111:alias/trail'] },
  ),
);

const statement = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant('Allow') }, fc.constant('Deny')),
    fc.oneof({ weight: 9, arbitrary: fc.constant('Principal') }, fc.constant('NotPrincipal')),
    principal,
    action,
    resource,
    conditions,
    fc.option(fc.constantFrom('A', 'B', 'AllowCloudTrailEncrypt'), { nil: undefined }),
  )
  .map(([effect, element, who, what, where, when, sid]) => ({
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    [element]: who,
    Action: what,
    ...where,
    ...when,
  }));

/** Statements that miss by little: what people really get wrong. */
const nearMiss = fc
  .record({
    entry: fc.constantFrom<unknown>(
      'kms:GenerateDataKey*',
      ['kms:GenerateDataKey*', 'kms:DescribeKey'],
      'kms:DescribeKey',
      'kms=GenerateDataKey*',
    ),
    operator: fc.constantFrom('StringEquals', 'StringLike', 'ArnLike', 'StringEqualsIfExists'),
    key: fc.constantFrom('aws:SourceArn', 'kms:EncryptionContext:aws:cloudtrail:arn'),
    value: oneOrMore(arns),
    resource,
  })
  .map(({ entry, operator, key, value, resource: where }) => ({
    Sid: 'Near',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: entry,
    ...where,
    Condition: { [operator]: { [key]: value } },
  }));

/** Statements that deny more than their author meant. */
const blockingDeny = fc
  .record({
    element: fc.constantFrom<object>(
      { Principal: '*' },
      { Principal: { AWS: '*' } },
      { NotPrincipal: { AWS: 'arn:aws:iam::111111111111:role/app' } },
    ),
    entry: fc.constantFrom('kms:*', 'kms:GenerateDataKey*', 'kms:Decrypt'),
    when: fc.constantFrom<object>(
      { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
      { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
      { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
      { ArnNotLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:222222222222:trail/*' } },
      { StringNotEquals: { 'aws:SourceAccount': '222222222222' } },
    ),
  })
  .map(({ element, entry, when }) => ({
    Sid: 'Block',
    Effect: 'Deny',
    ...element,
    Action: entry,
    Resource: '*',
    Condition: when,
  }));

const ACCOUNT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:root' },
  Action: 'kms:*',
  Resource: '*',
};

const repairCase: fc.Arbitrary<RepairCase> = fc
  .record({
    version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    statements: fc.array(fc.oneof(statement, nearMiss, blockingDeny), { maxLength: 4 }),
    dedicatedKeys: fc.boolean(),
    bucketKey: fc.boolean(),
    hasMore: fc.boolean(),
  })
  .map(({ version, statements, dedicatedKeys, bucketKey, hasMore }) => ({
    name: 'generated',
    expect: {},
    policyVersion: version,
    statements: [ACCOUNT, ...statements],
    dedicatedKeys,
    bucket: { encryption: { algorithm: 'aws:kms', bucketKeyEnabled: bucketKey } },
    more: hasMore ? [{ trailArn: AUDIT }] : [],
  }));

const sidsOf = (policy: unknown): readonly unknown[] =>
  (policy as { readonly Statement: readonly { readonly Sid?: string }[] }).Statement.map(({ Sid }) => Sid);

/** Who may change the key policy: whoever applies a plan must keep that. */
const administrators = (policy: unknown): readonly string[] =>
  ['111111111111', '222222222222'].flatMap((account) =>
    ['role/app', 'role/unnamed'].flatMap((name) => {
      const aws = `arn:aws:iam::${account}:${name}`;
      const request = knownRequest({ aws }, 'kms:PutKeyPolicy', KEY_ARN, { 'aws:PrincipalOrgID': 'o-abcdefghij' });
      const { outcome } = authorize(parsed(policy), request);
      return [`${aws} ${outcome}`];
    }),
  );

/** Values of conditions, in statements that IAM takes, that name trails or accounts other than those of the plan. */
const othersNamed = (policy: unknown): readonly string[] =>
  parsed(policy)
    .statements.filter(({ grammarErrors }) => grammarErrors.length === 0)
    .flatMap(({ conditions }) => conditions)
    .flatMap(({ operator, key, values }) =>
      values.filter((value) => {
        if (/sourceaccount/i.test(key)) return value !== '111111111111';
        if (!value.startsWith('arn:aws:cloudtrail:') || value.includes('$')) return false;
        if (value.includes('*') && !/Like|Arn/.test(operator)) return false;
        const pattern = new RegExp(`^${value.replaceAll('*', '.*')}$`);
        return !pattern.test(T) && !pattern.test(AUDIT);
      }),
    );

test('a repaired policy passes, is minimal, grants and takes nothing else, and is not repaired again', () => {
  const count = { repaired: 0, declined: 0, 'handed-over': 0, 'nothing-to-do': 0 };
  fc.assert(
    fc.property(repairCase, (one) => {
      const plan = planOf(one);
      count[plan.status] += 1;
      if (plan.status === 'declined') expect([plan.policy, plan.edits, plan.commands]).toEqual([null, [], []]);
      if (plan.status === 'declined') expect(plan.reason).not.toBe('');
      if (plan.status !== 'repaired') return;
      const subjects = subjectsOf(one);
      const before = statusesOf(subjects);
      const changed = withPolicy(subjects, plan.policy, checkOptions(one));
      for (const [id, status] of statusesOf(changed)) {
        if (before.get(id) === 'pass') expect(`${id} ${status}`).toBe(`${id} pass`);
        if (before.get(id) === 'unknown') expect(`${id} ${status}`).not.toBe(`${id} fail`);
        if (id.endsWith('cloudtrail-can-encrypt')) expect(`${id} ${status}`).toBe(`${id} pass`);
        const left = plan.remaining.some(({ check }) => id.endsWith(` ${check}`));
        if (status === 'fail') expect(`${id} left: ${left}`).toBe(`${id} left: true`);
      }
      expect(needlessEdits(one, plan)).toEqual([]);
      expect(strays(plan, SAMPLES)).toEqual([]);
      expect(policyRefusals(plan.policy)).toEqual([]);
      expect(administrators(plan.policy)).toEqual(administrators(plan.work!.before.document));
      const addedSids = plan.edits.filter(({ change }) => change === 'statement-added').map((edit) => edit.statement);
      for (const sid of addedSids) expect(sidsOf(plan.policy).filter((one) => one === sid)).toHaveLength(1);
      if (one.dedicatedKeys !== true)
        expect(othersNamed(plan.policy)).toEqual(expect.arrayContaining(othersNamed(plan.work!.before.document)));
      expect(planRepairs(changed, optionsOf(one))[0]!.edits).toEqual([]);
    }),
    { numRuns: RUNS, seed: 20_261_121 },
  );
  // A generator that only made hopeless or healthy policies would prove nothing.
  expect(count.repaired).toBeGreaterThan(RUNS / 5);
  expect(count.declined).toBeGreaterThan(RUNS / 20);
});
