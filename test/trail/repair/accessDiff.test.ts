import { accessDiff } from '../../../src/trail/repair/accessDiff.ts';
import { parsed } from './support.ts';

const T = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const OTHER = 'arn:aws:cloudtrail:us-east-1:222222222222:trail/main';
const VARIABLE = '$' + '{aws:ResourceTag/team}';
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';

const account = { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'kms:*', Resource: '*' };
const cloudTrail = (condition: unknown, action: unknown = 'kms:GenerateDataKey*') => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: action,
  Resource: '*',
  Condition: condition,
});
const deny = (condition: unknown) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: condition,
});
const perimeter = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
const team = { 'aws:PrincipalTag/team': VARIABLE };
const own = cloudTrail({ StringEquals: { 'aws:SourceArn': T } });
const sparing = (conditions: object) => deny({ StringNotEquals: { ...conditions, 'aws:SourceArn': T } });
const forOthers = (conditions: object) =>
  deny({ StringNotEquals: { ...conditions, 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } });

test.each([
  ['an added Deny takes what it denies', [account], [account, deny({ StringNotEquals: perimeter })], [], 'loss'],
  [
    'an added Deny that another Deny covers takes nothing',
    [account, deny({ StringNotEquals: perimeter })],
    [account, deny({ StringNotEquals: perimeter }), forOthers(perimeter)],
    [1],
    null,
  ],
  [
    'sparing a trail by aws:SourceArn alone gives to whoever may carry it',
    [account, own, deny({ StringNotEquals: perimeter })],
    [account, own, sparing(perimeter)],
    [2],
    'gain',
  ],
  [
    'a second Deny for all but CloudTrail keeps them out',
    [account, own, deny({ StringNotEquals: perimeter })],
    [account, own, sparing(perimeter), forOthers(perimeter)],
    [2],
    null,
  ],
  [
    'what nobody can resolve is shared by the Deny before and those after',
    [account, own, deny({ StringNotEquals: team })],
    [account, own, sparing(team), forOthers(team)],
    [2],
    null,
  ],
  [
    'what nobody can resolve hides no gain',
    [account, own, deny({ StringNotEquals: team })],
    [account, own, sparing(team)],
    [2],
    'gain',
  ],
  [
    'an encryption context that GenerateDataKey carries, in a statement for DescribeKey too',
    [account, cloudTrail({ StringEquals: { [CONTEXT]: [T] } }, ['kms:GenerateDataKey*', 'kms:DescribeKey'])],
    [account, cloudTrail({ StringEquals: { [CONTEXT]: [T, OTHER] } }, ['kms:GenerateDataKey*', 'kms:DescribeKey'])],
    [1],
    'gain',
  ],
] as const)('%s', (_, before, after, changed, kind) => {
  const policyOf = (statements: readonly unknown[]) => parsed({ Version: '2012-10-17', Statement: statements });
  const diff = accessDiff({
    before: policyOf(before),
    after: policyOf(after),
    changed,
    keyArn: 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    trailArns: [T],
    loses: [],
  });
  expect(diff?.kind ?? null).toBe(kind);
});
