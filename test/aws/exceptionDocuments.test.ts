import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { denied, ports, refused } from './support/answers.ts';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());
afterEach(() => jest.useRealTimers());

const read = (name: string, clients = createClients()) =>
  ports({}, clients).exceptionDocuments?.(name) ?? Promise.reject(new Error('no port'));

describe('exceptions in SSM', () => {
  it('are one parameter', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '{}' } });
    expect(await read('/rule/exceptions')).toEqual([{ name: '/rule/exceptions', text: '{}' }]);
    expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input).toEqual({
      Name: '/rule/exceptions',
      WithDecryption: true,
    });
  });

  it.each([
    ['/rule/', '/rule/'],
    ['rule/', '/rule/'],
  ])('are everything under the path %s, to the last page, in order', async (path, asked) => {
    ssm
      .on(GetParametersByPathCommand)
      .resolvesOnce({ Parameters: [{ Name: '/rule/b', Value: '2' }], NextToken: 'more' })
      .resolves({ Parameters: [{ Name: '/rule/a/deep', Value: '1' }] });
    expect(await read(path)).toEqual([
      { name: '/rule/a/deep', text: '1' },
      { name: '/rule/b', text: '2' },
    ]);
    expect(ssm.commandCalls(GetParametersByPathCommand).map(({ args }) => args[0].input)).toEqual([
      { Path: asked, Recursive: true, WithDecryption: true },
      { Path: asked, Recursive: true, WithDecryption: true, NextToken: 'more' },
    ]);
  });

  it('are read again after a minute, beyond the invocation', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '{}' } });
    const clients = createClients();
    await read('/x', clients);
    jest.advanceTimersByTime(59_999);
    await read('/x', clients);
    expect(ssm.calls()).toHaveLength(1);
    await read('/y', clients);
    expect(ssm.calls()).toHaveLength(2);
    jest.advanceTimersByTime(1);
    await read('/x', clients);
    expect(ssm.calls()).toHaveLength(3);
  });

  it('are never taken for none: a missing parameter is an error', async () => {
    ssm.on(GetParameterCommand).rejects(refused('ParameterNotFound'));
    await expect(read('/x')).rejects.toThrow(
      '`exceptionsParameter` is `/x`, which is no SSM parameter of account 111122223333 in us-east-1',
    );
  });

  it.each([
    ['/x', 'ssm:GetParameter'],
    ['/x/', 'ssm:GetParametersByPath'],
  ])('are never taken for none: a denied read of %s is an error', async (name, permission) => {
    ssm.onAnyCommand().rejects(denied(permission));
    await expect(read(name)).rejects.toThrow(`lacks ${permission} on ${name}`);
  });
});
