// Slow: `npm run quick` leaves it out.
import { readFile } from 'node:fs/promises';
import { readSource } from '../../src/iac/source/readSource.ts';
import plans from '../cases/iac/plans.json';
import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();
const KEY_ALONE = 'test/cases/iac/key-alone.yaml';

const check = async (...args: readonly string[]) => {
  const { code, stdout } = await cli(['check', ...args]);
  return { code, stdout };
};
const report = async (...args: readonly string[]) => {
  const { code, stdout } = await check(...args, '--format', 'json');
  return { code, ...JSON.parse(stdout) };
};
const failing = ({ findings }: { findings: { check: string; status: string }[] }) =>
  findings.filter(({ status }) => status === 'fail').map((finding) => finding.check);

test('a key that no trail uses is an entry beside the trails, which counts for the exit code alone', async () => {
  const { code, summary, trails, keys } = await report(KEY_ALONE);
  expect(code).toBe(1);
  expect(summary).toEqual({ COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 });
  expect(trails).toEqual([]);
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({
    trailArn: null,
    address: 'LogKey',
    location: { file: KEY_ALONE, line: 3, column: 3 },
    complianceType: 'NON_COMPLIANT',
    standing: 'non-compliant',
    annotation: expect.stringMatching(/^public-excluded: /),
  });
  expect(failing(keys[0])).toEqual(['other-trails-excluded', 'public-excluded']);
});

test.each<[string, string, RegExp]>([
  ['text', 'text', /NON_COMPLIANT +LogKey\n +test\/cases\/iac\/key-alone\.yaml:3:3\n/],
  ['text counts it apart', 'text', /^0 trails: .*\n1 key that no given trail uses: 1 NON_COMPLIANT\n/m],
  [
    'sarif',
    'sarif',
    /"physicalLocation":\{"artifactLocation":\{"uri":"test\/cases\/iac\/key-alone.yaml"\},"region":\{"startLine":3/,
  ],
  [
    'junit',
    'junit',
    /<testcase name="public-excluded" classname="LogKey" time="0" file="test\/cases\/iac\/key-alone.yaml" line="3">\s*<failure/,
  ],
  [
    'csv',
    'csv',
    /public-excluded,fail,CRITICAL,.*,LogKey,test\/cases\/iac\/key-alone.yaml,3,3,,LogKey,,non-compliant,/,
  ],
  [
    'html',
    'html',
    /Keys for CloudTrail that no given trail uses<\/h2>\s*<table class="trails" id="keys">[\s\S]*data-arn="LogKey"/,
  ],
])('%s shows it', async (_, format, shown) => {
  const { code, stdout } = await check(KEY_ALONE, '--format', format);
  expect(code).toBe(1);
  expect(stdout).toMatch(shown);
});

test('--quiet leaves out a key that does not fail', async () => {
  const safe = (await readFile(KEY_ALONE, 'utf8')).replace(/Principal: "\*"/g, 'Principal: { AWS: "111122223333" }');
  const file = await write('safe.yaml', safe);
  expect(await check(file, '--quiet')).toEqual({ code: 0, stdout: '' });
  expect((await check(file)).stdout).toMatch(/^1 key that no given trail uses: 0 NON_COMPLIANT$/m);
});

describe('a key that a trail', () => {
  const trail = (key: string) => `  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: { TrailName: main, S3BucketName: logs, IsLogging: true, KMSKeyId: ${key} }
Conditions:
  UseKey: !Equals [!Ref Stage, prod]
Parameters:
  Stage: { Type: String }
`;

  test.each([
    ['uses is evaluated with the trail', '!GetAtt LogKey.Arn', []],
    [
      'uses only under an open condition is evaluated alone too',
      '!If [UseKey, !GetAtt LogKey.Arn, !Ref AWS::NoValue]',
      ['LogKey'],
    ],
    ['does not use', 'alias/other', ['LogKey']],
  ])('%s', async (_, key, addresses) => {
    const template = `${await readFile(KEY_ALONE, 'utf8')}${trail(key)}`;
    expect(readSource(template, 'it').is).toBe('template');
    const { code, keys = [] } = await report(await write('with-trail.yaml', template));
    expect(keys.map(({ address }: { address: string }) => address)).toEqual(addresses);
    expect(code).toBe(1);
  });
});

test('a plan has keys of its own', async () => {
  const plan = JSON.parse(JSON.stringify((plans as readonly { readonly plan: unknown }[])[0]?.plan));
  const root = plan.planned_values.root_module;
  root.resources = root.resources.filter(({ type }: { type: string }) => type !== 'aws_cloudtrail');
  const key = root.resources.find(({ type }: { type: string }) => type === 'aws_kms_key');
  const policy = JSON.parse(key.values.policy);
  expect((await report(await write('key.json', JSON.stringify(plan)))).keys).toMatchObject([
    { address: 'aws_kms_key.trail', trailArn: null, standing: 'compliant' },
  ]);
  policy.Statement.push({ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' });
  key.values.policy = JSON.stringify(policy);
  const { code, keys } = await report(await write('key.json', JSON.stringify(plan)));
  expect(code).toBe(1);
  expect(failing(keys[0])).toContain('public-excluded');
});

test('an exception of a trail excuses no key', async () => {
  const exceptions = { trailArn: '*', checks: ['public-excluded'], owner: 'o', reason: 'r', expires: '2999-01-01' };
  const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const document = {
    version: 1,
    exceptions: [{ ...exceptions, trailArn: 'arn:aws:cloudtrail:*:*:trail/*', expires: soon }],
  };
  const file = await write('exceptions.json', JSON.stringify(document));
  expect((await report(KEY_ALONE, '--exceptions', file)).code).toBe(1);
});
