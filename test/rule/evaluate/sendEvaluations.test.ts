import { UndeliveredEvaluationsError } from '../../../src/rule/errors.ts';
import type { Evaluation } from '../../../src/rule/evaluate/evaluation.ts';
import { ATTEMPTS_PER_BATCH, sendEvaluations } from '../../../src/rule/evaluate/sendEvaluations.ts';

const evaluations = (count: number): Evaluation[] =>
  Array.from({ length: count }, (_, index) => ({
    ComplianceResourceType: 'AWS::CloudTrail::Trail',
    ComplianceResourceId: `trail-${index}`,
    ComplianceType: 'COMPLIANT',
    OrderingTimestamp: new Date(0),
  }));

/** A Config that refuses each resource as often as `refusals` says. */
function config(refusals: Readonly<Record<string, number>>) {
  const calls: string[][] = [];
  const pauses: number[] = [];
  const left: Record<string, number> = { ...refusals };
  return {
    calls,
    pauses,
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
    putEvaluations: async (batch: readonly Evaluation[]) => {
      calls.push(batch.map(({ ComplianceResourceId }) => ComplianceResourceId));
      return batch.filter(({ ComplianceResourceId: id }) => {
        const count = left[id] ?? 0;
        left[id] = count - 1;
        return count > 0;
      });
    },
  };
}

describe('sendEvaluations', () => {
  test.each([
    [0, []],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('%i evaluations go in batches of %j', async (count, sizes) => {
    const port = config({});
    await sendEvaluations(evaluations(count), port, port.sleep);
    expect(port.calls.map((call) => call.length)).toEqual(sizes);
    expect(new Set(port.calls.flat()).size).toBe(count);
    expect(port.pauses).toEqual([]);
  });

  test('what Config does not take is sent again, alone, after a growing pause', async () => {
    const port = config({ 'trail-1': 2, 'trail-2': 1 });
    await sendEvaluations(evaluations(3), port, port.sleep);
    expect(port.calls).toEqual([['trail-0', 'trail-1', 'trail-2'], ['trail-1', 'trail-2'], ['trail-1']]);
    expect(port.pauses).toEqual([200, 400]);
  });

  test('what Config never takes is thrown, after the other batches were sent', async () => {
    const port = config({ 'trail-1': 99 });
    const sending = sendEvaluations(evaluations(150), port, port.sleep);
    await expect(sending).rejects.toThrow(UndeliveredEvaluationsError);
    await expect(sending).rejects.toThrow(
      'AWS Config did not take 1 evaluations in 4 attempts, the first is of `trail-1`',
    );
    expect(port.calls).toHaveLength(ATTEMPTS_PER_BATCH + 1);
    expect(port.calls.at(-1)).toHaveLength(50);
  });

  test('what the port throws is not tried again', async () => {
    const putEvaluations = async () => {
      throw new Error('throttled');
    };
    await expect(sendEvaluations(evaluations(1), { putEvaluations }, async () => {})).rejects.toThrow('throttled');
  });

  test('the pause of its own really waits', async () => {
    jest.useFakeTimers();
    try {
      const port = config({ 'trail-0': 1 });
      const sent = sendEvaluations(evaluations(1), port);
      await jest.advanceTimersByTimeAsync(199);
      expect(port.calls).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(1);
      expect(port.calls).toHaveLength(2);
      await sent;
    } finally {
      jest.useRealTimers();
    }
  });
});
