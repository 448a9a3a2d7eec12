import { changeEssentialsOf, changeEvents, isAbout, keysGiven } from '../../src/facts/changeEvents.ts';
import type { EventMember } from '../../src/facts/members.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const ADMIN = 'arn:aws:iam::111122223333:role/admin';
const POLICY = '{"Version":"2012-10-17","Statement":[]}';

const event = (name: string, members: object): EventMember => ({
  EventId: 'e-1',
  EventName: name,
  EventTime: new Date('2026-11-19T09:00:00Z'),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    eventName: name,
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli',
    userIdentity: { type: 'AssumedRole', arn: ADMIN, accessKeyId: 'AKIA' },
    ...members,
  }),
});
const ofKey = (name: string, requestParameters: object = {}, members: object = {}) =>
  event(name, { requestParameters, resources: [{ ARN: KEY }], ...members });
const ofTrail = (name: string, requestParameters: object) =>
  event(name, { eventSource: 'cloudtrail.amazonaws.com', requestParameters });

test.each<[string, EventMember, string, string | null]>([
  ['a key by its resources', ofKey('DisableKey'), KEY, `DisableKey ${ADMIN}`],
  ['a key by its ARN', event('DisableKey', { requestParameters: { keyId: KEY } }), KEY, `DisableKey ${ADMIN}`],
  [
    'a key by its id',
    event('DisableKey', { requestParameters: { keyId: KEY.slice(-36) } }),
    KEY,
    `DisableKey ${ADMIN}`,
  ],
  ['another key', ofKey('DisableKey'), `${KEY}0`, null],
  ['a policy', ofKey('PutKeyPolicy', { policy: POLICY }), KEY, `PutKeyPolicy ${ADMIN} valid`],
  ['a policy that is none', ofKey('PutKeyPolicy', { policy: '{' }), KEY, `PutKeyPolicy ${ADMIN} invalid`],
  ['a policy that is left out', ofKey('PutKeyPolicy'), KEY, `PutKeyPolicy ${ADMIN}`],
  [
    'a service',
    ofKey('DisableKey', {}, { userIdentity: { invokedBy: 'cloudformation.amazonaws.com' } }),
    KEY,
    'DisableKey cloudformation.amazonaws.com',
  ],
  ['nobody', ofKey('DisableKey', {}, { userIdentity: null }), KEY, 'DisableKey null'],
  ['what was refused', ofKey('DisableKey', {}, { errorCode: 'AccessDenied' }), KEY, null],
  ['what is no change', ofKey('Decrypt'), KEY, null],
  ['another service of the same name', ofKey('DisableKey', {}, { eventSource: 'other.amazonaws.com' }), KEY, null],
  ['what nobody can read', { EventId: 'e', EventName: 'DisableKey', CloudTrailEvent: '{' }, KEY, null],
  ['a trail by its name', ofTrail('StopLogging', { name: 'main' }), TRAIL, `StopLogging ${ADMIN}`],
  ['a trail by its ARN', ofTrail('StopLogging', { name: TRAIL }), TRAIL, `StopLogging ${ADMIN}`],
  ['another trail', ofTrail('StopLogging', { name: 'other' }), TRAIL, null],
  ['another key of a trail', ofTrail('UpdateTrail', { name: 'main', kmsKeyId: '' }), TRAIL, `UpdateTrail ${ADMIN}`],
  ['nothing of the key', ofTrail('UpdateTrail', { name: 'main', enableLogFileValidation: true }), TRAIL, null],
  ['a new trail', ofTrail('CreateTrail', { name: 'main' }), TRAIL, `CreateTrail ${ADMIN}`],
])('%s', (_, member, arn, expected) => {
  const said = (events: readonly EventMember[]) =>
    changeEvents(events, arn).map(({ name, by, policy }) =>
      [name, by, ...(policy === null ? [] : [policy.valid ? 'valid' : 'invalid'])].join(' '),
    );
  expect(said([member])).toEqual(expected === null ? [] : [expected.replace('null', '')]);
  // What is kept of it says the same.
  const { CloudTrailEvent } = member;
  const kept = { ...member, CloudTrailEvent: changeEssentialsOf(CloudTrailEvent ?? '') };
  expect(said([kept])).toEqual(said([member]));
  expect(kept.CloudTrailEvent).not.toMatch(/192\.0\.2\.1|aws-cli|AKIA/);
});

describe('the keys that a trail was given', () => {
  const PLACE = { arn: TRAIL, partition: 'aws', accountId: '111122223333', homeRegion: 'us-east-1' };
  const given = (asked: unknown, answered: unknown, members: object = {}) =>
    event('UpdateTrail', {
      eventSource: 'cloudtrail.amazonaws.com',
      requestParameters: { name: 'main', kmsKeyId: asked },
      responseElements: answered === undefined ? null : { name: 'main', kmsKeyId: answered, s3BucketName: '192.0.2.1' },
      ...members,
    });
  const FAR = KEY.replace('us-east-1', 'eu-west-1').replace('111122223333', '444455556666');

  test.each<[string, EventMember, readonly string[]]>([
    ['by an alias, which the answer follows', given('alias/trail', KEY), [KEY]],
    ["by an alias's ARN", given('arn:aws:kms:us-east-1:111122223333:alias/trail', KEY), [KEY]],
    ['by an alias, without an answer', given('alias/trail', undefined), []],
    ['by its id, without an answer', given(KEY.slice(-36), undefined), [KEY]],
    ['in another account and Region', given(FAR, FAR), [FAR]],
    ['as it was, for the call changed something else', given(undefined, KEY), [KEY]],
    ['none any more', given('', undefined), []],
    ['what is no key', given('arn:aws:s3:::b', undefined), []],
    ['in a call that was refused', given(KEY, undefined, { errorCode: 'KmsException' }), []],
    ['of another trail', given(KEY, KEY, { requestParameters: { name: 'other', kmsKeyId: KEY } }), []],
    ['in another call', { ...given(KEY, KEY), EventName: 'StopLogging' }, []],
    ['in what nobody can read', { ...given(KEY, KEY), CloudTrailEvent: '{' }, []],
  ])('%s', (_, member, expected) => {
    expect(keysGiven([member], PLACE)).toEqual(expected);
    const kept = { ...member, CloudTrailEvent: changeEssentialsOf(member.CloudTrailEvent ?? '') };
    expect(keysGiven([kept], PLACE)).toEqual(expected);
    expect(kept.CloudTrailEvent).not.toContain('192.0.2.1');
  });
});

test('an event without its text is about nothing', () => expect(isAbout({}, KEY)).toBe(false));
