import { centralSettings, isOfTask, parseCentralTask } from '../../../src/rule/central/centralTask.ts';
import { InvalidInvocationError, InvalidParameterError } from '../../../src/rule/errors.ts';
import { trailNamed } from '../facts.ts';
import { KEY_ARN } from '../memoryPorts.ts';

const ARN = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/all';
const SETTINGS = { organizationTrailsOnly: false, expectedTrails: [ARN] };

const kmsEvent = (detail: object = {}) => ({
  source: 'aws.kms',
  detail: { eventName: 'DisableKey', requestParameters: { keyId: KEY_ARN }, ...detail },
});

describe('parseCentralTask', () => {
  test.each([
    ['nothing at all', {}],
    ['a schedule of EventBridge', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
  ])('%s', (_, event) => {
    expect(parseCentralTask(event, SETTINGS)).toEqual({ ...SETTINGS, key: null });
  });

  test('somebody vouches for deleted trails', () => {
    expect(parseCentralTask({ trailsWereDeleted: true }, SETTINGS)).toMatchObject({ trailsWereDeleted: true });
    expect(() => parseCentralTask({ trailsWereDeleted: 'yes' }, SETTINGS)).toThrow(
      '`trailsWereDeleted` is `yes`, accepted is `true`',
    );
  });

  test('a change of a key: its trails, and no word on missing ones', () => {
    const keyId = KEY_ARN.split('/')[1];
    expect(parseCentralTask(kmsEvent(), SETTINGS)).toEqual({
      organizationTrailsOnly: false,
      expectedTrails: [],
      key: { accountId: '111122223333', region: 'us-east-1', keyId },
    });
    expect(parseCentralTask(kmsEvent({ errorCode: 'AccessDenied' }), SETTINGS)).toBeNull();
  });

  test.each([
    ['text', 'x', '`event` is `x`, accepted is a JSON object'],
    [
      'an event of AWS Config',
      { invokingEvent: '{}', resultToken: 'x' },
      '`invokingEvent` is of an AWS Config rule, accepted is the event of a schedule: the rule has a function of its own',
    ],
  ])('refuses %s', (_, event, message) => {
    expect(() => parseCentralTask(event, SETTINGS)).toThrow(InvalidInvocationError);
    expect(() => parseCentralTask(event, SETTINGS)).toThrow(message);
  });
});

describe('centralSettings', () => {
  test.each([
    ['none', {}, { organizationTrailsOnly: false, expectedTrails: [] }],
    [
      'empty',
      { ORGANIZATION_TRAILS_ONLY: '', EXPECTED_ORGANIZATION_TRAILS: ' ' },
      { organizationTrailsOnly: false, expectedTrails: [] },
    ],
    [
      'both',
      { ORGANIZATION_TRAILS_ONLY: 'true', EXPECTED_ORGANIZATION_TRAILS: `${ARN}, ${ARN}` },
      { organizationTrailsOnly: true, expectedTrails: [ARN] },
    ],
  ])('%s', (_, environment, settings) => {
    expect(centralSettings(environment)).toEqual(settings);
  });

  test.each([
    [{ ORGANIZATION_TRAILS_ONLY: 'yes' }, '`ORGANIZATION_TRAILS_ONLY` is `yes`, accepted is `true` or `false`'],
    [
      { EXPECTED_ORGANIZATION_TRAILS: 'all' },
      '`EXPECTED_ORGANIZATION_TRAILS` holds `all`, accepted is a comma-separated list of ARNs of trails',
    ],
  ])('refuses %j', (environment, message) => {
    expect(() => centralSettings(environment)).toThrow(InvalidParameterError);
    expect(() => centralSettings(environment)).toThrow(message);
  });
});

describe('isOfTask', () => {
  const task = { ...SETTINGS, key: null };
  const key = { accountId: '111122223333', region: 'us-east-1', keyId: KEY_ARN.split('/')[1] ?? '' };
  test.each([
    ['every trail', {}, {}, true],
    [
      'an organization trail where only those are asked for',
      { isOrganization: true },
      { organizationTrailsOnly: true },
      true,
    ],
    ['another trail where only those are asked for', {}, { organizationTrailsOnly: true }, false],
    [
      'a trail whose kind is not known, where only those are asked for',
      { isOrganization: null },
      { organizationTrailsOnly: true },
      false,
    ],
    ['a trail that uses the key', { kmsKeyId: KEY_ARN }, { key }, true],
    ['a trail with an alias', { kmsKeyId: 'alias/x' }, { key }, true],
    ['a trail without the key', {}, { key }, false],
  ])('%s', (_, trail, members, expected) => {
    expect(isOfTask(trailNamed('main', trail), { ...task, ...members })).toBe(expected);
  });
});
