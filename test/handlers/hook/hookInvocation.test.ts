import { parseHookInvocation } from '../../../src/handlers/hook/hookInvocation.ts';

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('a target that is called %s is a type', (name) => {
  const event = {
    actionInvocationPoint: 'CREATE_PRE_PROVISION',
    awsAccountId: '111122223333',
    requestData: { targetName: name, targetType: name, targetLogicalId: name },
  };
  expect(parseHookInvocation(event).target).toEqual({ is: 'resource', type: name, logicalId: name, properties: null });
});
