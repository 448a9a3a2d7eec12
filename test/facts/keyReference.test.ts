import { keyReference } from '../../src/facts/keyReference.ts';
import { trail } from '../aws/support/answers.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';

describe('keyReference', () => {
  it.each([
    ['a key ARN', `arn:aws:kms:eu-west-1:444455556666:key/${ID}`],
    ['a multi-Region key ARN', 'arn:aws:kms:eu-west-1:444455556666:key/mrk-1'],
    ['an alias ARN', 'arn:aws:kms:eu-west-1:444455556666:alias/logs'],
  ])('%s stands for itself', (_, arn) => {
    expect(keyReference(arn, trail)).toMatchObject({ arn, region: 'eu-west-1', accountId: '444455556666' });
  });

  it.each([
    ['a bare key id', ID, `arn:aws:kms:us-east-1:111122223333:key/${ID}`],
    ['an alias name', 'alias/logs/main', 'arn:aws:kms:us-east-1:111122223333:alias/logs/main'],
  ])('%s belongs to the account and home Region of the trail', (_, reference, arn) => {
    expect(keyReference(reference, trail)).toMatchObject({ arn, region: 'us-east-1', accountId: '111122223333' });
  });

  it('keeps the partition', () => {
    const arn = 'arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/1';
    expect(keyReference(arn, trail)?.arn).toBe(arn);
    expect(keyReference('1', { ...trail, partition: 'aws-cn' })?.arn).toMatch(/^arn:aws-cn:kms:/);
  });

  it.each([
    ['an ARN of another service', 'arn:aws:s3:::logs'],
    ['an ARN whose Region is no host name', `arn:aws:kms:evil.example/:444455556666:key/${ID}`],
    ['an ARN without an account', `arn:aws:kms:eu-west-1::key/${ID}`],
    ['text with spaces', 'not a key'],
    ['nothing', ''],
  ])('%s can be no key', (_, reference) => {
    expect(keyReference(reference, trail)).toBeNull();
  });
});
