import { readFileSync } from 'node:fs';
import type { Report } from '../../src/report/report.ts';
import { cli } from './support.ts';

interface Rows {
  readonly Trail?: object;
  readonly Status?: object | null;
  readonly EventSelectors?: object;
  readonly EventConfiguration?: object;
  /** In place of the sample's policy: which paths the statement for CloudTrail accepts. */
  readonly folders?: readonly string[];
  readonly Policy?: object;
  readonly parameters?: Readonly<Record<string, string>>;
}

const SAMPLE = JSON.parse(readFileSync('events/snapshots/compliant.json', 'utf8'));
const BUCKET = 'arn:aws:s3:::example-cloudtrail-logs-111122223333/AWSLogs/111122223333';
const LOGS = ['/', '/CloudTrail/*', '/CloudTrail-Digest/*', '/CloudTrail-Insight/*'];
const CUSTOM = { HasCustomEventSelectors: true };
const OLD = '2026-05-20T10:25:00Z';

/** What `evaluate` says of the sample with these members changed. */
async function evaluated({ Trail, Status, folders, Policy, parameters = {}, ...members }: Rows) {
  const [{ Trail: trail, Status: status }] = SAMPLE.trails;
  const policy = structuredClone(Policy ?? SAMPLE.keys[0].Policy);
  if (folders !== undefined)
    policy.Statement[1].Condition.StringLike['kms:EncryptionContext:aws:s3:arn'] = folders.map((one) => BUCKET + one);
  const snapshot = {
    ...SAMPLE,
    trails: [{ Trail: { ...trail, ...Trail }, Status: Status === null ? null : { ...status, ...Status }, ...members }],
    keys: [{ ...SAMPLE.keys[0], Policy: policy }],
  };
  const args = ['evaluate', '--snapshot', '-', '--format', 'json', '--parameters', JSON.stringify(parameters)];
  const { code, stdout, stderr } = await cli(args, { stdin: JSON.stringify(snapshot) });
  if (code > 1) throw new Error(stderr);
  return { code, trail: (JSON.parse(stdout) as Report).trails[0]! };
}

const selector = (category: string) => ({ FieldSelectors: [{ Field: 'eventCategory', Equals: [category] }] });

