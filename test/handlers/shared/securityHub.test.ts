import type { FindingStore } from '../../../src/aws/securityHub.ts';
import { findingPublisher, findingsOf, type ImportOptions } from '../../../src/handlers/shared/securityHub.ts';
import { listTrails } from '../../../src/rule/central/centralList.ts';
import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import type { CentralVerdict } from '../../../src/rule/central/evaluateListed.ts';
import type { AskForTrail } from '../../../src/rule/central/vanishedTrails.ts';
import { unexamined } from '../../../src/rule/evaluate/unexamined.ts';
import { read, unread } from '../../../src/trail/facts.ts';
import { failing, TRAIL_ARN, verdict } from '../support/verdicts.ts';

const home = { partition: 'aws', region: 'eu-west-1', accountId: '999900001111' };
const now = new Date('2026-11-20T11:00:00Z');
const options: ImportOptions = { home, excluded: [], now };
const place = { accountId: '111122223333', region: 'us-east-1' };
const main = { resourceId: 'main', isGone: true };
const ID = `${TRAIL_ARN}/cloudtrail-kms-rule`;

it('imports a failing trail under the account of the function, with the trail’s in the resources', () => {
  expect(findingsOf([failing()], options)).toEqual([
    expect.objectContaining({
      Id: ID,
      AwsAccountId: '999900001111',
      ProductArn: 'arn:aws:securityhub:eu-west-1:999900001111:product/999900001111/default',
      UpdatedAt: '2026-11-20T10:00:00.000Z',
      Compliance: expect.objectContaining({ Status: 'FAILED' }),
      FindingProviderFields: expect.objectContaining({ Severity: { Label: 'CRITICAL' } }),
      RecordState: 'ACTIVE',
      Description: 'key-usable (fail): key-usable is fail; readers-bounded (fail): readers-bounded is fail',
      Remediation: {
        Recommendation: { Text: 'Wait until the key is created.', Url: expect.stringMatching(/^https:/) },
      },
      Resources: [expect.objectContaining({ Id: TRAIL_ARN, Region: 'us-east-1' })],
    }),
  ]);
});

it.each([
  ['a fixed trail', verdict(), ID],
  ['a deleted trail', unexamined({ ...main, trailArn: TRAIL_ARN, ...place }, 'deleted'), ID],
  ['a trail that the schedule finds gone', unexamined({ ...main, trailArn: null, ...place }, 'gone'), ID],
])('%s has passed and is archived', (_, given, id) => {
  expect(findingsOf([given], options)).toEqual([
    expect.objectContaining({
      Id: id,
      Compliance: expect.objectContaining({ Status: 'PASSED' }),
      RecordState: 'ARCHIVED',
    }),
  ]);
});

it.each([
  ['in another Region', { accountId: '111122223333', region: 'eu-west-1' }],
  ['in a member account', { accountId: '444455556666', region: 'us-east-1' }],
])('a replica %s leaves the finding of its trail alone', (_, elsewhere) => {
  expect(findingsOf([unexamined({ ...main, trailArn: TRAIL_ARN, ...elsewhere }, 'x')], options)).toEqual([]);
});

it('a trail that fails by excluded checks alone is archived and not called passed', () => {
  expect(findingsOf([failing()], { ...options, excluded: ['key-usable'] })).toEqual([
    expect.objectContaining({
      Compliance: expect.objectContaining({ Status: 'NOT_AVAILABLE' }),
      RecordState: 'ARCHIVED',
      Description: expect.not.stringContaining('key-usable'),
    }),
  ]);
});

