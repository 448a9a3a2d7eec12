import { accessOf } from '../../../src/trail/repair/planAccess.ts';
import { planOf, type RepairCase } from './support.ts';

const OTHERS = 'arn:aws:cloudtrail:us-east-1:444455556666:trail/main';
const encrypt = (source: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'CloudTrail',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceArn': source } },
    },
  ],
});
const caseOf = (source: string): RepairCase => ({ name: 'x', policy: encrypt(source) }) as unknown as RepairCase;

test('what a plan gives', () => {
  const access = accessOf(planOf(caseOf(OTHERS)));
  expect(access).toMatchObject({ relation: 'wider', lost: [], reason: null });
  expect(access?.gained.map(({ action }) => action)).toEqual(['kms:GenerateDataKey', 'kms:DescribeKey']);
});

test('a plan that changes no policy gives and takes nothing', () => {
  const plan = planOf(caseOf(OTHERS));
  expect(accessOf({ ...plan, policy: null, work: null })).toBeNull();
  expect(accessOf({ ...plan, work: { ...plan.work!, policyEdits: [] } })).toBeNull();
});