test.each<[string, Rows, string, string, string?]>([
  [
    'three of five folders are pinned',
    { Trail: { ...CUSTOM, HasInsightSelectors: true }, folders: LOGS },
    'cloudtrail-can-encrypt',
    'unknown',
    'EventSelectors',
  ],
  [
    'the selectors and the configuration are there',
    { Trail: CUSTOM, folders: LOGS, EventSelectors: { EventSelectors: [] }, EventConfiguration: {} },
    'cloudtrail-can-encrypt',
    'pass',
  ],
  [
    'NetworkActivity by advanced selectors',
    {
      Trail: CUSTOM,
      folders: LOGS,
      EventSelectors: { AdvancedEventSelectors: [selector('NetworkActivity')] },
      EventConfiguration: { AggregationConfigurations: [] },
    },
    'cloudtrail-can-encrypt',
    'fail',
    'for the network activity file',
  ],
  [
    'aggregated events',
    {
      folders: LOGS,
      EventConfiguration: { AggregationConfigurations: [{ EventCategory: 'Data', Templates: ['API_ACTIVITY'] }] },
    },
    'cloudtrail-can-encrypt',
    'fail',
    'for the aggregated file',
  ],
  [
    'selectors that could not be read',
    {
      Trail: CUSTOM,
      folders: LOGS,
      EventSelectors: { Error: { Code: 'AccessDeniedException', Message: 'no' } },
      EventConfiguration: {},
    },
    'cloudtrail-can-encrypt',
    'unknown',
    'cloudtrail:GetEventSelectors failed with `AccessDeniedException`',
  ],
  [
    'a digest of half a year ago',
    { Status: { LatestDeliveryTime: OLD, LatestDigestDeliveryTime: OLD } },
    'log-delivery-healthy',
    'fail',
    '184 days ago',
  ],
  [
    'the same in epoch seconds',
    { Status: { LatestDigestDeliveryTime: 1779272700, StartLoggingTime: 1768204800 } },
    'log-delivery-healthy',
    'fail',
    '184 days ago',
  ],
  [
    'when logging began as text alone',
    {
      Status: { LatestDigestDeliveryTime: OLD, StartLoggingTime: null, TimeLoggingStarted: '2026-01-12T08:00:00Z' },
    },
    'log-delivery-healthy',
    'fail',
  ],
  [
    'when logging began is missing',
    { Status: { LatestDigestDeliveryTime: OLD, StartLoggingTime: '' } },
    'log-delivery-healthy',
    'unknown',
  ],
  [
    'validation off, logs old',
    { Trail: { LogFileValidationEnabled: false }, Status: { LatestDeliveryTime: OLD } },
    'log-delivery-healthy',
    'unknown',
  ],
  ['no digest', { Status: { LatestDigestDeliveryTime: null } }, 'log-delivery-healthy', 'unknown'],
  [
    'an organization trail, shown to nobody knows whom',
    { Trail: { IsOrganizationTrail: true }, Status: { LatestDigestDeliveryTime: OLD } },
    'log-delivery-healthy',
    'unknown',
  ],
  [
    'an organization trail, shown to its owner',
    { Trail: { IsOrganizationTrail: true }, Status: { LatestDigestDeliveryTime: OLD, AccountId: '111122223333' } },
    'log-delivery-healthy',
    'fail',
  ],
  [
    'an organization trail, shown to a member',
    { Trail: { IsOrganizationTrail: true }, Status: { LatestDigestDeliveryTime: OLD, AccountId: '444455556666' } },
    'log-delivery-healthy',
    'unknown',
  ],
  [
    'an attempt is no delivery',
    {
      Status: { LatestDigestDeliveryTime: OLD, LatestDeliveryAttemptTime: '2026-11-20T10:00:00Z' },
    },
    'log-delivery-healthy',
    'fail',
  ],
  ['stopped', { Status: { IsLogging: false } }, 'trail-logging', 'fail'],
  ['no status', { Status: null }, 'trail-logging', 'unknown'],
  [
    'denied, and delivered ten minutes ago',
    { Policy: { Version: '2012-10-17', Statement: SAMPLE.keys[0].Policy.Statement.slice(0, 1) } },
    'cloudtrail-can-encrypt',
    'fail',
    'a delivery at 2026-11-20T10:20:00.000Z contradicts it',
  ],
])('%s', async (_, rows, check, status, says = '') => {
  const { trail } = await evaluated(rows);
  const finding = trail.findings.find((one) => one.check === check)!;
  expect(finding).toMatchObject({ status, message: expect.stringContaining(says) });
});

test('a check that is advisory is told and does not decide', async () => {
  const stale = { Status: { LatestDigestDeliveryTime: OLD } };
  expect((await evaluated(stale)).code).toBe(1);
  const advised = await evaluated({ ...stale, parameters: { advisoryChecks: 'log-delivery-healthy' } });
  expect(advised.code).toBe(0);
  expect(advised.trail.annotation).toMatch(/^advisory: log-delivery-healthy: /);
});

test('a stopped trail is told in text', async () => {
  const [entry] = SAMPLE.trails;
  const snapshot = { ...SAMPLE, trails: [{ ...entry, Status: { ...entry.Status, IsLogging: false } }] };
  const { code, stdout } = await cli(['evaluate', '--snapshot', '-'], { stdin: JSON.stringify(snapshot) });
  expect(stdout).toContain('trail-logging');
  expect(code).toBe(0);
});

describe('no trail at all', () => {
  const empty = { stdin: JSON.stringify({ ...SAMPLE, trails: [] }) };
  test('is no success', async () => {
    const { code, stderr } = await cli(['evaluate', '--snapshot', '-', '--quiet'], empty);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'cloudtrail-kms: no trail was seen at all, so nothing is proved: `--allow-empty` accepts that\n',
    });
  });

  test('is one where that is accepted', async () => {
    const { code, stderr } = await cli(['evaluate', '--snapshot', '-', '--allow-empty'], empty);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
