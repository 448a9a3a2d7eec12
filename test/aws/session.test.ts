import { deadlineAfter, timeSlices } from '../../src/aws/deadline.ts';
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

  it.each([
    ["a function's minute", 60_000, [44_000, 51_500, 59_000]],
    ['a short time', 8_000, [5_000, 6_000, 7_000]],
  ])('%s is shared out: evaluating, listing earlier results, reporting', (_, remaining, ends) => {
    const slices = Object.values(timeSlices(remaining));
    for (const [index, end] of ends.entries()) {
      jest.advanceTimersByTime(end - (ends[index - 1] ?? 0) - 1);
      expect(slices[index]?.signal.aborted).toBe(false);
      jest.advanceTimersByTime(1);
      expect(slices.map(({ signal }) => signal.aborted)).toEqual([0, 1, 2].map((slice) => slice <= index));
    }
  });

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
    const deadlines = [deadlineAfter(remaining), ...Object.values(timeSlices(remaining))];
    if (name === 'cleared') for (const deadline of deadlines) deadline.clear();
    jest.advanceTimersByTime(60_000);
    expect(deadlines.map(({ signal }) => signal.aborted)).toEqual([false, false, false, false]);
  });
});
