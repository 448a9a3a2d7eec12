import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { Sent } from '../../src/remediate/change.ts';
import type { Ending } from '../../src/remediate/outcome.ts';
import type { KeyOperation } from '../../src/remediate/ports.ts';
import { type Remediation, remediate } from '../../src/remediate/remediate.ts';
import type { EditChange, RepairPlan } from '../../src/trail/repair/plan.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const statement = (Sid: string, trail = TRAIL) => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': trail } },
});
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const BEFORE = policy(statement('Old', `${TRAIL}-gone`));
const THEIRS = policy(statement('Theirs'));

const plan = (...changes: readonly EditChange[]): RepairPlan => {
  const before = parseKeyPolicy(BEFORE);
  if (!before.valid) throw new Error(before.error);
  const edit = { label: '#0', change: 'condition-value-corrected', message: '', loses: [] } as const;
  return {
    keyArn: KEY,
    trailArns: [TRAIL],
    status: 'repaired',
    work: {
      before: before.policy,
      policyEdits: [{ ...edit, index: 0, statement: statement('New') }],
      otherCommands: [],
    },
    edits: changes.map((change) => ({ statement: null, change, message: '' })),
  } as unknown as RepairPlan;
};

/** A key and a trail in memory. */
const REFUSED: Sent = { done: false, code: 'LimitExceeded', reason: 'KMS refuses' };
const LOST = new Error('no answer');

interface World {
  readonly live: { policy: string; state: string; rotation: number | null; trailKey: string };
  readonly did: string[];
  /** What comes of a request instead of being carried out; the first that matches its name. */
  readonly ends: Map<string, Sent[]>;
}

const newWorld = (): World => ({
  live: { policy: BEFORE, state: 'Disabled', rotation: null, trailKey: '' },
  did: [],
  ends: new Map(),
});

function remediation(world: World, over: Partial<Remediation> = {}): Remediation {
  const { live, did, ends } = world;
  const act = async (name: string, change: () => void): Promise<Sent> => {
    did.push(name);
    const end = ends.get(name)?.shift();
    if (end !== undefined) return end;
    change();
    return { done: true };
  };
  const operations: Readonly<Record<KeyOperation, () => void>> = {
    CancelKeyDeletion: () => Object.assign(live, { state: 'Disabled' }),
    EnableKey: () => Object.assign(live, { state: 'Enabled' }),
    DisableKey: () => Object.assign(live, { state: 'Disabled' }),
    EnableKeyRotation: () => Object.assign(live, { rotation: 365 }),
    DisableKeyRotation: () => Object.assign(live, { rotation: null }),
  };
  let now = 0;
  return {
    clock: {
      now: () => now,
      wait: async (milliseconds) => {
        now += milliseconds;
      },
    },
    say: () => {},
    owners: { owners: [async () => null], isThere: async () => false, shutOut: 'ask a person' },
    whatChanged: async () => null,
    backUp: async (text) => {
      did.push(`backup ${text === BEFORE}`);
    },
    ports: async () => ({
      policy: {
        keyArn: KEY,
        read: async () => live.policy,
        write: (text) => act('PutKeyPolicy', () => Object.assign(live, { policy: text })),
      },
      key: {
        keyArn: KEY,
        state: async () => live.state,
        rotationPeriod: async () => live.rotation,
        send: (operation) => act(operation, operations[operation]),
      },
      trail: {
        trailArn: TRAIL,
        read: async () => live.trailKey,
        write: (keyArn) => act('UpdateTrail', () => Object.assign(live, { trailKey: keyArn })),
      },
    }),
    readBack: async () => ({ policy: live.policy, whatIsOpen: async () => null }),
    notRead: (message) => `not read: ${message}`,
    verifyFor: () => 20_000,
    undoFor: 60_000,
    ...over,
  };
}

