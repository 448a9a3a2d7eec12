import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();

const allow = (more: object) => ({ Effect: 'Allow', Resource: '*', ...more });
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    allow({ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*' }),
    allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'] }),
  ],
};

const references = (...names: readonly string[]) => ({ references: names });

interface Configured {
  readonly address: string;
  readonly expressions?: object;
  readonly depends_on?: readonly string[];
}

const KEY: Configured = { address: 'aws_kms_key.k' };
const WRITER: Configured = {
  address: 'aws_kms_key_policy.p',
  expressions: { key_id: references('aws_kms_key.k.key_id', 'aws_kms_key.k'), policy: { constant_value: 'x' } },
};
const trail = (kms_key_id: object, more: object = {}): Configured => ({
  address: 'aws_cloudtrail.t',
  expressions: { kms_key_id },
  ...more,
});

const VALUES: Readonly<Record<string, object>> = {
  'aws_kms_key.k': { is_enabled: true },
  'aws_kms_key_policy.p': { policy: JSON.stringify(POLICY) },
  'aws_cloudtrail.t': { name: 'main', s3_bucket_name: 'b' },
};
const OPEN: Readonly<Record<string, object>> = {
  'aws_kms_key.k': { arn: true, key_id: true, id: true },
  'aws_kms_key_policy.p': { key_id: true },
  'aws_cloudtrail.t': { kms_key_id: true },
};

interface Module {
  readonly resources?: readonly Configured[];
  readonly outputs?: object;
  readonly module_calls?: Readonly<Record<string, { readonly module: Module; readonly [member: string]: unknown }>>;
}

const addresses = (module: Module, path = ''): readonly (readonly [path: string, local: string])[] => [
  ...(module.resources ?? []).map(({ address }) => [path, address] as const),
  ...Object.entries(module.module_calls ?? {}).flatMap(([name, call]) => addresses(call.module, `module.${name}.`)),
];

function plan(root: Module, actions: readonly string[] = ['create']) {
  const all = addresses(root).filter(([, local]) => VALUES[local] !== undefined);
  const of = ([path, local]: readonly [string, string]) => {
    const [type, name] = local.split('.');
    return { address: `${path}${local}`, mode: 'managed', type, name, values: VALUES[local] };
  };
  const inModule = (path: string) => all.filter(([own]) => own === path).map(of);
  const paths = [...new Set(all.map(([path]) => path))].filter((path) => path !== '');
  return {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: inModule(''),
        child_modules: paths.map((path) => ({ address: path.slice(0, -1), resources: inModule(path) })),
      },
    },
    resource_changes: all.map(([path, local]) => ({
      address: `${path}${local}`,
      change: { actions, after_unknown: OPEN[local] },
    })),
    configuration: { root_module: root },
  };
}

const BY_KEY = references('aws_kms_key.k.arn', 'aws_kms_key.k');
const kms = (outputs: object, more: object = {}) => ({
  kms: { module: { resources: [KEY, WRITER], outputs }, ...more },
});
const arn = { expression: BY_KEY };
const BY_MODULE = references('module.kms.arn', 'module.kms');

