import fc from 'fast-check';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { ChangeEvent, ChangeName, Since } from '../../src/trail/changes.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { read, unread } from '../../src/trail/facts.ts';
import type { CheckId } from '../../src/trail/finding.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const ALLOWING = keyFacts({ name: '', expect: {} })!.policy;
const policy = (allows: boolean) =>
  allows && ALLOWING.read ? ALLOWING.value : parseKeyPolicy({ Version: '2012-10-17', Statement: [] });

const change = (hour: number, name: ChangeName, allows?: boolean): ChangeEvent => ({
  id: `e-${hour}`,
  at: new Date(Date.UTC(2026, 10, 19, hour)),
  name,
  by: 'arn:aws:iam::111111111111:role/admin',
  policy: allows === undefined ? null : policy(allows),
});
const write = (hour: number, allows?: boolean) => change(hour, 'PutKeyPolicy', allows);

/** The trail with its key, and what changed them; without a list: nobody asked for it. */
function evaluated(given: Partial<TrailCase>, ofTrail: Changes, ofKey: Changes) {
  const row: TrailCase = { name: '', expect: {}, ...given };
  const key = keyFacts(row);
  const trail = { ...trailFacts(row), ...listed(ofTrail) };
  return evaluateTrail(trail, key === null ? null : { ...key, ...listed(ofKey) }, checkOptions(row));
}

type Changes = readonly ChangeEvent[] | 'unread' | undefined;
const listed = (changes: Changes) =>
  changes === undefined
    ? {}
    : { changeEvents: changes === 'unread' ? unread('denied', 'it is denied') : read(changes) };

const told = (since: Since | null | undefined) =>
  since && `${since.isCause ? 'broken by' : 'not later than'} ${since.eventId}`;

const REFUSING: Partial<TrailCase> = { policy: { Version: '2012-10-17', Statement: [] } };
const inState = (state: string): Partial<TrailCase> => ({ key: { metadata: { state } } });

test.each<[string, CheckId, Partial<TrailCase>, Changes, Changes, string | null | undefined]>([
  ['nobody asked', 'cloudtrail-can-encrypt', REFUSING, undefined, undefined, undefined],
  ['no change is known', 'cloudtrail-can-encrypt', REFUSING, [], [], null],
  ['a policy that is not in the event', 'cloudtrail-can-encrypt', REFUSING, [], [write(9)], 'not later than e-9'],
  [
    'it passes before and fails after',
    'cloudtrail-can-encrypt',
    REFUSING,
    [],
    [write(9, false), write(8, true)],
    'broken by e-9',
  ],
  [
    'it failed before already: the first of them',
    'cloudtrail-can-encrypt',
    REFUSING,
    [],
    [write(9, false), write(8, false), write(7, true)],
    'broken by e-8',
  ],
  [
    'nobody knows what was before',
    'cloudtrail-can-encrypt',
    REFUSING,
    [],
    [write(9, false), write(8, false)],
    'not later than e-8',
  ],
  [
    'what was before is not in its event',
    'cloudtrail-can-encrypt',
    REFUSING,
    [],
    [write(9, false), write(8)],
    'not later than e-9',
  ],
  ['in any order', 'cloudtrail-can-encrypt', REFUSING, [], [write(8, true), write(9, false)], 'broken by e-9'],
  [
    'the last policy that is known passes',
    'cloudtrail-can-encrypt',
    REFUSING,
    [],
    [write(9, true), write(8, false)],
    null,
  ],
  [
    'the trail got the key later',
    'cloudtrail-can-encrypt',
    REFUSING,
    [change(10, 'UpdateTrail')],
    [write(9, false), write(8, true)],
    'not later than e-10',
  ],
  [
    'the trail got the key before',
    'cloudtrail-can-encrypt',
    REFUSING,
    [change(8, 'CreateTrail')],
    [write(9, false), write(7, true)],
    'not later than e-9',
  ],
  [
    "the trail's changes are unread",
    'cloudtrail-can-encrypt',
    REFUSING,
    'unread',
    [write(9, false), write(8, true)],
    null,
  ],
  ["nobody asked for the trail's", 'cloudtrail-can-encrypt', REFUSING, undefined, [write(9, false)], null],
  ["the key's are unread", 'cloudtrail-can-encrypt', REFUSING, [change(8, 'CreateTrail')], 'unread', null],
  [
    'no key',
    'trail-encrypted',
    { key: null },
    [change(9, 'UpdateTrail'), change(1, 'CreateTrail')],
    undefined,
    'not later than e-9',
  ],
  ['disabled', 'key-usable', inState('Disabled'), undefined, [change(9, 'DisableKey')], 'not later than e-9'],
  [
    'disabled, after a deletion was cancelled',
    'key-usable',
    inState('Disabled'),
    undefined,
    [change(9, 'ScheduleKeyDeletion'), change(8, 'DisableKey')],
    'not later than e-9',
  ],
  [
    'to be deleted',
    'key-usable',
    inState('PendingDeletion'),
    [],
    [change(9, 'ScheduleKeyDeletion'), change(8, 'DisableKey')],
    'not later than e-9',
  ],
  [
    'a policy does not disable a key',
    'key-usable',
    inState('Disabled'),
    undefined,
    [write(9), change(8, 'DisableKey')],
    'not later than e-8',
  ],
  [
    'the state comes from something else',
    'key-usable',
    inState('Unavailable'),
    undefined,
    [change(9, 'DisableKey')],
    null,
  ],
  [
    'the rotation',
    'key-rotates',
    { key: { rotation: 'off' }, options: { requireKeyRotation: true } },
    [],
    [change(9, 'DisableKeyRotation')],
    'not later than e-9',
  ],
  [
    'stopped',
    'trail-logging',
    { status: { isLogging: false } },
    [change(9, 'StopLogging')],
    undefined,
    'not later than e-9',
  ],
  [
    'a check that no call breaks',
    'log-delivery-healthy',
    { status: { latestDeliveryError: 'AccessDenied' } },
    [change(9, 'UpdateTrail')],
    [write(9)],
    null,
  ],
])('since when it fails: %s', (_, id, given, ofTrail, ofKey, expected) => {
  const finding = evaluated(given, ofTrail, ofKey).find(({ check }) => check === id);
  expect(finding?.status).toBe('fail');
  expect(told(finding?.since)).toEqual(expected);
});