const ALL: readonly EditChange[] = ['key-enabled', 'rotation-enabled', 'trail-key-set'];
const MADE = ['backup true', 'PutKeyPolicy', 'EnableKey', 'EnableKeyRotation', 'UpdateTrail'];
const UNDONE = ['UpdateTrail', 'DisableKeyRotation', 'DisableKey', 'PutKeyPolicy'];

interface Row {
  readonly over?: (world: World) => Partial<Remediation>;
  readonly ends?: Readonly<Record<string, readonly Sent[]>>;
  readonly changes?: readonly EditChange[];
  readonly ending: Ending | { readonly status: Ending['status']; readonly reason: unknown };
  readonly did: readonly string[];
  /** Whether the policy is as it was. */
  readonly isBack: boolean;
}

const rows: Readonly<Record<string, Row>> = {
  'everything is made in its order and passes': { ending: { status: 'applied' }, did: MADE, isBack: false },
  'what somebody deploys is left alone': {
    over: () => ({
      owners: { owners: [async () => null, async () => 'a stack'], isThere: async () => false, shutOut: '' },
    }),
    ending: { status: 'refused', reason: 'a stack: the change is for its owner' },
    did: [],
    isBack: true,
  },
  'so is a policy that a trail of another Region lives by': {
    over: () => ({ owners: { owners: [], isThere: async (arn) => arn === `${TRAIL}-gone`, shutOut: 'ask a person' } }),
    ending: { status: 'refused', reason: `the trail \`${TRAIL}-gone\` is there and would be shut out: ask a person` },
    did: [],
    isBack: true,
  },
  'what was changed since it was read is not touched': {
    over: () => ({ whatChanged: async () => 'the trail has another key' }),
    ending: { status: 'changed', reason: 'the trail has another key' },
    did: [],
    isBack: true,
  },
  'a policy that somebody changed is not written over': {
    over: ({ live }) => ({ backUp: async () => void Object.assign(live, { policy: THEIRS }) }),
    ending: { status: 'changed', reason: expect.stringMatching(/changed since it was read: plan again/) },
    did: [],
    isBack: false,
  },
  'a first change that is refused leaves nothing to take back': {
    ends: { PutKeyPolicy: [REFUSED] },
    ending: { status: 'failed', reason: 'KMS refuses' },
    did: MADE.slice(0, 2),
    isBack: true,
  },
  'a later one takes back what was made before it, the last first': {
    ends: { UpdateTrail: [REFUSED] },
    ending: { status: 'rolled-back', reason: 'KMS refuses' },
    did: [...MADE, ...UNDONE.slice(1)],
    isBack: true,
  },
  'one without an answer is taken back like what is known to be written': {
    ends: { UpdateTrail: [LOST, LOST, LOST, LOST] },
    ending: { status: 'rolled-back', reason: 'no answer' },
    did: [...MADE, 'UpdateTrail', 'UpdateTrail', 'UpdateTrail', ...UNDONE],
    isBack: true,
  },
  'a refusal that passes by itself is waited for': {
    ends: { EnableKey: [{ done: false, code: 'KMSInvalidStateException', reason: 'not yet' }] },
    ending: { status: 'applied' },
    did: ['backup true', 'PutKeyPolicy', 'EnableKey', ...MADE.slice(2)],
    isBack: false,
  },
  'what does not pass is taken back': {
    over: ({ live }) => ({ readBack: async () => ({ policy: live.policy, whatIsOpen: async () => 'it fails' }) }),
    ending: { status: 'rolled-back', reason: 'it fails' },
    did: [...MADE, ...UNDONE],
    isBack: true,
  },
  'so is what KMS does not show': {
    over: () => ({ readBack: async () => ({ policy: BEFORE, whatIsOpen: async () => null }) }),
    ending: { status: 'rolled-back', reason: 'KMS does not show the new key policy' },
    did: [...MADE, ...UNDONE],
    isBack: true,
  },
  'so is what cannot be read again': {
    over: () => ({ readBack: () => Promise.reject(new Error('throttled')) }),
    ending: { status: 'rolled-back', reason: 'not read: throttled' },
    did: [...MADE, ...UNDONE],
    isBack: true,
  },
  "somebody else's change stays, and does not stop the undo": {
    over: ({ live }) => ({
      readBack: async () => {
        Object.assign(live, { trailKey: `${KEY}0` });
        return { policy: live.policy, whatIsOpen: async () => 'it fails' };
      },
    }),
    ending: {
      status: 'left',
      reason: 'it fails',
      left: [{ step: `set the key of ${TRAIL}`, reason: expect.stringMatching(/left as it is; this shows it: aws /) }],
    },
    did: [...MADE, ...UNDONE.slice(1)],
    isBack: true,
  },
  'an undo that is refused ends it': {
    ends: { UpdateTrail: [REFUSED], DisableKey: [REFUSED] },
    ending: { status: 'left', reason: 'KMS refuses', left: [{ step: `enable ${KEY}`, reason: 'KMS refuses' }] },
    did: [...MADE, 'DisableKeyRotation', 'DisableKey'],
    isBack: false,
  },
  'an undo that is throttled is asked again': {
    ends: { UpdateTrail: [REFUSED], DisableKey: [{ done: false, code: 'ThrottlingException', reason: 'slowly' }] },
    ending: { status: 'rolled-back', reason: 'KMS refuses' },
    did: [...MADE, 'DisableKeyRotation', 'DisableKey', 'DisableKey', 'PutKeyPolicy'],
    isBack: true,
  },
  'but not where there is no time for it': {
    over: () => ({ undoFor: 0 }),
    ends: { UpdateTrail: [REFUSED], DisableKey: [{ done: false, code: 'ThrottlingException', reason: 'slowly' }] },
    ending: { status: 'left', reason: 'KMS refuses', left: [{ step: `enable ${KEY}`, reason: 'slowly' }] },
    did: [...MADE, 'DisableKeyRotation', 'DisableKey'],
    isBack: false,
  },
  'a cancelled deletion stays cancelled, and the rest is taken back': {
    changes: ['deletion-cancelled', 'key-enabled'],
    ends: { EnableKey: [REFUSED] },
    ending: {
      status: 'left',
      reason: 'KMS refuses',
      left: [{ step: null, reason: expect.stringMatching(/stays cancelled/) }],
    },
    did: ['backup true', 'PutKeyPolicy', 'CancelKeyDeletion', 'EnableKey', 'PutKeyPolicy'],
    isBack: true,
  },
  'an interruption before the first change': {
    over: () => ({ interrupted: AbortSignal.abort() }),
    ending: { status: 'interrupted', begun: [] },
    did: ['backup true'],
    isBack: true,
  },
  'an interruption on the way names what was done, and takes nothing back': {
    over: () => {
      const controller = new AbortController();
      return {
        interrupted: controller.signal,
        say: (text) => {
          if (text.startsWith('enable')) controller.abort();
        },
      };
    },
    ending: { status: 'interrupted', begun: [`write the policy of ${KEY}`, `enable ${KEY}`] },
    did: MADE.slice(0, 3),
    isBack: false,
  },
};

test.each(Object.entries(rows))('%s', async (_, { over, ends = {}, changes = ALL, ending, did, isBack }) => {
  const world = newWorld();
  for (const [name, list] of Object.entries(ends)) world.ends.set(name, [...list]);
  expect(await remediate(plan(...changes), remediation(world, over?.(world)))).toEqual(ending);
  expect(world.did).toEqual(did);
  expect(world.live.policy === BEFORE).toBe(isBack);
});

test('a plan that is not repaired is a mistake of the caller', async () => {
  const declined = { ...plan(), work: null };
  await expect(remediate(declined, remediation(newWorld()))).rejects.toThrow('only a repaired plan can be applied');
});
