import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from './support.ts';

const ACCOUNT = '111122223333';
const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
const TYPE = 'AWS::CloudTrail::EventDataStore';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, content: unknown): Promise<string> => {
  await writeFile(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};

const snapshot = (entry: object = { EventDataStore: { EventDataStoreArn: STORE, Name: 'lake' } }) => ({
  version: 1,
  trails: [],
  keys: [],
  eventDataStores: [entry],
});

const summary = { resourceType: TYPE, resourceId: STORE, ARN: STORE, awsAccountId: ACCOUNT, awsRegion: 'us-east-1' };
const event = (messageType: string, message: object = {}) => ({
  resultToken: 'token',
  accountId: ACCOUNT,
  configRuleArn: `arn:aws:config:us-east-1:${ACCOUNT}:config-rule/config-rule-1`,
  invokingEvent: JSON.stringify({
    messageType,
    notificationCreationTime: '2026-11-20T10:00:00Z',
    ...message,
  }),
});
const oversized = (configurationItemStatus = 'OK') =>
  event('OversizedConfigurationItemChangeNotification', {
    configurationItemSummary: { ...summary, configurationItemStatus },
  });

const evaluated = async (file: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await cli(['evaluate', '--snapshot', file, '--format', 'json', ...args]);
  return { code, stderr, report: stdout === '' ? null : JSON.parse(stdout) };
};

test.each<[string, string, string]>([
  ['an oversized item is what the snapshot holds', 'OK', 'NON_COMPLIANT'],
  ['one that is gone stands as itself', 'ResourceDeleted', 'NOT_APPLICABLE'],
])('%s', async (_, status, verdict) => {
  const file = await write('event.json', oversized(status));
  const { report } = await evaluated(await write('snapshot.json', snapshot()), '--event', file);
  expect(report.evaluations).toMatchObject([{ ComplianceResourceId: STORE, ComplianceType: verdict }]);
  expect(report.trails).toMatchObject([{ trailArn: null, eventDataStoreArn: STORE, complianceType: verdict }]);
});

test('an oversized item that the snapshot could not read is bad input, never a store without a key', async () => {
  const unread = { EventDataStore: { EventDataStoreArn: STORE }, Error: { Code: 'AccessDeniedException' } };
  const file = await write('event.json', oversized());
  const { code, stderr } = await evaluated(await write('snapshot.json', snapshot(unread)), '--event', file);
  expect(stderr).toContain(`the snapshot holds no event data store \`${STORE}\``);
  expect(code).toBe(2);
});

describe('an exception names them by their ARN', () => {
  const exceptions = (address: string) =>
    write('exceptions.json', {
      version: 1,
      exceptions: [{ address, checks: ['trail-encrypted'], owner: 'o', reason: 'r', expires: '2026-12-31' }],
    });
  const scheduled = event('ScheduledNotification');

  test.each<[string, string, object | null, string, string]>([
    ['in a snapshot', 'snapshot.json', null, STORE, 'in-force'],
    ['in JSON lines', 'snapshot.jsonl', null, STORE, 'in-force'],
    ['on schedule', 'snapshot.json', scheduled, STORE, 'in-force'],
    ['as a pattern', 'snapshot.json', null, 'arn:aws:cloudtrail:*:eventdatastore/*', 'in-force'],
    ['another one', 'snapshot.json', null, `${STORE}2`, 'unmatched'],
    ['a pattern over what stands in files', 'snapshot.json', null, '*', 'unmatched'],
  ])('%s', async (_, name, given, address, state) => {
    const args = given === null ? [] : ['--event', await write('event.json', given)];
    const file = await write(name, snapshot());
    const { report } = await evaluated(file, '--exceptions', await exceptions(address), ...args);
    const [store] = [...(report.eventDataStores ?? []), ...report.trails];
    expect(store.standing).toBe(state === 'in-force' ? 'excepted' : 'non-compliant');
    expect(report.exceptions).toMatchObject([{ address, state }]);
  });
});
