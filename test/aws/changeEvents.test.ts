import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { callOf } from '../../src/aws/errors.ts';
import { changeEventReader } from '../../src/aws/read/changeEvents.ts';
import { eventLookup } from '../../src/aws/read/lookUp.ts';
import { startSession } from '../../src/aws/session.ts';
import { isErrorMember } from '../../src/facts/members.ts';
import { KEY_CHANGES, TRAIL_CHANGES } from '../../src/trail/changes.ts';
import { ACCOUNT, denied, KEY_ARN, OTHER_ACCOUNT } from './support/answers.ts';

const cloudtrail = mockClient(CloudTrailClient);
beforeEach(() => {
  cloudtrail.reset();
  cloudtrail.on(LookupEventsCommand).resolves({ Events: [] });
});

const KEY = { arn: KEY_ARN, accountId: ACCOUNT, region: 'eu-west-1' };
const access = {
  session: startSession(ACCOUNT, 'the caller', new AbortController().signal),
  clients: createClients(),
};
const reader = () => {
  // No test waits for the pause between two lookups.
  const read = changeEventReader(eventLookup(0));
  return (names: typeof TRAIL_CHANGES | typeof KEY_CHANGES = KEY_CHANGES, changed = KEY) =>
    read(access, 'no role', names, changed);
};
const event = (id: string, hour: number, arn = KEY_ARN, EventName = 'PutKeyPolicy') => ({
  EventId: id,
  EventName,
  EventTime: new Date(Date.UTC(2026, 10, 19, hour)),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    eventName: EventName,
    resources: [{ ARN: arn }],
  }),
});
const answers = (name: string, ...pages: readonly object[]) =>
  pages.reduce(
    (mock: ReturnType<typeof cloudtrail.on>, page) => mock.resolvesOnce(page) as never,
    cloudtrail.on(LookupEventsCommand, {
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
    }) as never,
  );
const asked = () =>
  cloudtrail
    .commandCalls(LookupEventsCommand)
    .map(({ args: [command] }) => command.input.LookupAttributes?.[0]?.AttributeValue);
const ids = (member: Awaited<ReturnType<ReturnType<typeof reader>>>) =>
  isErrorMember(member) ? member.Error.Code : member.map(({ EventId }) => EventId);

test('each name is looked up once in an account and Region, whatever keys and trails there are', async () => {
  const read = reader();
  await Promise.all([read(), read(KEY_CHANGES, { ...KEY, arn: `${KEY_ARN}0` }), read(TRAIL_CHANGES)]);
  expect(asked().toSorted()).toEqual([...KEY_CHANGES, ...TRAIL_CHANGES].toSorted());
  await read(KEY_CHANGES, { ...KEY, region: 'us-east-1' });
  expect(asked()).toHaveLength(2 * KEY_CHANGES.length + TRAIL_CHANGES.length);
});

test('the events of the one that is asked about, the latest first', async () => {
  answers('PutKeyPolicy', { Events: [event('other', 9, `${KEY_ARN}0`), event('new', 8), event('old', 3)] });
  answers('DisableKey', { Events: [event('disabled', 5, KEY_ARN, 'DisableKey')] });
  expect(ids(await reader()())).toEqual(['new', 'disabled', 'old']);
});

test('where a list is cut off, nothing before it is told: a change may be missing there', async () => {
  const page = (id: string, hour: number) => ({ Events: [event(id, hour)], NextToken: 'more' });
  answers('PutKeyPolicy', page('one', 9), page('two', 6));
  answers('DisableKey', {
    Events: [event('late', 7, KEY_ARN, 'DisableKey'), event('early', 5, KEY_ARN, 'DisableKey')],
  });
  expect(ids(await reader()())).toEqual(['one', 'late', 'two']);
  expect(asked()).toHaveLength(KEY_CHANGES.length + 1);
});

test.each<[string, readonly object[], readonly string[]]>([
  [
    'after events',
    [
      { Events: [event('one', 9)], NextToken: 'more' },
      { Events: [], NextToken: 'yet more' },
    ],
    ['one'],
  ],
  [
    'after an empty one',
    [
      { Events: [], NextToken: 'more' },
      { Events: [], NextToken: 'yet more' },
    ],
    [],
  ],
])('an empty page with a token, %s, hides no later event', async (_, pages, told) => {
  answers('PutKeyPolicy', ...pages);
  answers('DisableKey', { Events: [event('early', 5, KEY_ARN, 'DisableKey')] });
  expect(ids(await reader()())).toEqual(told);
});

test('a denial is told in its place', async () => {
  cloudtrail.on(LookupEventsCommand).rejects(denied('cloudtrail:LookupEvents'));
  expect(ids(await reader()())).toBe('AccessDeniedException');
});

test('no other account is asked', async () => {
  expect(ids(await reader()(KEY_CHANGES, { ...KEY, accountId: OTHER_ACCOUNT }))).toBe('NotEntered');
  expect(asked()).toEqual([]);
});

test('a client that throws at once costs its own answer, and the line goes on', async () => {
  const lookUp = eventLookup(0);
  const call = callOf('CloudTrail', 'LookupEvents', `account ${ACCOUNT}`, 'eu-west-1');
  const question = { attribute: 'EventName', value: 'PutKeyPolicy', keep: () => [] } as const;
  const send = () => {
    throw new Error('broken');
  };
  const broken = { ...access, clients: { get: () => ({ send }) } } as never;
  const [first, second] = await Promise.allSettled([lookUp(broken, call, question), lookUp(access, call, question)]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
});
