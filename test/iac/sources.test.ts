// Slow: `npm run quick` leaves it out.
import { readFile } from 'node:fs/promises';
import { cli } from '../cli/support.ts';
import { loops } from './loops.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();

const report = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await cli(['check', ...args, '--format', 'json']);
  if (code > 1) throw new Error(stderr);
  return { code, stderr, trails: JSON.parse(stdout).trails };
};

const statusOf = (trail: { findings: { check: string; status: string }[] }, check: string) =>
  trail.findings.find((finding) => finding.check === check)?.status;

describe('sample files', () => {
  test.each<[string, string[], number, string, Record<string, string>, { line: number; column: number }]>([
    ['good.yaml', [], 0, 'Trail', { 'cloudtrail-can-encrypt': 'pass' }, { line: 49, column: 3 }],
    ['cdk.template.json', [], 1, 'TrailE2BE4E2B', { 'cloudtrail-can-encrypt': 'fail' }, { line: 35, column: 5 }],
    [
      'sam.yaml',
      [],
      0,
      'Trail',
      { 'key-exists': 'unknown', 'cloudtrail-can-encrypt': 'unknown' },
      { line: 20, column: 3 },
    ],
    ['wrong-account.yaml', [], 0, 'Trail', { 'cloudtrail-can-encrypt': 'unknown' }, { line: 27, column: 3 }],
    [
      'wrong-account.yaml',
      ['--account-id', '111122223333'],
      1,
      'Trail',
      { 'cloudtrail-can-encrypt': 'fail' },
      { line: 27, column: 3 },
    ],
  ])('%s %j', async (name, args, exitCode, address, findings, place) => {
    const file = `events/templates/${name}`;
    const { code, trails } = await report(file, ...args);
    expect(code).toBe(exitCode);
    expect(trails).toHaveLength(1);
    expect(trails[0]).toMatchObject({ address, location: { file, ...place } });
    for (const [check, status] of Object.entries(findings)) expect(statusOf(trails[0], check)).toBe(status);
  });

  test('plan.json is found where it names the trail', async () => {
    const file = 'events/templates/plan.json';
    const { code, trails } = await report(file);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(code).toBe(0);
    expect(lines[trails[0].location.line - 1]).toContain('"aws_cloudtrail.main"');
  });

  test('several files make one report', async () => {
    const { code, trails } = await report('events/templates/good.yaml', 'events/templates/cdk.template.json');
    expect(code).toBe(1);
    expect(trails.map(({ address }: { address: string }) => address)).toEqual(['Trail', 'TrailE2BE4E2B']);
  });

  test('the text report names the trail and what is unresolved', async () => {
    const { code, stdout } = await cli(['check', 'events/templates/sam.yaml']);
    expect(stdout).toMatch(/COMPLIANT {2,}Trail undecided\n {18}events\/templates\/sam\.yaml:20:3\n/);
    expect(stdout).toContain('Fn::ImportValue security-keys-trail-key-arn');
    expect(code).toBe(0);
  });
});

