import { CloudTrailClient, GetEventConfigurationCommand, GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { denied, ports, refused, trail } from './support/answers.ts';

const cloudTrail = mockClient(CloudTrailClient);
beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(GetEventSelectorsCommand).resolves({ AdvancedEventSelectors: [] });
  cloudTrail.on(GetEventConfigurationCommand).resolves({});
});

const custom = { ...trail, hasCustomEventSelectors: true };
const category = (Equals: string[]) => ({ FieldSelectors: [{ Field: 'eventCategory', Equals }] });

test('asks by ARN in the home Region', async () => {
  await ports().trailEvents({ ...custom, homeRegion: 'ap-south-1' });
  expect(cloudTrail.calls().map(({ args }) => args[0].input)).toEqual([
    { TrailName: trail.arn },
    { TrailName: trail.arn },
  ]);
  for (const { thisValue } of cloudTrail.calls())
    expect(await (thisValue as CloudTrailClient).config.region()).toBe('ap-south-1');
});

test('a trail without event selectors of its own takes one call', async () => {
  await ports().trailEvents({ ...trail, hasCustomEventSelectors: false });
  expect(cloudTrail.calls()).toHaveLength(1);
});

test.each([
  ['basic selectors', { EventSelectors: [{ ReadWriteType: 'All' as const }] }, []],
  ['one category', { AdvancedEventSelectors: [category(['NetworkActivity'])] }, ['NetworkActivity']],
  [
    'several',
    { AdvancedEventSelectors: [category(['Management']), category(['Data', 'New'])] },
    ['Management', 'Data', 'New'],
  ],
  [
    'none in the selector',
    { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'readOnly', Equals: ['true'] }] }] },
    [null],
  ],
  [
    'another operator',
    { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', StartsWith: ['N'] }] }] },
    [null],
  ],
])('event selectors: %s', async (_, answer, value) => {
  cloudTrail.on(GetEventSelectorsCommand).resolves(answer);
  expect((await ports().trailEvents(custom)).eventCategories).toEqual({ read: true, value });
});

test.each([
  ['no list', {}, false],
  ['an empty one', { AggregationConfigurations: [] }, false],
  [
    'some',
    { AggregationConfigurations: [{ Templates: ['API_ACTIVITY' as const], EventCategory: 'Data' as const }] },
    true,
  ],
])('event configuration: %s', async (_, answer, value) => {
  cloudTrail.on(GetEventConfigurationCommand).resolves(answer);
  expect((await ports().trailEvents(custom)).aggregates).toEqual({ read: true, value });
});

test.each([
  ['denied', denied('cloudtrail:GetEventSelectors'), 'lacks cloudtrail:GetEventSelectors on'],
  ['gone', refused('TrailNotFoundException'), 'TrailNotFoundException'],
  ['not known in the partition', refused('UnknownOperationException'), 'UnknownOperationException'],
])('%s is unread', async (_, error, reason) => {
  cloudTrail.on(GetEventSelectorsCommand).rejects(error);
  expect((await ports().trailEvents(custom)).eventCategories).toMatchObject({
    read: false,
    reason: expect.stringContaining(reason),
  });
});

test('an answer without either list is not known', async () => {
  cloudTrail.on(GetEventSelectorsCommand).resolves({});
  expect((await ports().trailEvents(custom)).eventCategories).toMatchObject({ read: false, code: 'not-told' });
});

test('throttled is an error', async () => {
  cloudTrail.on(GetEventConfigurationCommand).rejects(refused('ThrottlingException'));
  await expect(ports().trailEvents(custom)).rejects.toThrow(/CloudTrail GetEventConfiguration .* ThrottlingException/);
});
