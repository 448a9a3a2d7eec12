import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
    { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:*', Resource: '*' },
  ],
});

const resource = (address: string, values: object) => {
  const [name, type] = address.split('.').toReversed();
  return { address, mode: 'managed', type, name, values };
};

/** A trail in a module, whose key only a local names. */
function plan(module: string, source: string | null, key: object) {
  const prefix = module === '' ? '' : `module.${module}.`;
  const resources = [
    resource(`${prefix}aws_kms_key.k`, { policy: POLICY, is_enabled: true }),
    resource(`${prefix}aws_cloudtrail.t`, { name: 'main', s3_bucket_name: 'b' }),
  ];
  const configuration = {
    resources: [{ address: 'aws_kms_key.k' }, { address: 'aws_cloudtrail.t', expressions: { kms_key_id: key } }],
  };
  const call = { [module]: { ...(source === null ? {} : { source }), module: configuration } };
  return {
    format_version: '1.2',
    planned_values: {
      root_module: module === '' ? { resources } : { child_modules: [{ address: `module.${module}`, resources }] },
    },
    resource_changes: [
      {
        address: `${prefix}aws_kms_key.k`,
        change: { actions: ['create'], after_unknown: { arn: true, key_id: true } },
      },
      { address: `${prefix}aws_cloudtrail.t`, change: { actions: ['create'], after_unknown: { kms_key_id: true } } },
    ],
    configuration: { root_module: module === '' ? configuration : { module_calls: call } },
  };
}

const BY_LOCAL = { references: ['local.key'] };
const TRAIL = 'resource "aws_cloudtrail" "t" {}\n';

interface Row {
  readonly document: object;
  readonly files: Readonly<Record<string, string>>;
  readonly place: string | null;
  readonly key: string | null;
}

const ROWS: Readonly<Record<string, Row>> = {
  'a local of the root module': {
    document: plan('', null, BY_LOCAL),
    files: { 'main.tf': `\n${TRAIL}`, 'locals.tf': 'locals {\n  key = aws_kms_key.k.arn\n}\n' },
    place: 'main.tf:2',
    key: 'aws_kms_key.k',
  },
  'a local of a local': {
    document: plan('', null, BY_LOCAL),
    files: { 'main.tf': `${TRAIL}locals {\n  key = one([local.it])\n  it = aws_kms_key.k.arn\n}\n` },
    place: 'main.tf:1',
    key: 'aws_kms_key.k',
  },
  'locals in a circle': {
    document: plan('', null, BY_LOCAL),
    files: { 'main.tf': `${TRAIL}locals {\n  key = local.it\n  it = local.key\n}\n` },
    place: 'main.tf:1',
    key: null,
  },
  'a local that is not there': {
    document: plan('', null, BY_LOCAL),
    files: { 'main.tf': TRAIL },
    place: 'main.tf:1',
    key: null,
  },
  'a module beside': {
    document: plan('logs', './modules/logs', BY_LOCAL),
    files: {
      'modules/logs/main.tf': `${TRAIL}locals {\n  key = aws_kms_key.k.arn\n}\n`,
      'main.tf': 'locals {\n  key = aws_kms_key.other.arn\n}\n',
    },
    place: 'modules/logs/main.tf:1',
    key: 'module.logs.aws_kms_key.k',
  },
  'an installed module': {
    document: plan('logs', 'example/logs/aws', BY_LOCAL),
    files: {
      '.terraform/modules/modules.json': JSON.stringify({
        Modules: [
          { Key: '', Dir: '.' },
          { Key: 'logs', Dir: '.terraform/modules/logs/aws' },
        ],
      }),
      '.terraform/modules/logs/aws/trail.tf': `# the trail\n${TRAIL}locals {\n  key = aws_kms_key.k.arn\n}\n`,
    },
    place: '.terraform/modules/logs/aws/trail.tf:2',
    key: 'module.logs.aws_kms_key.k',
  },
  'a module that is nowhere': {
    document: plan('logs', 'example/logs/aws', BY_LOCAL),
    files: { 'main.tf': TRAIL },
    place: null,
    key: null,
  },
};

test.each(Object.entries(ROWS))('%s', async (name, { document, files, place, key }) => {
  const source = join(folder, name.replaceAll(' ', '-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), text);
  }
  const file = join(folder, 'plan.json');
  await writeFile(file, JSON.stringify(document));
  const { stdout } = await cli(['check', file, '--format', 'json', '--source', source]);
  const [trail] = (JSON.parse(stdout) as Report).trails;
  const where = `${trail?.location?.file}:${trail?.location?.line}`;
  expect(where).toBe(place === null ? `${file}:1` : `${source}/${place}`);
  expect(trail?.keyAddress ?? null).toBe(key);
  expect(trail?.findings.find(({ check }) => check === 'cloudtrail-can-encrypt')?.status).toBe(
    key === null ? 'unknown' : 'pass',
  );
});

test('without the files a local is not resolved, and the sentence says what does', async () => {
  const file = join(folder, 'without.json');
  await writeFile(file, JSON.stringify(plan('', null, BY_LOCAL)));
  const { stdout } = await cli(['check', file]);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('`local.key` is not resolved, `--source DIR` reads locals');
});

test.each(['nowhere', 'without.json'])('`--source` has to be a folder: %s', async (name) => {
  const file = join(folder, 'without.json');
  const { code, stderr } = await cli(['check', file, '--source', join(folder, name)]);
  expect(code).toBe(2);
  expect(stderr).toContain(`cannot read \`--source\` \`${join(folder, name)}\`: `);
});
