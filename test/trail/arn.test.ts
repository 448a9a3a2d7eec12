import { keyIdentity, matchesPattern, parseArn, principalAccount, trailIdentity } from '../../src/trail/arn.ts';

const KEY = 'arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-1234';

test.each([
  ['a trail', 'arn:aws-us-gov:cloudtrail:us-gov-west-1:111111111111:trail/main', 'main'],
  ['an event data store', 'arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/x', undefined],
  ['another service', 'arn:aws:s3:us-east-1:111111111111:trail/main', undefined],
  ['no name', 'arn:aws:cloudtrail:us-east-1:111111111111:trail/', undefined],
  ['no Region', 'arn:aws:cloudtrail::111111111111:trail/main', undefined],
  ['no account', 'arn:aws:cloudtrail:us-east-1::trail/main', undefined],
  ['no ARN', 'main', undefined],
])('trail ARN: %s', (_name, text, expected) => {
  expect(trailIdentity(text)?.name).toBe(expected);
});

test.each([
  ['a key', KEY, 'mrk-1234'],
  ['an alias', KEY.replace('key/', 'alias/'), undefined],
  ['another service', KEY.replace(':kms:', ':s3:'), undefined],
  ['no id', 'arn:aws:kms:us-east-1:111111111111:key/', undefined],
  ['no Region', 'arn:aws:kms::111111111111:key/x', undefined],
  ['no account', 'arn:aws:kms:us-east-1::key/x', undefined],
  ['a bare id', 'mrk-1234', undefined],
])('key ARN: %s', (_name, text, expected) => {
  expect(keyIdentity(text)?.keyId).toBe(expected);
});

test.each([
  [
    'whole',
    KEY,
    { partition: 'aws-cn', service: 'kms', region: 'cn-north-1', accountId: '111111111111', resource: 'key/mrk-1234' },
  ],
  [
    'colons in the resource',
    'arn:aws:logs:r:1:log-group:x:*',
    { partition: 'aws', service: 'logs', region: 'r', accountId: '1', resource: 'log-group:x:*' },
  ],
  ['another scheme', 'urn:aws:kms:r:1:key/x', null],
  ['no partition', 'arn::kms:r:1:key/x', null],
  ['no service', 'arn:aws::r:1:key/x', null],
  ['no Region segment', 'arn:aws:kms', null],
  ['no account segment', 'arn:aws:kms:r', null],
  ['no resource', 'arn:aws:kms:r:1', null],
])('ARN: %s', (_name, text, expected) => {
  expect(parseArn(text)).toEqual(expected);
});

test.each([
  ['an account id', '111111111111', '111111111111'],
  ['a root', 'arn:aws:iam::111111111111:root', '111111111111'],
  ['everybody', '*', null],
  ['a deleted principal', 'AROAEXAMPLEEXAMPLE123', null],
  ['an account that lost a zero', 'arn:aws:iam::1111:root', null],
])('the account of %s', (_name, principal, expected) => {
  expect(principalAccount(principal)).toBe(expected);
});

test.each([
  ['abc', 'abc', true],
  ['abc', 'ab', false],
  ['abc', '*', true],
  ['', '*', true],
  ['abc', 'a*c', true],
  ['ac', 'a*c', true],
  ['abcabc', 'a*b*bc', true],
  ['abc', 'a*b*bc', false],
  ['abc', 'x*c', false],
  ['abc', 'a*x', false],
  ['aba', 'ab*ba', false],
  ['axbyc', 'a*x*y*c', true],
  ['aybxc', 'a*x*y*c', false],
  ['a?c', 'a?c', true],
  ['abc', 'a?c', false],
])('`%s` against `%s`: %s', (text, pattern, expected) => {
  expect(matchesPattern(text, pattern)).toBe(expected);
});
