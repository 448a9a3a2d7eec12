import { InfrastructureError } from '../../../src/aws/errors.ts';
import { keyPolicyPort } from '../../../src/aws/write/keyPolicy.ts';
import { keyStatePort } from '../../../src/aws/write/keyState.ts';
import { trailKeyPort } from '../../../src/aws/write/trailKey.ts';
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { stepsOf } from '../../../src/remediate/steps.ts';
import type { EditChange, RepairPlan } from '../../../src/trail/repair/plan.ts';
import { KEY_ARN } from '../support/answers.ts';
import { type Ending, quickClock, startService } from '../support/service.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const THEIR_KEY = KEY_ARN.replace('1234abcd', 'ffffffff');
const FORMER_KEY = KEY_ARN.replace('1234abcd', '0000abcd');

const start = { state: 'Disabled', rotates: false, period: 365, trailKey: '' };
let live: typeof start;
const endings = new Map<string, Ending[]>();
let service: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  const set = (members: Partial<typeof start>, answer: object) => () => {
    live = { ...live, ...members };
    return answer;
  };
  const operations = {
    DescribeKey: () => ({ KeyMetadata: { KeyId: 'k', KeyState: live.state } }),
    GetKeyRotationStatus: () => ({ KeyRotationEnabled: live.rotates, RotationPeriodInDays: live.period }),
    EnableKey: set({ state: 'Enabled' }, {}),
    DisableKey: set({ state: 'Disabled' }, {}),
    CancelKeyDeletion: set({ state: 'Disabled' }, { KeyId: KEY_ARN }),
    EnableKeyRotation: set({ rotates: true }, {}),
    DisableKeyRotation: set({ rotates: false }, {}),
    DescribeTrails: () => ({ trailList: [{ TrailARN: TRAIL, Name: 'main', KmsKeyId: live.trailKey || undefined }] }),
    UpdateTrail: ({ KmsKeyId }: { KmsKeyId?: unknown }) => {
      live = { ...live, trailKey: String(KmsKeyId) };
      return { TrailARN: TRAIL };
    },
  };
  service = await startService(operations, endings);
});
afterAll(() => service.stop());
beforeEach(() => {
  live = start;
  endings.clear();
  service.asked.length = 0;
});

function stepFor(change: EditChange, formerKey: string | null = null) {
  const before = parseKeyPolicy('{"Version":"2012-10-17","Statement":[]}');
  if (!before.valid) throw new Error(before.error);
  const work = { before: before.policy, policyEdits: [], otherCommands: [], formerKey };
  const plan = { keyArn: KEY_ARN, work, edits: [{ statement: null, change, message: '' }] } as unknown as RepairPlan;
  const { access } = service;
  const ports = {
    policy: keyPolicyPort(access, KEY_ARN),
    key: keyStatePort(access, KEY_ARN),
    trail: trailKeyPort(access, TRAIL),
  };
  const [step] = stepsOf(plan, ports, quickClock());
  if (step === undefined) throw new Error('no step');
  return step;
}

const count = (operation: string) => service.asked.filter((one) => one === operation).length;

interface Row {
  readonly change: EditChange;
  /** The key that the trail has before. */
  readonly formerKey?: string;
  readonly write: string;
  readonly undo: string | null;
  readonly before: Partial<typeof start>;
  readonly after: Partial<typeof start>;
  /** What somebody else makes of it. */
  readonly theirs: Partial<typeof start>;
}