describe('YAML', () => {
  const encrypted = (key: string) => `Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: {Enabled: on}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {S3BucketName: logs, IsLogging: true, KMSKeyId: ${key}}
`;

  test.each<[string, string]>([
    ['!Ref', '!Ref Key'],
    ['!GetAtt with a dot', '!GetAtt Key.Arn'],
    ['!GetAtt as a list', '!GetAtt [Key, Arn]'],
    ['Fn::GetAtt as text', '{"Fn::GetAtt": Key.Arn}'],
    ['!Sub', `!Sub "\${Key.Arn}"`],
    ['!Sub with variables', `!Sub ["\${K}", {K: !Ref Key}]`],
    ['!Join', '!Join ["", [!GetAtt Key.Arn]]'],
    ['!Select', '!Select [1, [x, !Ref Key]]'],
    ['!Select and !Split', `!Select [1, !Split ["|", !Sub "x|\${Key}"]]`],
    ['the parts of an ARN', '!Select [1, !Split ["/", !GetAtt Key.Arn]]'],
    ['!If', '!If [Always, !Ref Key, x]'],
  ])('%s resolves', async (_, key) => {
    const file = await write('t.yaml', `Conditions: {Always: !Equals [a, a]}\n${encrypted(key)}`);
    const { trails } = await report(file);
    expect(statusOf(trails[0], 'key-exists')).toBe('pass');
    expect(statusOf(trails[0], 'key-usable')).toBe('pass');
    expect(statusOf(trails[0], 'cloudtrail-can-encrypt')).toBe('fail');
  });

  test('a date that is not in quotes stays text', async () => {
    const policy = `{Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: cloudtrail.amazonaws.com}, Action: "kms:*", Resource: "*"}]}`;
    const text = encrypted('!Ref Key').replace('{Enabled: on}', `{KeyPolicy: ${policy}}`);
    const { trails } = await report(await write('t.yaml', text));
    expect(statusOf(trails[0], 'cloudtrail-can-encrypt')).toBe('pass');
  });

  test.each<[string, string, string, string]>([
    ['with an 8 or 9 is text', '012345678901', '012345678901', 'pass'],
    ['is octal', '012345670123', '012345670123', 'fail'],
    ['in quotes is text', '"012345670123"', '012345670123', 'pass'],
  ])('an account id that starts with 0 and %s', async (_, written, accountId, status) => {
    const policy = `{Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: cloudtrail.amazonaws.com}, Action: "kms:*", Resource: "*", Condition: {StringEquals: {"aws:SourceAccount": !Ref Account}}}]}`;
    const parameters = `Parameters: {Account: {Type: String, Default: ${written}}}\n`;
    const text = parameters + encrypted('!Ref Key').replace('{Enabled: on}', `{KeyPolicy: ${policy}}`);
    const { trails } = await report(await write('t.yaml', text), '--account-id', accountId);
    expect(statusOf(trails[0], 'cloudtrail-can-encrypt')).toBe(status);
  });

  test('a byte order mark and carriage returns', async () => {
    const text = `\uFEFF${encrypted('!Ref Key').replaceAll('\n', '\r\n')}`;
    const { trails } = await report(await write('t.yaml', text));
    expect(trails[0]).toMatchObject({ location: { line: 5, column: 3 } });
  });
});

test('what a loop makes stands where the loop does', async () => {
  const text = `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Trails:
    - Name
    - [a, b]
    - Trail\${Name}:
        Type: AWS::CloudTrail::Trail
        Properties: {S3BucketName: logs, IsLogging: true}
`;
  const { code, trails } = await report(await write('t.yaml', text));
  expect(trails).toMatchObject([
    { address: 'Traila', location: { line: 3, column: 3 } },
    { address: 'Trailb', location: { line: 3, column: 3 } },
  ]);
  expect(code).toBe(1);
});

describe('files without trails', () => {
  test.each<[string, string, string]>([
    ['a template', '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}', 'holds no trail'],
    ['a plan', '{"format_version":"1.2","planned_values":{"root_module":{}}}', 'holds no trail'],
    ['a state without a resource', '{"format_version":"1.0"}', 'holds no trail'],
    [
      'a template with a loop',
      '{"Transform":"AWS::LanguageExtensions","Resources":{"Fn::ForEach::Trails":["T",{"Ref":"Names"},{}]}}',
      '`Resources.Fn::ForEach::Trails` is not expanded',
    ],
    [
      'a template that a macro changes',
      '{"Transform":["AWS::Serverless-2016-10-31","AddTrail"],"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}',
      'the macro `AddTrail` is not run: what it changes is not checked',
    ],
    [
      'a template with an included part',
      '{"Transform":{"Name":"AWS::Include"},"Resources":{}}',
      'the macro `AWS::Include` is not run',
    ],
    [
      'a plan that ended with an error',
      '{"format_version":"1.2","errored":true,"planned_values":{"root_module":{}}}',
      'planning ended with an error: trails may be missing',
    ],
    [
      'a plan that puts off a trail',
      '{"format_version":"1.2","planned_values":{},"deferred_changes":[{"reason":"x","resource_change":{"address":"aws_cloudtrail.main","type":"aws_cloudtrail"}}]}',
      '`aws_cloudtrail.main` is deferred to a later plan, and is not checked',
    ],
    ...(
      [
        ['aws_cloudtrail_event_data_store', 'an event data store'],
        ['aws_kms_key_policy', 'the policy of a key'],
      ] as const
    ).map(([type, what]): [string, string, string] => [
      `a plan that puts off ${what}`,
      `{"format_version":"1.2","planned_values":{},"deferred_changes":[{"resource_change":{"address":"${type}.main","type":"${type}"}}]}`,
      `\`${type}.main\` is deferred to a later plan, and is not checked`,
    ]),
    [
      'a plan of a part',
      '{"format_version":"1.2","complete":false,"planned_values":{"root_module":{}}}',
      'it is a part of what is configured (`-target`): trails may be missing from it',
    ],
    ...(
      [
        ['awscc_cloudtrail_trail', {}, 'is not checked, accepted are `aws_cloudtrail` and'],
        ['aws_cloudcontrolapi_resource', { type_name: 'AWS::CloudTrail::EventDataStore' }, 'is not checked'],
        ['aws_cloudformation_stack', { template_body: '{"Type":"AWS::CloudTrail::Trail"}' }, 'deploys a template'],
        ['aws_cloudformation_stack_set', { template_url: 'https://example.com/trail.yaml' }, 'deploys a template'],
      ] as const
    ).map(([type, values, note]): [string, string, string] => [
      `a plan with ${type}`,
      JSON.stringify({
        format_version: '1.2',
        planned_values: { root_module: { resources: [{ address: `${type}.main`, type, name: 'main', values }] } },
      }),
      `\`${type}.main\` ${note}`,
    ]),
  ])('%s', async (_, content, note) => {
    const file = await write('none.json', content);
    const { code, stderr, trails } = await report(file);
    expect(trails).toEqual([]);
    expect(stderr).toContain(`\`${file}\`: `);
    expect(stderr).toContain(note);
    expect(code).toBe(0);
  });
});

