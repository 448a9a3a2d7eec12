import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { savedQueries } from '../../scripts/docs/resultsTable.ts';
import { table } from '../../scripts/docs/tables.ts';
import { ACCOUNT, accountAt, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { type AggregatedTrail, keyItems, queryAnswer } from './support/aggregator.ts';
import { queryResults, type Row } from './support/athena.ts';
import { root } from './support/bundle.ts';
import { cli } from './support/cli.ts';
import { startingAt } from './support/clock.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { accountOf, LOG_ARCHIVE, MANAGEMENT, MEMBER } from './support/organization.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20'] as const;
const TODAY = DAYS[2];
const BUCKET = 'results-of-runs';
const PAGE = readFileSync(join(root, 'docs/results.md'), 'utf8');

describe('three days of runs in a bucket, and what the saved queries say of them', () => {
  let moto: Moto;
  let wire: Wire;
  let folder: string;
  let bundle: Awaited<ReturnType<typeof handlerBundle>>;
  const keys: string[] = [];
  const trails: Record<string, Trail> = {};
  let answers: Readonly<Record<string, readonly Row[]>>;
  const s3 = () =>
    new S3Client({
      region: REGION,
      endpoint: `http://127.0.0.1:${moto.port}`,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
      forcePathStyle: true,
    });

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    bundle = await handlerBundle('centralEvaluation');
    folder = mkdtempSync(join(tmpdir(), 'results-'));
    const motoUrl = `http://127.0.0.1:${moto.port}`;
    for (const [name, accountId] of [
      ['healthy', ACCOUNT],
      ['new', ACCOUNT],
      ['fixed', MEMBER],
      ['long-failing', MEMBER],
      ['closed', LOG_ARCHIVE],
      ['throttled', MANAGEMENT],
    ] as const) {
      const account = accountId === ACCOUNT ? accountAt(motoUrl) : await accountOf(motoUrl, accountId);
      const keyArn = await account.createKey(awsPolicy(trailArn(name, REGION, accountId), accountId));
      trails[name] = await account.createTrail(name, { keyArn });
    }
    await s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const day of DAYS) await run(day);
    await download();
    answers = queryResults(folder, TODAY, Object.fromEntries(savedQueries(root).map(({ id, sql }) => [id, sql])));
  });
  after(() => {
    wire.close();
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the aggregator shows on a day: a trail without its key fails. */
  const shown = (day: string): readonly AggregatedTrail[] =>
    Object.entries(trails).map(([name, { arn, keyArn, bucket }]) => {
      const isFailing =
        name === 'long-failing' || (name === 'fixed' && day !== TODAY) || (name === 'new' && day === TODAY);
      return { arn, keyArn: isFailing ? null : keyArn, bucket };
    });

  /** A day's run of the real bundle, which begins at six. */
  async function run(day: string): Promise<void> {
    wire.reset();
    wire.on('config', 'SelectAggregateResourceConfig', queryAnswer(shown(day)));
    wire.on('config', 'BatchGetAggregateResourceConfig', keyItems({}));
    wire.on('cloudtrail', 'DescribeTrails', () => ok({ trailList: [] }));
    wire.on('organizations', 'DescribeOrganization', () =>
      ok({ Organization: { Id: 'o-exampleorgid', MasterAccountId: MANAGEMENT } }),
    );
    wire.on('kms', 'GetKeyPolicy', ({ body }) => {
      const { KeyId } = body;
      if (KeyId !== trails.closed?.keyArn) return 'forward';
      const who = `arn:aws:sts::${LOG_ARCHIVE}:assumed-role/member/central`;
      return refuse(
        'AccessDeniedException',
        `User: ${who} is not authorized to perform: kms:GetKeyPolicy on resource: ${KeyId} because no resource-based policy allows the kms:GetKeyPolicy action`,
      );
    });
    wire.on('cloudtrail', 'GetTrailStatus', ({ body }) =>
      day === TODAY && body.Name === trails.throttled?.arn
        ? refuse('ThrottlingException', 'Rate exceeded')
        : ok({ IsLogging: true }),
    );
    const parameters = { memberRoleName: 'member', deliveryEvidenceHours: '0', aggregatorName: 'organization' };
    const lambda = await startLambda({
      ...bundle,
      environment: {
        ...startingAt(new Date(`${day}T06:00:00Z`)),
        RULE_PARAMETERS: JSON.stringify(parameters),
        RESULTS_BUCKET: BUCKET,
        AWS_ENDPOINT_URL: wire.url,
      },
    });
    const { ok: went } = await lambda.invoke({});
    lambda.stop();
    assert.equal(went, day !== TODAY, lambda.logs());
  }

  /** Lays the objects of the bucket out as they lie there. */
  async function download(): Promise<void> {
    const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: BUCKET }));
    for (const { Key = '' } of Contents) {
      const { Body } = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      mkdirSync(dirname(join(folder, Key)), { recursive: true });
      writeFileSync(join(folder, Key), (await Body?.transformToString()) ?? '');
      keys.push(Key);
    }
  }

  const names = (rows: readonly Row[] = []) => rows.map(({ trailArn: arn }) => String(arn).split('/')[1]);

  it('an object for verdicts, by the day and the run, and one for what has none', () => {
    const days = keys.map(
      (key) => /^results\/date=(.{10})\/run=[0-9a-f-]{36}\/part-[0-9a-f]{16}\.jsonl$/.exec(key)?.[1],
    );
    assert.deepEqual(days.toSorted(), [DAYS[0], DAYS[1], DAYS[2], DAYS[2]]);
  });

  it("today's failures", () => {
    assert.deepEqual(names(answers['todays-failures']), ['new', 'long-failing', 'closed']);
  });

  it('new since yesterday: one new, one fixed', () => {
    const rows = answers['new-since-yesterday'] ?? [];
    assert.deepEqual(names(rows), ['new', 'fixed']);
    assert.deepEqual(
      rows.map(({ change }) => change),
      ['new', 'fixed'],
    );
  });

  it('failing since: the days that each has failed', () => {
    const rows = answers['failing-since'] ?? [];
    const days = Object.fromEntries(rows.map(({ days: count }, index) => [names(rows)[index], count]));
    assert.deepEqual(days, { 'long-failing': 2, closed: 2, new: 0 });
  });

  it('missing permissions', () => {
    const [row, ...rest] = answers['missing-permissions'] ?? [];
    assert.deepEqual(rest, []);
    assert.equal(row?.trails, 1);
    assert.equal(row?.permission, 'kms:GetKeyPolicy');
  });

  it('coverage: each account, and the trail that has no verdict', () => {
    const rows = answers['coverage-by-account'] ?? [];
    assert.deepEqual(
      rows.map(({ accountId, trails: count, withoutVerdict }) => [accountId, count, withoutVerdict]),
      [
        [MANAGEMENT, 1, 1],
        [ACCOUNT, 2, 0],
        [MEMBER, 2, 0],
        [LOG_ARCHIVE, 1, 0],
      ],
    );
  });

  for (const { id, name } of savedQueries(root)) {
    it(`the page shows what ${name.toLowerCase()} answers`, () => {
      const rows = answers[id] ?? [];
      const shownTable = table(
        Object.keys(rows[0] ?? {}),
        rows.map((row) => Object.values(row).map((value) => String(value ?? ''))),
      )
        .replaceAll(/(T06:00:)[\d.]+Z/g, '$100.000Z')
        .replaceAll(/(?<=key\/)[0-9a-f-]{36}/g, '1234abcd-12ab-34cd-56ef-1234567890ab');
      assert.ok(PAGE.includes(shownTable), `docs/results.md lacks:\n${shownTable}`);
    });
  }

  it('a report reads the parts of a run as its baseline', async () => {
    const file = join(folder, 'yesterday.jsonl');
    const parts = keys.filter((key) => key.includes(DAYS[2]));
    writeFileSync(file, parts.map((key) => readFileSync(join(folder, key), 'utf8')).join(''));
    const snapshot = join(root, 'events/snapshots/compliant.json');
    const { code, stdout, stderr } = await cli(
      ['evaluate', '--snapshot', snapshot, '--baseline', file, '--format', 'json'],
      {},
    );
    assert.equal(code, 0, stderr);
    const { changes } = JSON.parse(stdout);
    assert.match(changes.since, /^2026-11-20T06:00/);
    assert.equal(changes.gone.length, 5);
  });
});
