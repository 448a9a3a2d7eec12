import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { resourcesOf } from '../../../src/trail/compare/resources.ts';

const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OTHER = 'arn:aws:kms:eu-west-1:111111111111:key/ffffffff-12ab-34cd-56ef-1234567890ab';
const STANDS_IN = (partition: string, account: string) =>
  `arn:${partition}:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000`;

const policyOf = (Resource: unknown, AWS: unknown) => {
  const parse = parseKeyPolicy({
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', ...(Resource !== null && { Resource }) }],
  });
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
};

test.each<[string, unknown, unknown, string | null, readonly string[]]>([
  ['the ARN that is told', '*', '111111111111', KEY, [KEY]],
  ['the one key that the policy names', ['*', KEY], '111111111111', null, [KEY]],
  [
    'any resource: one of the account that is named',
    '*',
    'arn:aws-cn:iam::111111111111:root',
    null,
    [STANDS_IN('aws-cn', '111111111111')],
  ],
  ['any resource: an account by its id', '*', '111111111111', null, [STANDS_IN('aws', '111111111111')]],
  [
    'any resource: the account of a role',
    '*',
    ['*', 'arn:aws:iam::222222222222:role/r'],
    null,
    [STANDS_IN('aws', '222222222222')],
  ],
  ['nobody is named', '*', '*', null, [STANDS_IN('aws', '000000000000')]],
  ['no Resource', null, '*', null, [STANDS_IN('aws', '000000000000')]],
  ['two keys: each, and neither', [KEY, OTHER], '111111111111', null, [STANDS_IN('aws', '111111111111'), KEY, OTHER]],
  [
    'patterns: one of each',
    ['arn:aws:kms:*:1?:key/*', 'arn:aws:s3:::b'],
    '*',
    null,
    [STANDS_IN('aws', '000000000000'), 'arn:aws:kms:x:1x:key/x', 'arn:aws:s3:::b'],
  ],
])('%s', (_, Resource, AWS, keyArn, expected) => {
  expect(resourcesOf([policyOf(Resource, AWS)], keyArn)).toEqual(expected);
});