test('what happened, and who did it', () => {
  const [finding] = evaluated(REFUSING, [], [write(9, false), write(8, true)]).filter(
    ({ check }) => check === 'cloudtrail-can-encrypt',
  );
  expect(finding?.since).toEqual({
    time: '2026-11-19T09:00:00.000Z',
    eventId: 'e-9',
    eventName: 'PutKeyPolicy',
    by: 'arn:aws:iam::111111111111:role/admin',
    isCause: true,
  });
});

test('no more policies are evaluated than a few', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    ...write(9, false),
    id: `e-${60 - index}`,
    at: new Date(Date.UTC(2026, 10, 19, 1, 60 - index)),
  }));
  const [finding] = evaluated(REFUSING, [], [...many, write(0, true)]).filter(
    ({ check }) => check === 'cloudtrail-can-encrypt',
  );
  expect(told(finding?.since)).toBe('not later than e-51');
});

test('no change turns an answer, and only failures tell since when', () => {
  const name = fc.constantFrom<ChangeName>(
    'PutKeyPolicy',
    'DisableKey',
    'UpdateTrail',
    'StopLogging',
    'DisableKeyRotation',
  );
  const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 23 }), name, fc.boolean()), { maxLength: 5 });
  const given = fc.constantFrom<Partial<TrailCase>>({}, REFUSING, inState('Disabled'), { key: null });
  fc.assert(
    fc.property(given, events, events, (row, one, other) => {
      const changes = [one, other].map((list) => list.map((event) => change(...event)));
      const plain = evaluated(row, undefined, undefined);
      const findings = evaluated(row, changes[0], changes[1]);
      expect(findings.map(({ since: _, ...finding }) => finding)).toEqual(plain);
      for (const { status, since } of findings) expect(since === undefined).toBe(status !== 'fail');
    }),
    { numRuns: 30 },
  );
});

test('a check names the calls that may break it, or none', () => {
  expect(CHECKS.filter((check) => 'brokenBy' in check && check.brokenBy.length === 0)).toEqual([]);
});
