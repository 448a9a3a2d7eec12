import { explainTrail } from '../../src/trail/explainTrail.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const explained = (given: Partial<TrailCase>) => {
  const one: TrailCase = { name: '', expect: {}, ...given };
  return explainTrail(trailFacts(one), keyFacts(one)!, checkOptions(one));
};

const deny = (sid: string, members: object) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: sid, Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', ...members }],
});

test('a policy that was not read cannot be explained, and the reason says why', () => {
  const reading = explained({ policy: { unread: 'kms:GetKeyPolicy is denied' } });
  expect(reading).toEqual({
    read: false,
    code: 'denied',
    reason: 'the key policy could not be read: kms:GetKeyPolicy is denied',
  });
});

test('every request is explained by every statement, the nearest first', () => {
  const reading = explained({
    statements: [{ Effect: 'Allow', Principal: '*', Action: 'kms:DescribeKey', Resource: '*' }],
  });
  if (!reading.read) throw new Error(reading.reason);
  const outcomes = reading.value.map(({ action, decision, statements }) => [
    action,
    decision.outcome,
    statements.map(({ statement, applies }) => `${statement} ${applies}`),
  ]);
  expect(outcomes).toEqual([
    ['kms:GenerateDataKey', 'denied', ['#0 no']],
    ['kms:GenerateDataKey', 'denied', ['#0 no']],
    ['kms:GenerateDataKey', 'denied', ['#0 no']],
    ['kms:DescribeKey', 'allowed', ['#0 yes']],
    ['kms:Decrypt', 'denied', ['#0 no']],
  ]);
});

test('of resource control policies only the Deny statements that apply, or may, are shown', () => {
  const spared = { Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } };
  const network = { Condition: { StringEquals: { 'aws:CalledViaFirst': 'x.amazonaws.com' } } };
  const reading = explained({
    key: { resourceControlPolicies: [deny('Always', {}), deny('SparesServices', spared), deny('Perhaps', network)] },
  });
  if (!reading.read) throw new Error(reading.reason);
  const shown = reading.value[0]!.resourceControlStatements.map(({ statement, applies }) => `${statement} ${applies}`);
  expect(shown).toEqual(['Always yes', 'Perhaps unknown']);
  expect(reading.value[0]!.decision.outcome).toBe('denied');
});