const TERRAFORM: Readonly<Record<string, readonly [plan: object, told: string | null]>> = {
  'the trail refers to the key alone': [plan({ resources: [KEY, WRITER, trail(BY_KEY)] }), 'aws_kms_key_policy.p'],
  'the trail names the policy in depends_on': [
    plan({ resources: [KEY, WRITER, trail(BY_KEY, { depends_on: ['aws_kms_key_policy.p'] })] }),
    null,
  ],
  'the trail refers to the policy': [
    plan({ resources: [KEY, WRITER, trail(references('aws_kms_key_policy.p.key_id', 'aws_kms_key_policy.p'))] }),
    null,
  ],
  'something between them does': [
    plan({
      resources: [
        KEY,
        WRITER,
        { address: 'terraform_data.wait', depends_on: ['aws_kms_key_policy.p'] },
        trail(BY_KEY, { depends_on: ['terraform_data.wait'] }),
      ],
    }),
    null,
  ],
  'by for_each': [
    plan({ resources: [KEY, WRITER, trail(BY_KEY, { for_each_expression: references('aws_kms_key_policy.p') })] }),
    null,
  ],
  'a local may': [plan({ resources: [KEY, WRITER, trail(BY_KEY, { count_expression: references('local.x') })] }), null],
  'the policy is there already': [plan({ resources: [KEY, WRITER, trail(BY_KEY)] }, ['no-op']), null],
  'both in a module': [
    plan({ resources: [trail(BY_MODULE)], module_calls: kms({ arn }) }),
    'module.kms.aws_kms_key_policy.p',
  ],
  'an output that waits': [
    plan({
      resources: [trail(BY_MODULE)],
      module_calls: kms({ arn: { ...arn, depends_on: ['aws_kms_key_policy.p'] } }),
    }),
    null,
  ],
  'the whole module': [
    plan({ resources: [trail(BY_MODULE, { depends_on: ['module.kms'] })], module_calls: kms({ arn }) }),
    null,
  ],
  'two modules': [
    plan({
      module_calls: {
        ...kms({ arn }),
        trail: { module: { resources: [trail(references('var.key'))] }, expressions: { key: BY_MODULE } },
      },
    }),
    'module.kms.aws_kms_key_policy.p',
  ],
  'two modules, the one after the other': [
    plan({
      module_calls: {
        ...kms({ arn }),
        trail: {
          module: { resources: [trail(references('var.key'))] },
          expressions: { key: BY_MODULE },
          depends_on: ['module.kms'],
        },
      },
    }),
    null,
  ],
};

async function toldOf(name: string, document: object) {
  const file = await write(`${name.replaceAll(/\W/g, '')}.json`, JSON.stringify(document));
  const { stdout, stderr } = await cli(['check', file, '--format', 'json']);
  const { trails } = JSON.parse(stdout) as Report;
  return { findings: new Map(trails[0]?.findings.map((one) => [one.check as string, one])), stderr };
}

test.each(Object.entries(TERRAFORM))('Terraform: %s', async (name, [document, told]) => {
  const { findings, stderr } = await toldOf(name, document);
  const updatable = findings.get('trail-updatable');
  expect([findings.get('cloudtrail-can-encrypt')?.status, updatable?.status]).toEqual(['pass', 'pass']);
  for (const said of [updatable?.message, stderr]) {
    if (told === null) expect(said).not.toContain('come before');
    else expect(said).toContain(`nothing makes \`${told}\`, which writes the policy of its key, come before`);
  }
});

/** As the CDK's AwsCustomResource writes it. */
const custom = {
  Type: 'Custom::AWS',
  Properties: {
    Create: {
      'Fn::Join': ['', ['{"service":"KMS","action":"putKeyPolicy","parameters":{"KeyId":"', { Ref: 'K' }, '"}}']],
    },
  },
};

test.each([
  ['nothing makes it come first', {}, 'nothing makes `W`, which writes the policy of its key, come before `T`'],
  ['DependsOn does', { DependsOn: ['W'] }, null],
  ['DependsOn as a text does', { DependsOn: 'W' }, null],
  ['a reference does', { Properties: { S3BucketName: { 'Fn::Sub': `logs-\${W}` } } }, null],
])('CloudFormation: a custom resource writes the policy, %s', async (name, more, told) => {
  const Properties = { S3BucketName: 'b', KMSKeyId: { 'Fn::GetAtt': ['K', 'Arn'] }, ...Object(more).Properties };
  const T = { Type: 'AWS::CloudTrail::Trail', ...more, Properties };
  const K = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: POLICY } };
  const { findings, stderr } = await toldOf(name, { Resources: { T, K, W: custom } });
  expect(findings.get('cloudtrail-can-encrypt')).toMatchObject({
    status: 'unknown',
    message: expect.stringContaining('`W` writes it when it is deployed'),
  });
  if (told === null) expect(stderr).not.toContain('come before');
  else expect(stderr).toContain(told);
});