const NEITHER = 'is neither a CloudFormation template nor a Terraform plan';

test('a stack of a plan whose template holds no trail is no matter', async () => {
  const type = 'aws_cloudformation_stack';
  const values = { template_body: '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}' };
  const root_module = { resources: [{ address: `${type}.main`, type, name: 'main', values }] };
  const file = await write('none.json', JSON.stringify({ format_version: '1.2', planned_values: { root_module } }));
  expect((await report(file)).stderr).not.toContain(type);
});

test.each([[[{ a: 1 }, 'Arn']], [['Key', {}]]])('Fn::GetAtt of %j is open, in words', async (argument) => {
  const properties = { KMSKeyId: { 'Fn::GetAtt': argument } };
  const trail = { Type: 'AWS::CloudTrail::Trail', Properties: properties };
  const file = await write('attribute.json', JSON.stringify({ Resources: { Trail: trail } }));
  const { trails } = await report(file);
  expect(trails[0]?.standing).toBe('undecided');
  expect(JSON.stringify(trails)).not.toContain('[object');
});

describe('bad files: exit code 2 and one line that names the file', () => {
  const laughs = `a: &a [x]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\nResources: *j`;
  test.each<[string, string, string]>([
    ['nothing', '', NEITHER],
    ['prose', 'Dear reader,\nthis is no template.', NEITHER],
    ['a list', '[1, 2]', NEITHER],
    ['another JSON', '{"version":1,"trails":[]}', NEITHER],
    ['Kubernetes', 'apiVersion: v1\nkind: Pod', NEITHER],
    ['Terraform configuration', 'resource "aws_cloudtrail" "main" {\n  name = "main"\n}', NEITHER],
    ['a binary plan', 'PK\u0003\u0004\u0014', 'is a binary file'],
    ['a template without resources', 'AWSTemplateFormatVersion: "2010-09-09"', 'is a template without `Resources`'],
    ['resources as a list', 'Resources: []', NEITHER],
    ['a resource without a type', 'Resources: {Trail: {Properties: {}}}', '`Resources.Trail` has no `Type`'],
    ['JSON that ends early', '{"Resources": {"Trail": ', 'is not JSON'],
    ['a member given twice in JSON', '{"Resources":{"T":{"Type":"A","Type":"B"}}}', '`Resources.T.Type` twice'],
    ['a member given twice in YAML', 'Resources:\n  T: {Type: A}\n  T: {Type: B}', '`T` twice, the second on line 3'],
    ['YAML that is broken', 'Resources:\n  - a\n b: [', 'nor YAML'],
    ['two YAML documents', 'Resources: {}\n---\nResources: {}', 'holds several YAML documents, accepted is'],
    ['a YAML alias', 'Resources: &r\n  T: {Type: A}\nOther: *r', 'uses a YAML alias'],
    ['a YAML alias of itself', 'Resources: &r\n  T: *r', 'uses a YAML alias'],
    ['aliases of aliases', laughs, 'uses a YAML alias'],
    ['an unknown tag', 'Resources:\n  T: !Foo {Type: A}', 'uses `!Foo`, which is no function of CloudFormation'],
    ['10 MB of YAML', `Resources:\n${'  T: {Type: A}\n'.repeat(700_000)}`, 'larger than 1 MB'],
    ['10 MB of JSON that is no template', `{"a":"${'x'.repeat(10_000_000)}"}`, NEITHER],
    ['lists nested without end', '['.repeat(20_000), 'nested too deeply'],
    [
      'objects nested deeply',
      `{"Resources":{"T":{"Type":"AWS::CloudTrail::Trail","Properties":{"KMSKeyId":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}}}}`,
      '',
    ],
    [
      'loops that make too much',
      `{"Transform":"AWS::LanguageExtensions","Resources":${loops(3, 'x'.repeat(5_000))}}`,
      'has loops that make more than 4 MB',
    ],
    [
      'a loop that makes a resource twice',
      '{"Transform":"AWS::LanguageExtensions","Resources":{"Fn::ForEach::T":["X",["a","a"],{"Ta":{"Type":"A"}}]}}',
      'has a loop that makes `Ta` twice',
    ],
    ['parameters that are no object', '{"Parameters":[],"Resources":{}}', '`Parameters` is no object'],
  ])('%s', async (_, content, message) => {
    const file = await write('bad.yaml', content);
    const { code, stdout, stderr } = await cli(['check', file]);
    expect(stderr).toContain(`\`${file}\` `);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await cli(['check', 'none.yaml']);
    expect(stderr).toBe('cloudtrail-kms: cannot read `none.yaml`: no such file or directory\n');
    expect(code).toBe(2);
  });
});