const ROWS: readonly Row[] = [
  {
    change: 'deletion-cancelled',
    write: 'CancelKeyDeletion',
    undo: null,
    before: { state: 'PendingDeletion' },
    after: { state: 'Disabled' },
    theirs: {},
  },
  {
    change: 'key-enabled',
    write: 'EnableKey',
    undo: 'DisableKey',
    before: { state: 'Disabled' },
    after: { state: 'Enabled' },
    theirs: { state: 'PendingDeletion' },
  },
  {
    change: 'rotation-enabled',
    write: 'EnableKeyRotation',
    undo: 'DisableKeyRotation',
    before: { rotates: false },
    after: { rotates: true },
    theirs: { rotates: true, period: 90 },
  },
  {
    change: 'trail-key-set',
    write: 'UpdateTrail',
    undo: 'UpdateTrail',
    before: { trailKey: '' },
    after: { trailKey: KEY_ARN },
    theirs: { trailKey: THEIR_KEY },
  },
  {
    change: 'trail-key-set',
    formerKey: FORMER_KEY,
    write: 'UpdateTrail',
    undo: 'UpdateTrail',
    before: { trailKey: FORMER_KEY },
    after: { trailKey: KEY_ARN },
    theirs: { trailKey: '' },
  },
];
const UNDONE = ROWS.filter(({ undo }) => undo !== null);

describe.each(ROWS)('$write $formerKey', ({ change, formerKey, write, before, after }) => {
  it.each<[Ending['by'], boolean, number]>([
    ['length', true, 1],
    ['chunk', true, 1],
    ['reset', true, 1],
    ['failure', true, 1],
    ['length', false, 2],
    ['reset', false, 2],
    ['failure', false, 2],
  ])('an answer that ends badly (%s), carried out: %s', async (by, acts, sent) => {
    live = { ...start, ...before };
    endings.set(write, [{ acts, by }]);
    expect(await stepFor(change, formerKey).run()).toEqual({ done: true });
    expect(live).toMatchObject(after);
    expect(count(write)).toBe(sent);
  });

  it('an answer that never comes', async () => {
    live = { ...start, ...before };
    endings.set(
      write,
      Array.from({ length: 9 }, () => ({ acts: false, by: 'reset' })),
    );
    await expect(stepFor(change, formerKey).run()).rejects.toThrow(/ECONNRESET/);
    expect(count(write)).toBe(4);
  });
});

describe.each(UNDONE)('$undo takes $write back $formerKey', ({ change, formerKey, undo, before, after, theirs }) => {
  const takeBack = async () => {
    const step = stepFor(change, formerKey);
    if (typeof step.undo !== 'function' || undo === null) throw new Error(`${undo} is no undo`);
    return step.undo();
  };

  it('what was written', async () => {
    live = { ...start, ...after };
    expect(await takeBack()).toEqual({ done: true });
    expect(live).toMatchObject(before);
  });

  it('an answer that breaks off', async () => {
    live = { ...start, ...after };
    endings.set(undo ?? '', [{ acts: true, by: 'chunk' }]);
    expect(await takeBack()).toEqual({ done: true });
    expect([live, count(undo ?? '')]).toEqual([{ ...start, ...before }, 1]);
  });

  it('what somebody else made of it stays, and a command shows it', async () => {
    live = { ...start, ...theirs };
    expect(await takeBack()).toMatchObject({
      done: false,
      code: 'Changed',
      reason: expect.stringMatching(/somebody else .* left as it is; this shows it: aws /),
    });
    expect([live, count(undo ?? '')]).toEqual([{ ...start, ...theirs }, 0]);
  });

  it('what cannot be read is not written over', async () => {
    live = { ...start, ...after };
    for (const read of ['DescribeKey', 'GetKeyRotationStatus', 'DescribeTrails'])
      endings.set(
        read,
        Array.from({ length: 9 }, () => ({ acts: true, by: 'chunk' })),
      );
    await expect(takeBack()).rejects.toThrow(InfrastructureError);
    expect(count(undo ?? '')).toBe(0);
  });
});

it('a trail that somebody gave another key since it was read keeps it', async () => {
  live = { ...start, trailKey: THEIR_KEY };
  expect(await stepFor('trail-key-set').run()).toMatchObject({ done: false, code: 'Changed' });
  expect([live.trailKey, count('UpdateTrail')]).toEqual([THEIR_KEY, 0]);
});
