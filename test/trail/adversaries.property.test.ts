import fc from 'fast-check';
import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, absent, type KeyState, present } from '../../src/policy/request.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import type { CheckId, FindingStatus } from '../../src/trail/finding.ts';
import { runs } from '../runs.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const STRANGER = '777777777777';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL_CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';

const valued = (key: string, ...values: readonly string[]) =>
  fc.record({
    operator: fc.constantFrom(
      'StringEquals',
      'StringLike',
      'StringNotEquals',
      'StringNotLikeIfExists',
      'StringLikeIfExists',
    ),
    key: fc.constant(key),
    values: fc.subarray([...values], { minLength: 1 }),
  });

const condition = fc.oneof(
  valued('kms:CallerAccount', '111111111111', '222222222222', '*'),
  valued('aws:PrincipalOrgID', 'o-abcdefghij', 'o-*'),
  valued('aws:PrincipalArn', 'arn:aws:iam::*:role/auditor', 'arn:aws:iam::111111111111:*'),
  valued('kms:ViaService', 's3.us-east-1.amazonaws.com'),
  valued('aws:SourceVpce', 'vpce-1', 'vpce-*'),
  valued('aws:SourceAccount', '111111111111', '*'),
  valued('aws:SourceArn', 'arn:aws:cloudtrail:*:111111111111:trail/*', 'arn:aws:cloudtrail:*:*:trail/main'),
  valued(TRAIL_CONTEXT, 'arn:aws:cloudtrail:*:111111111111:trail/*', '*'),
  fc.constantFrom('true', 'false').map((value) => ({ operator: 'Null', key: TRAIL_CONTEXT, values: [value] })),
);

const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Principal: fc.constantFrom<unknown>(
      '*',
      { AWS: '*' },
      { AWS: '111111111111' },
      { Service: 'cloudtrail.amazonaws.com' },
      { AWS: 'arn:aws:iam::222222222222:role/auditor' },
    ),
    Action: fc.constantFrom('kms:*', 'kms:Decrypt', 'kms:GenerateDataKey*'),
    conditions: fc.array(condition, { maxLength: 2 }),
  })
  .map(({ conditions, ...rest }) => ({
    ...rest,
    Resource: '*',
    Condition: Object.fromEntries(conditions.map(({ operator, key, values }) => [operator, { [key]: values }])),
  }));

const statements = fc.array(statement, { minLength: 1, maxLength: 4 });

const maybe = (...values: readonly string[]) =>
  fc.constantFrom<KeyState>(absent, ...values.map((value) => present(value)));

const principalRequest = fc
  .record({
    name: fc.constantFrom('role/auditor', 'user/mallory'),
    action: fc.constantFrom('kms:Decrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy'),
    organization: maybe('o-strangers1'),
    via: maybe('s3.us-east-1.amazonaws.com', 'ec2.us-east-1.amazonaws.com'),
    vpce: maybe('vpce-9'),
    context: maybe('x', 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main'),
  })
  .map(({ name, action, organization, via, vpce, context }): AccessRequest => {
    const aws = `arn:aws:iam::${STRANGER}:${name}`;
    return {
      principal: { aws },
      action,
      resource: KEY,
      context: {
        'kms:CallerAccount': present(STRANGER),
        'aws:PrincipalAccount': present(STRANGER),
        'aws:PrincipalArn': present(aws),
        'aws:PrincipalOrgID': organization,
        'kms:ViaService': via,
        'aws:SourceVpce': vpce,
        [TRAIL_CONTEXT]: context,
      },
      otherKeys: 'absent',
    };
  });

const trailRequest = fc
  .record({ name: fc.constantFrom('main', 'x'), via: maybe('s3.us-east-1.amazonaws.com'), caller: maybe(STRANGER) })
  .map(({ name, via, caller }): AccessRequest => {
    const arn = present(`arn:aws:cloudtrail:eu-west-1:${STRANGER}:trail/${name}`);
    return {
      principal: { service: 'cloudtrail.amazonaws.com' },
      action: 'kms:GenerateDataKey',
      resource: KEY,
      context: {
        'aws:SourceArn': arn,
        'aws:SourceAccount': present(STRANGER),
        [TRAIL_CONTEXT]: arn,
        'kms:ViaService': via,
        'kms:CallerAccount': caller,
      },
      otherKeys: 'absent',
    };
  });

function statusOf(given: readonly unknown[], check: CheckId): FindingStatus | undefined {
  const trail: TrailCase = { name: '', statements: given, expect: {} };
  const findings = evaluateTrail(trailFacts(trail), keyFacts(trail), checkOptions(trail));
  return findings.find((finding) => finding.check === check)?.status;
}

function outcomeOf(given: readonly unknown[], request: AccessRequest): string {
  const parse = parseKeyPolicy({ Version: '2012-10-17', Statement: given });
  return parse.valid ? authorize(parse.policy, request).outcome : 'invalid';
}

test.each([
  ['public-excluded', principalRequest],
  ['other-trails-excluded', trailRequest],
] as const)(
  'where %s passes no sampled stranger gets in, and where one gets in it does not pass',
  (check, strangers) => {
    fc.assert(
      fc.property(statements, strangers, (given, request) => {
        const outcome = outcomeOf(given, request);
        const status = statusOf(given, check);
        if (outcome === 'allowed') expect(status).toBe('fail');
        if (status === 'pass') expect(outcome).toBe('denied');
      }),
      { numRuns: runs(400) },
    );
  },
);

test('what a check says does not depend on the order of the statements', () => {
  fc.assert(
    fc.property(statements, (given) => {
      for (const check of ['public-excluded', 'other-trails-excluded', 'cloudtrail-can-encrypt'] as const) {
        expect(statusOf([...given].reverse(), check)).toBe(statusOf(given, check));
      }
    }),
    { numRuns: runs(150) },
  );
});