describe('bad usage: exit code 2 and one line', () => {
  const GOOD = 'events/templates/good.yaml';
  test.each<[string, string[], string]>([
    ['no file', [], "missing required argument 'path'"],
    ['an account that is none', [GOOD, '--account-id', '12'], '`--account-id` is `12`, accepted are twelve digits'],
    [
      'a Region that is none',
      [GOOD, '--region', 'Ireland'],
      '`--region` is `Ireland`, accepted is the name of a Region',
    ],
    ['a parameter that no file declares', [GOOD, '--template-parameters', 'Trail=x'], 'accepted are `TrailName`'],
    ['parameters that are no JSON', [GOOD, '--template-parameters', '{x'], '`--template-parameters` is not JSON'],
    [
      'parameters that hold objects',
      [GOOD, '--template-parameters', '{"TrailName":{}}'],
      'holds no template parameters',
    ],
    ['a file of parameters that is not there', [GOOD, '--template-parameters', 'p.json'], 'cannot read `p.json`'],
    ['an unknown rule parameter', [GOOD, '--parameters', '{"x":"1"}'], '`x` is no parameter of this rule'],
    [
      'a folder of a root module that is not there',
      [GOOD, '--source', 'none'],
      'cannot read `--source` `none`: no such file or directory, accepted is the folder of a root module',
    ],
    ['an unknown flag', [GOOD, '--fast'], "unknown option '--fast'"],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await cli(['check', ...args]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a file of parameters', async () => {
    const parameters = await write('p.json', '[{"ParameterKey":"TrailName","ParameterValue":"audit"}]');
    const { trails } = await report(
      GOOD,
      '--template-parameters',
      parameters,
      '--account-id',
      '111122223333',
      '--region',
      'eu-west-1',
    );
    expect(trails[0].trailArn).toBe('arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit');
  });
});

test('an exception covers a trail whose ARN the deployment settles', async () => {
  const exceptions = await write(
    'exceptions.json',
    JSON.stringify({
      version: 1,
      exceptions: [
        {
          trailArn: 'arn:aws:cloudtrail:*:111122223333:trail/main',
          checks: ['cloudtrail-can-encrypt'],
          owner: 'security@example.com',
          reason: 'moves to the new key',
          expires: '2026-12-31',
        },
      ],
    }),
  );
  const where = ['--account-id', '111122223333', '--region', 'eu-west-1'];
  const { code, trails } = await report('events/templates/wrong-account.yaml', ...where, '--exceptions', exceptions);
  expect(trails[0].complianceType).toBe('NOT_APPLICABLE');
  expect(code).toBe(0);
});
