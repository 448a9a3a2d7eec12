import { InvalidInvocationError } from '../../../src/rule/errors.ts';
import { isKeyEvent, KEY_EVENTS, parseKeyEvent } from '../../../src/rule/event/keyEvent.ts';
import { KEY_CHANGES } from '../../../src/trail/changes.ts';
import { CHECKS } from '../../../src/trail/checks/index.ts';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:us-east-1:111122223333:key/${KEY_ID}`;
const KEY = { accountId: '111122223333', region: 'us-east-1', keyId: KEY_ID };

/** As EventBridge hands it on. */
const event = (detail: object = {}, members: object = {}) => ({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.kms',
  account: '111122223333',
  region: 'us-east-1',
  time: '2026-11-20T10:00:00Z',
  resources: [],
  detail: {
    eventVersion: '1.11',
    eventSource: 'kms.amazonaws.com',
    eventName: 'DisableKey',
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    requestParameters: { keyId: ARN },
    responseElements: null,
    resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN }],
    ...detail,
  },
  ...members,
});

test('every call on a key that breaks a decisive check is listened for', () => {
  const breaking = CHECKS.filter(({ isDecisive }) => isDecisive).flatMap(({ brokenBy = [] }) => brokenBy);
  const ofKeys = KEY_CHANGES.filter((name) => breaking.includes(name));
  expect(ofKeys.length).toBeGreaterThan(3);
  expect(ofKeys.filter((name) => !KEY_EVENTS.has(name))).toEqual([]);
});

describe('parseKeyEvent', () => {
  test.each([...KEY_EVENTS])('%s changes its key', (eventName) => {
    expect(parseKeyEvent(event({ eventName }))).toEqual({ eventName, key: KEY });
  });

  test.each([
    ['resources alone', { requestParameters: null }],
    ['an ARN as the key id', { resources: undefined }],
    ['a bare key id', { resources: undefined, requestParameters: { keyId: KEY_ID } }],
    [
      'a bare key id, and places outside the detail',
      { resources: [], requestParameters: { keyId: KEY_ID }, awsRegion: '', recipientAccountId: null },
    ],
    ['resources of another kind first', { resources: [{ ARN: 'arn:aws:iam::111122223333:role/x' }, { ARN }] }],
  ])('finds the key by %s', (_, detail) => {
    expect(parseKeyEvent(event(detail))).toEqual({ eventName: 'DisableKey', key: KEY });
  });

  test.each([
    ['a call that KMS refused', { errorCode: 'AccessDenied' }],
    ['a call that changes nothing', { eventName: 'DescribeKey' }],
    ['a call for which there is no list', { eventName: 'TagResource' }],
  ])('%s is no change', (_, detail) => {
    expect(parseKeyEvent(event(detail))).toBeNull();
  });

  test.each([
    ['null', null, '`event` is `null`, accepted is a JSON object'],
    ['another source', event({}, { source: 'aws.s3' }), '`source` is `aws.s3`, accepted is `aws.kms`'],
    ['no detail', event({}, { detail: undefined }), '`detail` is missing'],
    ['no event name', event({ eventName: undefined }), '`detail.eventName` is missing'],
    [
      'no key',
      event({ resources: [], requestParameters: null }),
      '`detail.requestParameters.keyId` is `null`, accepted is the id or the ARN of a key',
    ],
    [
      'an alias',
      event({ resources: [], requestParameters: { keyId: 'alias/x' } }),
      '`detail.requestParameters.keyId` is `alias/x`, accepted is the id or the ARN of a key',
    ],
    [
      'a bare key id of no account',
      event({ resources: [], requestParameters: { keyId: KEY_ID }, recipientAccountId: null }, { account: null }),
      `\`detail.requestParameters.keyId\` is \`${KEY_ID}\`, accepted is the id or the ARN of a key`,
    ],
    [
      'a bare key id of no Region',
      event({ resources: [], requestParameters: { keyId: KEY_ID }, awsRegion: null }, { region: null }),
      `\`detail.requestParameters.keyId\` is \`${KEY_ID}\`, accepted is the id or the ARN of a key`,
    ],
  ])('refuses %s', (_, bad, message) => {
    expect(() => parseKeyEvent(bad)).toThrow(InvalidInvocationError);
    expect(() => parseKeyEvent(bad)).toThrow(message);
  });

  test('is told from other events by its source', () => {
    expect([event(), {}, null, { source: 'aws.events' }].map(isKeyEvent)).toEqual([true, false, false, false]);
  });
});
