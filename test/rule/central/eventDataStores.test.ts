import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import type { CentralTask } from '../../../src/rule/central/centralTask.ts';
import type { RecordedTrail } from '../../../src/rule/central/centralTrails.ts';
import { type CentralPorts, runCentral } from '../../../src/rule/central/runCentral.ts';
import { runStep } from '../../../src/rule/central/steps.ts';
import { EVENT_DATA_STORE, TRAIL } from '../../../src/rule/event/resourceKind.ts';
import { read } from '../../../src/trail/facts.ts';
import { memoryBucket } from '../../stateMachine/memoryStore.ts';
import { ACCOUNT, REGION, trailNamed } from '../facts.ts';
import { KEY_ARN, keyFacts, memoryPorts } from '../memoryPorts.ts';

const STORE = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
const MAIN = trailNamed('main', { kmsKeyId: KEY_ARN });
/** It lets CloudTrail in whatever it encrypts. */
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
      Resource: '*',
    },
  ],
};
const PARAMETERS = { aggregatorName: 'organization' };
const ALL: CentralTask = { key: null, organizationTrailsOnly: false, expectedTrails: [] };

const record = (configuration: object | null = { KmsKeyId: KEY_ARN }, arn = STORE): RecordedTrail => ({
  resourceType: EVENT_DATA_STORE.resourceType,
  accountId: ACCOUNT,
  region: REGION,
  arn,
  resourceId: arn,
  capturedAt: null,
  configuration: configuration === null ? null : { EventDataStoreArn: arn, ...configuration },
});
const ofTrail: RecordedTrail = {
  ...record({}),
  resourceType: undefined as never,
  arn: MAIN.arn,
  resourceId: MAIN.name,
  configuration: TRAIL.configurationOf(MAIN),
};

function central(stores: CentralPorts['recordedEventDataStores']) {
  const ports = memoryPorts({ key: (reference) => keyFacts(reference, POLICY) });
  const verdicts: string[] = [];
  const runs: CentralRun[] = [];
  const connect = (): CentralPorts => ({
    ...ports,
    recordedTrails: async () => [ofTrail],
    organizationTrails: async () => read([]),
    ...(stores && { recordedEventDataStores: stores }),
  });
  const publisher = {
    publish: async (
      some: readonly {
        readonly verdict: { readonly complianceType: string; readonly trail: { readonly arn: string } };
      }[],
    ) =>
      void verdicts.push(
        ...some.map(({ verdict }) => `${verdict.trail.arn.split(':').at(-1)} ${verdict.complianceType}`),
      ),
    finish: async (run: CentralRun) => void runs.push(run),
  };
  return { ports, verdicts, runs, connect, publisher };
}

const GOOD = 'eventdatastore/EXAMPLE-1 COMPLIANT';
const OF_TRAIL = 'trail/main COMPLIANT';

test.each<[string, CentralPorts['recordedEventDataStores'], Partial<CentralTask>, readonly string[]]>([
  ['one with a good key', async () => [record()], {}, [GOOD, OF_TRAIL]],
  ['one without a key', async () => [record({})], {}, ['eventdatastore/EXAMPLE-1 NON_COMPLIANT', OF_TRAIL]],
  [
    'one that several places record is evaluated once',
    async () => [record(), { ...record(), region: 'eu-west-1' }],
    {},
    [GOOD, OF_TRAIL],
  ],
  ['where nobody says so there are none', undefined, {}, [OF_TRAIL]],
  [
    'after a change of their key',
    async () => [record()],
    { key: { accountId: ACCOUNT, region: REGION, keyId: KEY_ARN.split('/')[1]! } },
    [GOOD, OF_TRAIL],
  ],
  [
    'after a change of another key',
    async () => [record()],
    { key: { accountId: ACCOUNT, region: REGION, keyId: 'other' } },
    [],
  ],
  [
    'one of an organization is no organization trail',
    async () => [record({ KmsKeyId: KEY_ARN, OrganizationEnabled: true })],
    { organizationTrailsOnly: true },
    [],
  ],
  [
    'where organization trails alone are evaluated nobody asks for them',
    () => Promise.reject(new Error('throttled')),
    { organizationTrailsOnly: true },
    [],
  ],
])('%s', async (_, stores, task, expected) => {
  const { connect, publisher, verdicts, ports } = central(stores);
  await runCentral(PARAMETERS, { ...ALL, ...task }, connect, publisher);
  expect(verdicts.toSorted()).toEqual(expected);
  expect(ports.calls.filter((call) => call.startsWith('trailStatus'))).toHaveLength(
    Number(expected.includes(OF_TRAIL)),
  );
});

test('the alarm of organization trails looks at none', async () => {
  const { connect, publisher, runs } = central(async () => [record({ KmsKeyId: KEY_ARN, OrganizationEnabled: true })]);
  await runCentral(PARAMETERS, ALL, connect, publisher);
  expect(runs[0]?.organizationTrails).toEqual({ evaluated: [], unevaluated: [] });
  expect([...(runs[0]?.evaluated ?? [])].toSorted()).toEqual([STORE, MAIN.arn].toSorted());
});

test.each<[string, CentralPorts['recordedEventDataStores'], string | null, string]>([
  [
    'cannot be listed',
    () => Promise.reject(new Error('throttled')),
    'arn:*:cloudtrail:*:*:eventdatastore/*',
    'the event data stores are not listed: throttled',
  ],
  ['are handed out without a configuration', async () => [record(null)], STORE, 'hands out no configuration'],
  ['cannot be read', async () => [record({ KmsKeyId: 1 })], STORE, 'cannot be read'],
])('where they %s the trails have their verdicts, and the run fails', async (_, stores, trailArn, reason) => {
  const { connect, publisher, verdicts } = central(stores);
  await expect(runCentral(PARAMETERS, ALL, connect, publisher)).rejects.toMatchObject({
    name: 'UnevaluatedTrailsError',
    trails: [{ trailArn, isOrganization: false, reason: expect.stringContaining(reason) }],
  });
  expect(verdicts).toEqual([OF_TRAIL]);
});

test('the steps of the state machine hand them on', async () => {
  const { connect, publisher, verdicts, runs } = central(async () => [record()]);
  const bucket = memoryBucket();
  const settings = { organizationTrailsOnly: false, expectedTrails: [] };
  const context = { rawParameters: PARAMETERS, settings, connect, publisher, store: bucket.store('r') };
  const run = 'r';
  expect(await runStep({ step: 'list', run, input: {} }, context)).toEqual({ trails: 2 });
  const items = JSON.parse(JSON.stringify(await context.store.read('items.json')));
  expect(items.map((item: { resourceType?: string }) => item.resourceType ?? null).toSorted()).toEqual([
    EVENT_DATA_STORE.resourceType,
    null,
  ]);
  expect(await runStep({ step: 'evaluate', run, items }, context)).toEqual({ evaluated: 2 });
  expect(await runStep({ step: 'summarize', run, input: {} }, context)).toEqual({ evaluated: 2 });
  expect(verdicts.toSorted()).toEqual([GOOD, OF_TRAIL]);
  expect(runs).toHaveLength(1);
  const other = [{ ...items[0], resourceType: 'AWS::S3::Bucket' }];
  await expect(runStep({ step: 'evaluate', run, items: other }, context)).rejects.toThrow(
    '`items[].resourceType` is `AWS::S3::Bucket`',
  );
});
