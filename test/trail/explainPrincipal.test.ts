import { explainPrincipal } from '../../src/trail/explainPrincipal.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const READER = 'arn:aws:iam::111111111111:role/reader';
const explained = (given: Partial<TrailCase>, action = 'kms:Decrypt') => {
  const one: TrailCase = { name: '', expect: {}, ...given };
  return explainPrincipal(trailFacts(one), keyFacts(one)!, checkOptions(one), READER, action);
};
const deny = (sid: string, members: object) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: sid, Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', ...members }],
});

test('a policy that was not read cannot be explained, and the reason says why', () => {
  expect(explained({ policy: { unread: 'kms:GetKeyPolicy is denied' } })).toMatchObject({
    read: false,
    reason: 'the key policy could not be read: kms:GetKeyPolicy is denied',
  });
});

test('each file is explained by every statement, and by the Deny statements of resource control policies that apply or may', () => {
  const spared = { Condition: { ArnNotEquals: { 'aws:PrincipalArn': READER } } };
  const network = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
  const reading = explained({
    statements: [{ Sid: 'Readers', Effect: 'Allow', Principal: { AWS: READER }, Action: 'kms:Decrypt', Resource: '*' }],
    key: { resourceControlPolicies: [deny('Always', {}), deny('SparesReader', spared), deny('Perhaps', network)] },
  });
  if (!reading.read) throw new Error(reading.reason);
  const [file] = reading.value.files;
  expect(file?.statements.map(({ statement, applies }) => `${statement} ${applies}`)).toEqual(['Readers yes']);
  expect(file?.resourceControlStatements.map(({ statement, applies }) => `${statement} ${applies}`)).toEqual([
    'Always yes',
    'Perhaps unknown',
  ]);
  expect(reading.value.unexamined).toBeNull();
});
