import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();
const FILE = 'test/cases/iac/event-data-stores.yaml';
const HERE = ['--account-id', '111122223333', '--region', 'us-east-1'];

const check = async (...args: readonly string[]) => cli(['check', ...args, ...HERE]);
const report = async (...args: readonly string[]) => {
  const { code, stdout } = await check(...args, '--format', 'json');
  return { code, ...JSON.parse(stdout) };
};
interface Entry {
  readonly address: string;
  readonly standing: string;
  readonly findings: readonly { readonly check: string; readonly status: string }[];
}
const failing = ({ findings }: Entry) => findings.filter(({ status }) => status === 'fail').map((one) => one.check);

test('event data stores stand beside the trails, and count for the exit code alone', async () => {
  const { code, trails, summary, eventDataStores, keys } = await report(FILE);
  expect({ code, trails, keys }).toEqual({ code: 1, trails: [], keys: undefined });
  expect(summary).toEqual({ COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 });
  const found = eventDataStores.map((one: Entry) => [one.address, one.standing, failing(one)]);
  expect(found).toEqual([
    ['Good', 'compliant', []],
    ['Bare', 'non-compliant', ['trail-encrypted']],
    ['Pinned', 'non-compliant', ['cloudtrail-can-encrypt', 'cloudtrail-can-describe']],
  ]);
  expect(eventDataStores[0]).toMatchObject({
    trailArn: null,
    eventDataStoreArn: null,
    keyAddress: 'Key',
    controls: [],
    location: { file: FILE, line: 2, column: 3 },
  });
});

test.each<[string, RegExp]>([
  ['text', /Event data stores\n\n +COMPLIANT +Good\n[\s\S]*3 event data stores: 2 NON_COMPLIANT\n/],
  ['sarif', /"uri":"test\/cases\/iac\/event-data-stores.yaml"\},"region":\{"startLine":7/],
  ['junit', /<testcase name="trail-encrypted" classname="Bare" [^>]*line="7">\s*<failure/],
  ['csv', /trail-encrypted,fail,HIGH,.*,Bare,test\/cases\/iac\/event-data-stores.yaml,7,3,/],
  ['ocsf', /"uid":"Bare","name":"Bare","type":"AWS::CloudTrail::EventDataStore"/],
  ['jsonl', /"eventDataStoreArn":null.*"address":"Bare"/],
  ['html', /Event data stores<\/h2>\s*<table class="trails" id="event-data-stores">[\s\S]*data-arn="Bare"/],
])('%s shows them', async (format, shown) => {
  const { code, stdout } = await check(FILE, '--format', format);
  expect(code).toBe(1);
  expect(stdout).toMatch(shown);
});

test('no control of a framework speaks of them', async () => {
  const { stdout } = await check(FILE, '--format', 'csv', '--framework', 'cis');
  expect(stdout.trim().split('\n')).toHaveLength(1);
  const events = JSON.parse((await check(FILE, '--format', 'ocsf')).stdout);
  expect(events.length).toBeGreaterThan(30);
  expect(events.filter(({ compliance }: { compliance: { standards?: unknown } }) => compliance.standards)).toEqual([]);
});

test('--quiet leaves out what does not fail', async () => {
  const { stdout } = await check(FILE, '--quiet');
  expect(stdout).toMatch(/Bare/);
  expect(stdout).not.toMatch(/Good/);
});

test('with a baseline they are new, unchanged or fixed', async () => {
  const before = JSON.parse((await check(FILE, '--format', 'json')).stdout);
  for (const finding of before.eventDataStores[1].findings) Object.assign(finding, { status: 'pass' });
  before.eventDataStores[1].standing = 'compliant';
  before.eventDataStores[0].standing = 'non-compliant';
  const baseline = await write('before.json', JSON.stringify(before));
  const { eventDataStores, code } = await report(FILE, '--baseline', baseline, '--new-only');
  expect(code).toBe(1);
  expect(eventDataStores.map(({ change }: { change: string }) => change)).toEqual(['fixed', 'new', 'unchanged']);
});

