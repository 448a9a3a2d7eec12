import { ocsfReport } from '../../src/report/ocsf.ts';
import type { Report, TrailReport } from '../../src/report/report.ts';
import { someOf } from '../runs.ts';
import { ESTATE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { report, trailReport } from './example.ts';
import { complaints, OCSF_VERSIONS, ocsfValidator } from './schemas.ts';

type Event = Readonly<Record<string, unknown>>;

const eventsIn = async (whole: Report): Promise<readonly Event[]> => JSON.parse(await textOf(ocsfReport(whole)));
const eventsOf = (...trails: readonly TrailReport[]): Promise<readonly Event[]> => eventsIn(report(...trails));

const place = { region: 'eu-west-1', trails: null, reason: null } as const;
const COVERED: Report = {
  ...report(TRAILS.compliant),
  coverage: {
    accounts: [
      {
        accountId: '111122223333',
        name: 'prod',
        regions: [
          { ...place, region: 'us-east-1', status: 'read', trails: 1 },
          { ...place, status: 'failed', reason: 'AccessDenied: no' },
          { ...place, region: 'ap-east-1', status: 'skipped' },
        ],
      },
      {
        accountId: '444455556666',
        name: null,
        regions: [{ ...place, region: null, status: 'failed', deniedBy: 'a service control policy' }],
      },
      { accountId: '777788889999', name: 'empty', regions: [{ ...place, status: 'read', trails: 0 }] },
    ],
  },
};
const KEY_ALONE = { ...IN_TEMPLATE, address: 'Key', keyAddress: 'Key' };

describe.each(someOf(OCSF_VERSIONS, 1))('by the published schema of %s', (version) => {
  const validate = ocsfValidator(version);

  test.each<[string, Report, number]>([
    ['no trails', report(), 0],
    ['trails of every kind', ESTATE, ESTATE.trails.flatMap(({ findings }) => findings).length],
    ['a trail in a template', report(IN_TEMPLATE), 1],
    ['a key alone', { ...report(), keys: [KEY_ALONE] }, 1],
    ['places that were not read', COVERED, 4 + TRAILS.compliant.findings.length],
    ['a change', report({ ...TRAILS.failing, change: 'new', owner: 'terraform', policySha256: 'ab' }), 6],
  ])('%s: valid', async (_, whole, count) => {
    const events = await eventsIn(whole);
    expect(events).toHaveLength(count);
    expect(events.flatMap((event) => complaints(validate, event))).toEqual([]);
  });

  test('it is in force', async () => {
    const [event] = await eventsOf(TRAILS.failing);
    expect(complaints(validate, { ...event, class_uid: undefined, surprise: 1 })).toHaveLength(2);
  });
});

test('what was not read, and why, and an account without a trail', async () => {
  const events = (await eventsIn(COVERED)).slice(0, 4);
  expect(events.map(({ message, severity, status }) => [message, severity, status])).toEqual([
    ['111122223333/eu-west-1: failed: AccessDenied: no', 'Unknown', 'New'],
    ['111122223333/ap-east-1: not enabled', 'Informational', 'Resolved'],
    ['444455556666: denied by a service control policy', 'Unknown', 'New'],
    ['777788889999: without a trail', 'Informational', 'Resolved'],
  ]);
  expect(events[0]).toMatchObject({
    time: Date.parse('2026-11-20T10:00:00Z'),
    cloud: { region: 'eu-west-1', account: { uid: '111122223333', name: 'prod' } },
    compliance: { control: 'coverage', status: 'Unknown' },
    finding_info: { uid: '111122223333/eu-west-1/coverage' },
  });
});

test.each(Object.entries(TRAILS))('the standing and the version with %s', async (_, trail) => {
  for (const { unmapped, metadata } of await eventsOf(trail)) {
    expect(unmapped).toMatchObject({ standing: trail.standing, compliance_type: trail.complianceType });
    expect(metadata).toMatchObject({
      product: { version: '1.2.3' },
      processed_time: Date.parse('2026-11-20T12:00:00Z'),
    });
  }
});

test('a key alone is no trail', async () => {
  const [event] = await eventsIn({ ...report(), keys: [KEY_ALONE] });
  expect(event?.resources).toMatchObject([{ type: 'AWS::KMS::Key', uid: 'Key', data: { line: 12 } }]);
});

test('where nobody knows the time of the facts it is that of the evaluation', async () => {
  const [event] = await eventsIn({ ...report(trailReport()), factsAt: null });
  expect(event).toMatchObject({ time: Date.parse('2026-11-20T12:00:00Z') });
});

test.each<[string, TrailReport, number, object]>([
  [
    'a failed check',
    TRAILS.failing,
    0,
    { severity_id: 5, status_id: 1, compliance: { status_id: 3, control: 'cloudtrail-can-encrypt' } },
  ],
  ['what is not known', TRAILS.failing, 3, { severity_id: 5, status_id: 1, compliance: { status_id: 0 } }],
  ['what is not applicable', TRAILS.failing, 4, { severity_id: 1, status_id: 4, compliance: { status_id: 99 } }],
  ['what passes', TRAILS.failing, 5, { severity_id: 1, status_id: 4, compliance: { status_id: 1 } }],
  ['what is excepted', TRAILS.excepted, 0, { status_id: 3, compliance: { status_id: 3 } }],
  [
    'another partition',
    TRAILS.elsewhere,
    0,
    { cloud: { cloud_partition: 'aws-cn', region: 'cn-north-1', account: { uid: '444455556666' } } },
  ],
])('%s', async (_, trail, index, expected) => {
  expect((await eventsOf(trail))[index]).toMatchObject(expected);
});

test('the class, the time and the key', async () => {
  const [event] = await eventsOf(TRAILS.failing);
  expect(event).toMatchObject({
    class_uid: 2003,
    type_uid: 200301,
    time: Date.parse('2026-11-20T10:00:00Z'),
    remediation: { desc: 'correct the condition' },
    resources: [{ uid: TRAILS.failing.trailArn }, { uid: TRAILS.failing.kmsKeyArn, region: 'us-east-1' }],
  });
});
