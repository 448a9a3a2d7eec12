import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { cloudTrailRequests } from '../../src/trail/cloudTrailRequests.ts';
import { CONDITION_KEYS } from '../../src/trail/conditionKeys/table.ts';
import type { TrailDescription } from '../../src/trail/facts.ts';
import { keyFacts, trailFacts } from './cases.ts';

const KEY = 'arn:aws:kms:us-east-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const PURPOSES = ['probe', 'log file', 'digest file', 'Insights file', 'describe', 'bucket-key decrypt'];

/** A policy that looks at every condition key there are requests for. */
const LOOKS_AT = (...keys: readonly string[]): object => ({
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { Null: Object.fromEntries(keys.map((key) => [key, 'true'])) },
    },
  ],
});

const EVERYTHING = LOOKS_AT(...CONDITION_KEYS.map(({ name }) => name.replace('*', 'x')));

const requests = (trail: Partial<TrailDescription>, ...policies: readonly unknown[]) => {
  const parses = (policies.length === 0 ? [EVERYTHING] : policies).map((policy) => parseKeyPolicy(policy));
  return cloudTrailRequests({
    trail: trailFacts({ name: '', trail, expect: {} }),
    key: keyFacts({ name: '', expect: {} })!,
    keyArn: KEY,
    policies: parses.flatMap((parse) => (parse.valid ? [parse.policy] : [])),
  });
};

test.each([
  ['everything', { hasInsightSelectors: true }, PURPOSES],
  ['no Insights', { hasInsightSelectors: false }, PURPOSES.filter((purpose) => purpose !== 'Insights file')],
  [
    'validation not known',
    { logFileValidation: null, hasInsightSelectors: null },
    PURPOSES.filter((purpose) => purpose !== 'Insights file'),
  ],
  ['no validation', { logFileValidation: false }, ['probe', 'log file', 'describe', 'bucket-key decrypt']],
])('what CloudTrail asks: %s', (_name, trail, expected) => {
  expect(requests(trail).map(({ purpose }) => purpose)).toEqual(expected);
});

test('each call carries what is documented for it', () => {
  const all = requests({ hasInsightSelectors: true });
  const s3 = all.map(({ purpose, request }) => [
    purpose,
    request.action,
    request.context['kms:EncryptionContext:aws:s3:arn'],
  ]);
  const file = (folder: string) => ({
    is: 'constrained',
    matching: [`arn:aws:s3:::logs/AWSLogs/111111111111/${folder}/*/????/??/??/*.json.gz`],
    outside: [],
    orAbsent: false,
  });
  const probe = {
    ...file('CloudTrail'),
    matching: ['arn:aws:s3:::logs/AWSLogs/111111111111/', ...file('CloudTrail').matching],
  };
  expect(s3).toEqual([
    ['probe', 'kms:GenerateDataKey', probe],
    ['log file', 'kms:GenerateDataKey', file('CloudTrail')],
    ['digest file', 'kms:GenerateDataKey', file('CloudTrail-Digest')],
    ['Insights file', 'kms:GenerateDataKey', file('CloudTrail-Insight')],
    ['describe', 'kms:DescribeKey', { is: 'absent' }],
    ['bucket-key decrypt', 'kms:Decrypt', { is: 'present', value: 'arn:aws:s3:::logs' }],
  ]);
  for (const { request } of all) {
    expect(request).toMatchObject({
      principal: { service: 'cloudtrail.amazonaws.com' },
      resource: KEY,
      otherKeys: 'unknown',
    });
    expect(request.context).toMatchObject({
      'aws:SourceArn': { is: 'present', value: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main' },
      'aws:SourceAccount': { is: 'present', value: '111111111111' },
      'aws:ResourceAccount': { is: 'present', value: '222222222222' },
      'aws:PrincipalOrgID': { is: 'absent' },
    });
  }
});

test('keys that a policy mentions and a service never carries are absent, others stay unknown', () => {
  const Condition = {
    StringLike: {
      'KMS:EncryptionContext:AWS:CloudTrail:Arn': `\${aws:PrincipalTag/Team}`,
      'kms:EncryptionContext:wrong': 'x',
      'aws:MultiFactorAuthAge': '1',
      'aws:userid': 'x',
    },
  };
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition }],
  };
  const context = requests({}, policy)[0]?.request.context ?? {};
  const absent = Object.keys(context).filter((key) => context[key]?.is === 'absent');
  expect(absent).toEqual(
    expect.arrayContaining(['kms:encryptioncontext:wrong', 'aws:principaltag/team', 'aws:MultiFactorAuthAge']),
  );
  expect(absent).not.toContain('kms:encryptioncontext:aws:cloudtrail:arn');
  expect(Object.keys(context)).not.toContain('aws:userid');
});

test('what a resource control policy looks at counts, too', () => {
  const never = (other: string): readonly string[] => {
    const [first] = requests({}, LOOKS_AT('aws:SourceArn'), LOOKS_AT(other));
    const { context } = first!.request;
    return Object.keys(context).filter((key) => key.startsWith('aws:principaltag/') && context[key]!.is === 'absent');
  };
  expect(never('aws:PrincipalTag/one')).toEqual(['aws:principaltag/one']);
  expect(never('aws:PrincipalTag/two')).toEqual(['aws:principaltag/two']);
});
