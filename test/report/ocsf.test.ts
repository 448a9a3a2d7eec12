import { ocsfReport } from '../../src/report/ocsf.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { ESTATE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { report } from './example.ts';
import { complaints, ocsfValidator } from './schemas.ts';

const eventsOf = async (...trails: readonly TrailReport[]): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse(await textOf(ocsfReport(report(...trails))));
const validate = ocsfValidator();

test.each<[string, readonly TrailReport[]]>([
  ['no trails', []],
  ['trails of every kind', ESTATE.trails],
  ['a trail in a template', [IN_TEMPLATE]],
])('%s: valid by the published schema', async (_, trails) => {
  const events = await eventsOf(...trails);
  expect(events).toHaveLength(trails.flatMap(({ findings }) => findings).length);
  expect(events.flatMap((event) => complaints(validate, event))).toEqual([]);
});

test('the schema is in force', async () => {
  const [event] = await eventsOf(TRAILS.failing);
  expect(complaints(validate, { ...event, class_uid: undefined, surprise: 1 })).toHaveLength(2);
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
