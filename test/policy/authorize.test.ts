import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';

const statement = {
  Sid: 'A',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
};
const allowsNobody = { ...statement, Sid: 'N', Principal: 'cloudtrail' };

test.each([
  ['is told where nothing denies', [allowsNobody], [], expect.stringContaining('statement `N` allows nobody')],
  ['is no reason where a Deny decides', [allowsNobody, { ...statement, Sid: 'D', Effect: 'Deny' }], ['D'], null],
  ['is no reason where another one allows', [allowsNobody, statement], ['A'], null],
])('a statement that allows nobody %s', (_, statements, decided, reason) => {
  const parsed = parseKeyPolicy({ Version: '2012-10-17', Statement: statements });
  if (!parsed.valid) throw new Error(parsed.error);
  const decision = authorize(parsed.policy, {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'kms:GenerateDataKey',
    resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
    context: {},
    otherKeys: 'absent',
  });
  expect(decision).toMatchObject({ statements: decided, reason });
});
