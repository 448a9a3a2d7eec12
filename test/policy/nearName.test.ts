import { nearAction, nearService } from '../../src/policy/nearName.ts';

const SERVICE = 'cloudtrail.amazonaws.com';
const ACTION = 'kms:GenerateDataKey';

test.each([
  ['Cloudtrail.amazonaws.com', 'case'],
  ['cloudtrail', 'no-suffix'],
  ['cloudtrail.amazonaws.com.cn', 'suffix'],
  ['cloudtrail.aws', 'suffix'],
  ['cloudtrail.us-east-1.amazonaws.com', 'with-region'],
  ['us-east-1.cloudtrail.amazonaws.com', 'with-region'],
  ['cloudtrail-us-gov-west-1.amazonaws.com', 'with-region'],
  ['cloudtrial.amazonaws.com', 'spelling'],
  ['cloudtrail.internal.amazonaws.com', 'spelling'],
  ['s3.amazonaws.com', null],
  ['config.amazonaws.com', null],
])('service %s', (name, is) => {
  expect(nearService(['s3.amazonaws.com', name], SERVICE)?.difference.is ?? null).toBe(is);
});

test('a service with a space is told by its space, where the rest comes near', () => {
  expect(nearService([`${SERVICE} `], SERVICE)).toMatchObject({ name: `${SERVICE} ` });
  expect(nearService(['s3.amazonaws.com '], SERVICE)).toBeNull();
});

test.each([
  ['kms=GenerateDataKey', 'separator'],
  ['kms::GenerateDataKey', 'separator'],
  ['GenerateDataKey', 'no-prefix'],
  ['GenerateDataKey*', 'no-prefix'],
  ['kmd:GenerateDataKey', 'wrong-prefix'],
  ['kms:GenarateDataKey', 'spelling'],
  ['kms:GenxxxteDataKey', 'spelling'],
  ['kms:GenxxxxeDataKey', null],
  ['kms:GenerateDataKeyWithoutPlaintext', 'another-operation'],
  ['kms:GenerateData', 'spelling'],
  ['kms:Generate', 'another-operation'],
  ['kms:Decrypt', null],
  ['kms:*Key', null],
  ['kms:', null],
])('action %s', (name, is) => {
  expect(nearAction(['kms:Sign', name], ACTION)?.difference.is ?? null).toBe(is);
});

test('an action with a space is told by its space', () => {
  expect(nearAction([`${ACTION} `], ACTION)).toMatchObject({ name: `${ACTION} ` });
});

test.each([
  [` ${SERVICE}`, 'start'],
  ['c loudtrail.amazonaws.com', 'inside'],
  [`${SERVICE} `, 'end'],
])('a space of `%s` stands at its %s', (name, at) => {
  expect(nearService([name], SERVICE)?.difference).toEqual({ is: 'character', character: ' ', at });
});
