import { deadlineAfter } from '../../src/aws/deadline.ts';
import type { Call } from '../../src/aws/errors.ts';
import { startSession } from '../../src/aws/session.ts';

const call: Call = {
  service: 'KMS',
  operation: 'DescribeKey',
  permission: 'kms:DescribeKey',
  subject: 'arn:key',
  region: 'us-east-1',
};
const never = () => new Promise<never>(() => undefined);

describe('the deadline of an invocation', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('stops a request that hangs, a second before Lambda would', async () => {
    const { signal } = deadlineAfter(5_000);
    const asked = startSession('111122223333', 'the role', signal).ask(call, never);
    const failed = expect(asked).rejects.toMatchObject({
      name: 'DeadlineError',
      message: expect.stringContaining('KMS DescribeKey for `arn:key` in us-east-1 failed: the time'),
    });
    jest.advanceTimersByTime(3_999);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    await failed;
  });

  it('hands the signal to the request', async () => {
    const { signal } = deadlineAfter(5_000);
    const answer = await startSession('1', 'x', signal).ask(call, async ({ abortSignal }) => abortSignal);
    expect(answer).toEqual({ ok: true, output: signal });
  });

  it('asks nothing more once it has passed', async () => {
    const { signal } = deadlineAfter(500);
    jest.advanceTimersByTime(0);
    await expect(startSession('1', 'x', signal).ask(call, never)).rejects.toThrow('nearly up');
  });

  it.each([
    ['unknown', Number.NaN],
    ['nonsense', -1],
    ['cleared', 2_000],
  ])('%s: does not stop anything', (name, remaining) => {
    const deadline = deadlineAfter(remaining);
    if (name === 'cleared') deadline.clear();
    jest.advanceTimersByTime(60_000);
    expect(deadline.signal.aborted).toBe(false);
  });
});