describe('a central run', () => {
  const OLD = TRAIL_ARN.replace('main', 'old');
  const run = (members: Partial<CentralRun> = {}): CentralRun =>
    ({
      task: { key: null, organizationTrailsOnly: false, expectedTrails: [] },
      evaluated: new Set([TRAIL_ARN]),
      unevaluated: [],
      organizationTrailsUnread: null,
      ...members,
    }) as CentralRun;
  const store = () => {
    const imported: (readonly [string, string])[] = [];
    const kept: FindingStore = {
      importFindings: async (findings) => {
        const given = findings as ReturnType<typeof findingsOf>;
        imported.push(...given.map(({ Id, RecordState }) => [Id, RecordState] as const));
      },
      openFindingIds: async () => [ID, `${OLD}/cloudtrail-kms-rule`, 'something else'],
    };
    return { kept, imported };
  };

  const warned: object[] = [];
  beforeEach(() => {
    warned.length = 0;
  });
  const publisher = (kept: FindingStore, ask: AskForTrail = async () => read(false)) =>
    findingPublisher(kept, options, { ask, warn: (_, data) => warned.push(data) });

  it('imports verdicts as they are reached', async () => {
    const { kept, imported } = store();
    const reached: CentralVerdict = { verdict: failing(), source: 'home', capturedAt: null };
    await publisher(kept).publish([reached]);
    expect(imported).toEqual([[ID, 'ACTIVE']]);
  });

  const ARCHIVED = [[`${OLD}/cloudtrail-kms-rule`, 'ARCHIVED']];
  const asking = async (answer: AskForTrail, members: Partial<CentralRun> = {}) => {
    const { kept, imported } = store();
    const asked: string[] = [];
    const ask: AskForTrail = (arn) => {
      asked.push(arn);
      return answer(arn);
    };
    const error = await publisher(kept, ask)
      .finish(run(members))
      .then(() => null)
      .catch((caught: unknown) => caught as Error);
    return { imported, asked, error };
  };

  it('archives what is open of trails that are gone: CloudTrail shows them no more', async () => {
    expect(await asking(async () => read(false))).toEqual({ imported: ARCHIVED, asked: [OLD], error: null });
  });

  it('a trail that the list has lost and that is there: nothing is archived, and the run fails', async () => {
    const { imported, error } = await asking(async () => read(true));
    expect([imported, error?.name]).toEqual([[], 'VanishedTrailsError']);
    expect(error?.message).toContain(`\`${OLD}\` is there, and the aggregator lists it no more`);
  });

  it('a trail that could not be asked for fails the run', async () => {
    const { imported, error } = await asking(async () => Promise.reject(new Error('throttled')));
    expect([imported, error?.message]).toEqual([[], expect.stringContaining('could not be asked for: throttled')]);
  });

  it('event data stores that could not be listed keep no finding of a trail open', async () => {
    const ports = { now: () => new Date(), recordedTrails: async () => [], organizationTrails: async () => read([]) };
    const recordedEventDataStores = () => Promise.reject(new Error('throttled'));
    const { unlisted } = await listTrails(run().task, { ...ports, recordedEventDataStores });
    expect(unlisted).toHaveLength(1);
    expect(await asking(async () => read(false), { unevaluated: unlisted })).toMatchObject({ imported: ARCHIVED });
  });

  it('where nobody may ask the finding stays open, and the log says so', async () => {
    const { imported, error } = await asking(async () => unread('not-asked', '`memberRoleName` is not set'));
    expect([imported, error, warned]).toEqual([[], null, [{ trailArn: OLD, reason: '`memberRoleName` is not set' }]]);
  });

  const vouched = { task: { ...run().task, trailsWereDeleted: true } };
  it('unless somebody vouches that it was deleted', async () => {
    expect((await asking(async () => unread('denied', 'no role'), vouched)).imported).toEqual(ARCHIVED);
    expect((await asking(async () => read(true), vouched)).error?.name).toBe('VanishedTrailsError');
  });

  describe('a list that is shorter than half', () => {
    const arns = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${OLD}-${from + index}`);
    it.each([
      ['empty', 0, 1, true],
      ['empty, where many are known', 0, 50, true],
      ['fewer than half', 4, 5, true],
      ['half', 5, 5, false],
      ['most', 9, 1, false],
    ])('%s: %i listed, %i missing', async (_, listed, missing, isShort) => {
      const imported: string[] = [];
      const asked: string[] = [];
      const kept: FindingStore = {
        importFindings: async (findings) => {
          imported.push(...findings.map(({ Id }) => Id));
        },
        openFindingIds: async () => arns(listed + missing).map((arn) => `${arn}/cloudtrail-kms-rule`),
      };
      const ask: AskForTrail = async (arn) => {
        asked.push(arn);
        return read(false);
      };
      const finished = publisher(kept, ask).finish(run({ evaluated: new Set(arns(listed)) }));
      if (isShort) await expect(finished).rejects.toThrow(`lists ${listed} trails, and ${missing} others`);
      else await finished;
      expect([imported.length, asked.length]).toEqual(isShort ? [0, 0] : [missing, missing]);
      await publisher(kept, ask).finish(run({ evaluated: new Set(arns(listed)), ...vouched }));
      expect(imported).toHaveLength(isShort ? missing : 2 * missing);
    });
  });

  const unevaluated = { accountId: null, isOrganization: false, reason: 'throttled' };
  it.each<[string, Partial<CentralRun>]>([
    ['after a change of a key', { task: { ...run().task, key: { accountId: '1', region: 'r', keyId: 'k' } } }],
    ['where only organization trails are evaluated', { task: { ...run().task, organizationTrailsOnly: true } }],
    ['where organization trails could not be listed', { organizationTrailsUnread: 'denied' }],
    ['where a trail without a name is unread', { unevaluated: [{ ...unevaluated, trailArn: null }] }],
    ['where the trail is there without a verdict', { unevaluated: [{ ...unevaluated, trailArn: OLD }] }],
  ])('archives nothing %s', async (_, members) => {
    const { kept, imported } = store();
    await publisher(kept).finish(run(members));
    expect(imported).toEqual([]);
  });
});