test('an exception for its address covers it', async () => {
  const entry = { owner: 'o', reason: 'r', expires: '2026-12-31', checks: ['trail-encrypted'] };
  const exceptions = [
    { address: 'Bare', ...entry },
    { address: 'Pinned', ...entry, checks: ['cloudtrail-can-encrypt'] },
  ];
  const file = await write('exceptions.json', JSON.stringify({ version: 1, exceptions }));
  const { eventDataStores, code, exceptions: states } = await report(FILE, '--exceptions', file);
  expect(code).toBe(0);
  expect(eventDataStores.map(({ standing }: Entry) => standing)).toEqual(['compliant', 'excepted', 'excepted']);
  expect(states.map(({ state }: { state: string }) => state)).toEqual(['in-force', 'in-force']);
});

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
      Resource: '*',
    },
  ],
});
const resource = (type: string, name: string, values: object) => ({
  address: `${type}.${name}`,
  mode: 'managed',
  type,
  name,
  values,
});

test('of a plan, with the key that it declares and without one', async () => {
  const store = 'aws_cloudtrail_event_data_store';
  const plan = {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: [
          resource(store, 'good', { name: 'good' }),
          resource(store, 'bare', { name: 'bare', kms_key_id: null }),
          resource('aws_kms_key', 'store', { policy: POLICY, is_enabled: true, enable_key_rotation: true }),
        ],
      },
    },
    resource_changes: [
      {
        address: `${store}.good`,
        mode: 'managed',
        type: store,
        name: 'good',
        change: { actions: ['create'], after: { name: 'good' }, after_unknown: { kms_key_id: true } },
      },
      {
        address: `${store}.bare`,
        mode: 'managed',
        type: store,
        name: 'bare',
        change: { actions: ['create'], after: { name: 'bare', kms_key_id: null }, after_unknown: {} },
      },
      {
        address: 'aws_kms_key.store',
        mode: 'managed',
        type: 'aws_kms_key',
        name: 'store',
        change: { actions: ['create'], after: { policy: POLICY }, after_unknown: { arn: true } },
      },
    ],
    configuration: {
      root_module: {
        resources: [
          {
            address: `${store}.good`,
            mode: 'managed',
            type: store,
            name: 'good',
            expressions: { kms_key_id: { references: ['aws_kms_key.store.arn', 'aws_kms_key.store'] } },
          },
          { address: `${store}.bare`, mode: 'managed', type: store, name: 'bare', expressions: {} },
          {
            address: 'aws_kms_key.store',
            mode: 'managed',
            type: 'aws_kms_key',
            name: 'store',
            expressions: { policy: {} },
          },
        ],
      },
    },
  };
  const file = await write('plan.json', JSON.stringify(plan));
  const { code, eventDataStores, keys } = await report(file);
  expect({ code, keys }).toEqual({ code: 1, keys: undefined });
  expect(eventDataStores.map((one: Entry) => [one.address, one.standing, failing(one)])).toEqual([
    [`${store}.good`, 'compliant', []],
    [`${store}.bare`, 'non-compliant', ['trail-encrypted']],
  ]);
});

test.each(['KMSKeyId', 'KmsKeyArn', 'KmsKeyld'])(
  '%s is no property of theirs, and says which is meant',
  async (name) => {
    const store = { Type: 'AWS::CloudTrail::EventDataStore', Properties: { [name]: 'alias/lake' } };
    const { code, stderr } = await check(await write('misspelt.json', JSON.stringify({ Resources: { Store: store } })));
    expect(stderr).toContain(`in \`Resources.Store\` \`${name}\` is no property of`);
    expect(stderr).toContain('`KmsKeyId` is meant');
    expect(code).toBe(1);
  },
);

test('what a file does not settle is open', async () => {
  const template = `
Parameters: {KeyArn: {Type: String}}
Resources:
  Store:
    Type: AWS::CloudTrail::EventDataStore
    Properties: {KmsKeyId: !Ref KeyArn}
`;
  const { eventDataStores, code } = await report(await write('open.yaml', template));
  expect(code).toBe(0);
  expect(eventDataStores[0]).toMatchObject({ standing: 'undecided' });
});
