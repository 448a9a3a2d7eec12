import { FORMATS, type Format } from '../../src/cli/formats.ts';
import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();

const STATEMENTS = [
  { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
  { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' },
];
const POLICY = { Version: '2012-10-17', Statement: STATEMENTS };

const cdk = (path: string) => ({ Metadata: { 'aws:cdk:path': path } });

/** As the CDK writes it: a hash in each logical id, the author's names in a path. */
const TEMPLATE = {
  Resources: {
    Key961B73FD: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: POLICY }, ...cdk('Logs/Key/Resource') },
    Trail022F0CF2: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { TrailName: 'main', S3BucketName: 'b', KMSKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } },
      ...cdk('Logs/Trail/Resource'),
    },
  },
};

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const resource = (type: string, values: object, index?: number) => {
  const local = `${type}.main`;
  const address = `module.logs.${local}${index === undefined ? '' : `[${index}]`}`;
  return { address, mode: 'managed', type, name: 'main', index, values };
};

const PLAN = {
  format_version: '1.2',
  planned_values: {
    root_module: {
      child_modules: [
        {
          address: 'module.logs',
          resources: [
            resource('aws_kms_key', { arn: KEY, key_id: KEY.slice(-36), policy: JSON.stringify(POLICY) }, 0),
            resource('aws_cloudtrail', { name: 'main', s3_bucket_name: 'b', kms_key_id: KEY, region: 'eu-west-1' }),
          ],
        },
      ],
    },
  },
};

const FILES = {
  template: {
    document: TEMPLATE,
    args: ['--account-id', '111122223333', '--region', 'eu-west-1'],
    names: ['Trail022F0CF2', 'Logs/Trail/Resource', 'Key961B73FD', 'Logs/Key/Resource'],
  },
  plan: { document: PLAN, args: [], names: ['module.logs.aws_cloudtrail.main', 'module.logs.aws_kms_key.main[0]'] },
};

const rows = Object.entries(FILES).flatMap(([name, file]) =>
  (Object.keys(FORMATS) as Format[]).map((format) => [format, name, file] as const),
);

test.each(rows)(
  '%s names trail and key of a %s as their author does',
  async (format, name, { document, args, names }) => {
    const file = await write(`${name}.json`, JSON.stringify(document));
    const { code, stdout } = await cli(['check', file, '--format', format, ...args]);
    expect(code).toBe(1);
    // OCSF holds one name: that of the CDK where there is one.
    const expected = format === 'ocsf' && name === 'template' ? names.filter((each) => each !== 'Key961B73FD') : names;
    for (const each of expected) expect(stdout).toContain(each);
  },
);

test('the JSON report tells what a file does not hold by null', async () => {
  const trail = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: 'b' } };
  const file = await write('none.json', JSON.stringify({ Resources: { T: trail } }));
  const { stdout } = await cli(['check', file, '--format', 'json']);
  const { trails } = JSON.parse(stdout) as Report;
  expect(trails).toMatchObject([{ address: 'T', cdkPath: null, keyAddress: null, keyCdkPath: null }]);
});

test("the author's names come first in text and before the message in SARIF", async () => {
  const file = await write('first.json', JSON.stringify(PLAN));
  const text = await cli(['check', file]);
  expect(text.stdout).toMatch(
    /NON_COMPLIANT {3}module\.logs\.aws_cloudtrail\.main\n +arn:aws:cloudtrail:\S+\n +key module\.logs\.aws_kms_key\.main\[0\], arn:aws:kms:/,
  );
  const sarif = await cli(['check', file, '--format', 'sarif']);
  const [result] = JSON.parse(sarif.stdout).runs[0].results;
  expect(result.message.text).toMatch(
    /^module\.logs\.aws_cloudtrail\.main, key module\.logs\.aws_kms_key\.main\[0\]: /,
  );
  expect(result.locations[0].logicalLocations[0].fullyQualifiedName).toBe('module.logs.aws_cloudtrail.main');
});
