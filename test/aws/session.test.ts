import { deadlineAfter, timeSlices } from '../../src/aws/deadline.ts';
import { type Call, InfrastructureError } from '../../src/aws/errors.ts';
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

  it('aborts the request itself', async () => {
    const { signal } = deadlineAfter(5_000);
    const aborted = jest.fn();
    const asked = startSession('1', 'x', signal).ask(call, ({ abortSignal }) => {
      abortSignal.addEventListener('abort', aborted);
      return never();
    });
    expect(aborted).not.toHaveBeenCalled();
    jest.advanceTimersByTime(4_000);
    await expect(asked).rejects.toThrow('nearly up');
    expect(aborted).toHaveBeenCalledTimes(1);
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

describe('half an answer', () => {
  const session = startSession('1', 'x', new AbortController().signal);
  /** As the SDK throws it where it cannot read the body of an answer. */
  const unreadable = (status: number) =>
    Object.assign(
      new SyntaxError(
        'Unexpected end of JSON input\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.',
      ),
      { $metadata: { httpStatusCode: status, attempts: 4 } },
    );

  it.each([200, 201, 299])('a success (%i) that cannot be read is no refusal', async (status) => {
    await expect(session.ask(call, () => Promise.reject(unreadable(status)))).rejects.toThrow(
      /^KMS DescribeKey for `arn:key` in us-east-1 failed: the answer cannot be read: Unexpected end of JSON input \(after 4 attempts\)$/,
    );
  });

  it('a refusal that cannot be read is one all the same', async () => {
    const answer = await session.ask(call, () => Promise.reject(unreadable(400)));
    expect(answer).toMatchObject({ ok: false, refusal: { httpStatus: 400 } });
  });

  it('what is wrong with an answer is said once', async () => {
    const wrong = new InfrastructureError(call, 'the answer is without `Policy`');
    await expect(session.ask(call, () => Promise.reject(wrong))).rejects.toBe(wrong);
  });
});
