import { centralTrails, type RecordedTrail } from '../../../src/rule/central/centralTrails.ts';
import { configurationOf } from '../../../src/rule/event/describeTrail.ts';
import type { TrailDescription } from '../../../src/trail/facts.ts';
import { ACCOUNT, REGION, trailNamed } from '../facts.ts';

const MEMBER = '222233334444';
const main = trailNamed('main', { kmsKeyId: 'alias/home' });
const organization = trailNamed('all', { accountId: '999999999999', isOrganization: true });

/** As a source recorded it; by default where the trail lives. */
const recorded = (trail: TrailDescription, members: Partial<RecordedTrail> = {}): RecordedTrail => ({
  accountId: trail.accountId,
  region: trail.homeRegion,
  arn: trail.arn,
  resourceId: trail.name,
  capturedAt: new Date('2026-11-20T00:00:00Z'),
  configuration: configurationOf(trail),
  ...members,
});

const named = ({ trails }: ReturnType<typeof centralTrails>) =>
  trails.map(({ trail, source }) => `${trail.name} ${source} ${trail.kmsKeyId}`);

describe('centralTrails', () => {
  const elsewhere = { ...main, kmsKeyId: 'alias/replica' };
  const newer = new Date('2026-11-21T00:00:00Z');

  test.each([
    ['nothing', [], [], [], 0],
    ['a trail where it lives', [recorded(main)], [], ['main home alias/home'], 0],
    [
      'shadow Regions are left out, newer ones too',
      [
        recorded(elsewhere, { region: 'eu-west-1', capturedAt: newer }),
        recorded(main),
        recorded(elsewhere, { region: 'eu-west-2' }),
      ],
      [],
      ['main home alias/home'],
      2,
    ],
    [
      'the newer record of one place counts',
      [recorded(elsewhere, { capturedAt: newer }), recorded(main)],
      [],
      ['main home alias/replica'],
      0,
    ],
    [
      'a trail that is recorded nowhere but in shadow Regions is known from the newest',
      [recorded(main, { region: 'eu-west-1' }), recorded(elsewhere, { region: 'eu-west-2', capturedAt: newer })],
      [],
      ['main replica alias/replica'],
      1,
    ],
    [
      'an organization trail without a record in the management account comes from a replica',
      [recorded(organization, { accountId: MEMBER }), recorded(organization, { accountId: ACCOUNT })],
      [],
      ['all replica null'],
      1,
    ],
    [
      'or from CloudTrail itself, and stands first',
      [recorded(main), recorded(organization, { accountId: MEMBER })],
      [{ ...organization, kmsKeyId: 'alias/live' }],
      ['all live alias/live', 'main home alias/home'],
      1,
    ],
    [
      'organization trails stand first, each kind by ARN',
      [
        recorded(main),
        recorded(organization),
        recorded(trailNamed('a')),
        recorded({ ...organization, name: 'b', arn: organization.arn.replace('/all', '/b') }),
      ],
      [],
      ['all home null', 'b home null', 'a home null', 'main home alias/home'],
      0,
    ],
    [
      'the record of the management account counts more than what a member is shown',
      [recorded({ ...organization, kmsKeyId: 'alias/home' })],
      [organization],
      ['all home alias/home'],
      0,
    ],
  ])('%s', (_, records, live, expected, replicas) => {
    for (const inOrder of [records, records.toReversed()]) {
      const found = centralTrails(inOrder, live);
      expect(named(found)).toEqual(expected);
      expect(found.replicas).toBe(replicas);
      expect(found.unreadable).toEqual([]);
    }
  });

  test('a record that cannot be understood is told, unless the trail is known otherwise', () => {
    const bare = recorded(main, { configuration: null });
    const broken = recorded(organization, { configuration: { isOrganizationTrail: true, kmsKeyId: 7 } });
    expect(centralTrails([bare, broken], []).unreadable).toEqual([
      {
        trailArn: main.arn,
        accountId: ACCOUNT,
        isOrganization: false,
        reason: `the aggregator hands out no configuration of \`main\` in ${ACCOUNT}, ${REGION}`,
      },
      {
        trailArn: organization.arn,
        accountId: '999999999999',
        isOrganization: true,
        reason: expect.stringContaining('kmsKeyId` is `7`'),
      },
    ]);
    expect(centralTrails([bare, recorded(main, { region: 'eu-west-1' })], []).unreadable).toEqual([]);
  });
});
