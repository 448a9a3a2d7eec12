import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { handWritten } from '../../scripts/docs/markers.ts';
import { accountAt, awsPolicy, trailArn } from './support/account.ts';
import { root } from './support/bundle.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { startWire, type Wire } from './support/wire.ts';

const PYTHON = join(import.meta.dirname, 'node_modules/.cache/python/bin');
/** The first sets what commands of the others take. Stack sets have a test of their own. */
const FIRST = 'docs/remediation.md';
const PAGES = [
  FIRST,
  ...globSync(['README.md', 'CONTRIBUTING.md', 'docs/*.md', 'docs/{checks,for}/*.md', 'deploy/**/*.md'], { cwd: root })
    .filter((page) => page !== FIRST && page !== 'docs/comparison.md')
    .sort(),
];

/** What moto does not answer, or not without things that nobody has made: that they are sent is all that is shown. */
const ONLY_SENT: ReadonlySet<string> = new Set([
  'cloudformation deploy',
  'cloudformation get-template',
  'cloudtrail lookup-events',
  'configservice delete-organization-conformance-pack',
  'configservice describe-organization-conformance-pack-statuses',
  'configservice get-compliance-details-by-config-rule',
  'configservice get-organization-config-rule-detailed-status',
  'configservice put-conformance-pack',
  'configservice put-organization-conformance-pack',
  'configservice start-config-rules-evaluation',
  'configservice start-remediation-execution',
  'kms connect-custom-key-store',
  'kms get-parameters-for-import',
  'kms import-key-material',
  'kms replicate-key',
  'kms revoke-grant',
  'kms update-alias',
  'lambda get-policy',
  'lambda invoke',
  'logs associate-kms-key',
  'organizations attach-policy',
  'organizations create-policy',
  'organizations enable-aws-service-access',
  'organizations register-delegated-administrator',
  'ram disassociate-resource-share',
  'ram list-resources',
  's3 cp',
  'ssm get-automation-execution',
  'ssm send-automation-signal',
  'ssm start-automation-execution',
  'stepfunctions start-execution',
]);
/** Newer than the AWS CLI of the tests: the API's own model takes it in functionPolicy.test.ts. */
const NEWER = 'lambda put-resource-policy';

/** moto takes no ARN of a key here, as KMS does. */
const BY_KEY_ID: ReadonlySet<string> = new Set(['kms enable-key', 'kms cancel-key-deletion']);
/** What has to be the case first. */
const BEFORE: Readonly<Record<string, string>> = {
  'kms cancel-key-deletion': 'aws kms schedule-key-deletion --region $KEY_REGION --key-id $KEY > /dev/null',
};

/** Every command of the AWS CLI that a page shows, on one line each. */
function commandsOf(page: string): readonly string[] {
  const whole = handWritten(readFileSync(join(root, page), 'utf8')).replaceAll(/ \\\n\s*/g, ' ');
  const blocks = [...whole.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...whole.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const commands = [...blocks, ...inline]
    .map((line) => line.trim().replace(/ \|$/, ''))
    .filter((line) => line.startsWith('aws ') && !line.includes(' --stack-set-name '));
  // A bare `aws kms list-aliases`, and one that ends with an option, name a command and show none.
  return [...new Set(commands)].filter(
    (command) =>
      (/ --(?!dry-run)\S+ (?!.* --\S+$)/.test(command) || command.startsWith('aws s3 ')) && nameOf(command) !== NEWER,
  );
}

const nameOf = (command: string): string => command.split(' ').slice(1, 3).join(' ');
const first = () => /## First[\s\S]*?```sh\n([\s\S]*?)\n\n/.exec(readFileSync(join(root, FIRST), 'utf8'))?.[1] ?? '';

describe('the commands on the pages, with the real AWS CLI', () => {
  let moto: Moto;
  let wire: Wire;
  let folder: string;
  let names: Readonly<Record<string, string>>;

  const run = async (script: string, variables: Readonly<Record<string, string>>) => {
    const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: folder,
      env: {
        PATH: `${PYTHON}:${process.env.PATH}`,
        HOME: folder,
        AWS_ENDPOINT_URL: wire.url,
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_PAGER: '',
        AWS_MAX_ATTEMPTS: '1',
        ...variables,
      },
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  };

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
    const account = accountAt(`http://127.0.0.1:${moto.port}`);
    const { arn, bucket } = await account.createTrail('main');
    const policy = JSON.stringify(awsPolicy(trailArn('main')));
    for (const file of ['policy.json', 'before.json', 'BACKUP']) writeFileSync(join(folder, file), policy);
    const bucketPolicy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 's3:GetBucketAcl',
          Resource: `arn:aws:s3:::${bucket}`,
        },
      ],
    };
    writeFileSync(join(folder, 'bucket.json'), JSON.stringify(bucketPolicy));
    for (const file of ['material.bin', 'token.bin']) writeFileSync(join(folder, file), 'x');
    for (const file of ['protect-log-keys.json', 'protect-trails.json'])
      writeFileSync(join(folder, file), readFileSync(join(root, 'deploy/guardrails', file)));
    symlinkSync(join(root, 'deploy'), join(folder, 'deploy'));
    mkdirSync(join(folder, '.aws-sam'));
    writeFileSync(join(folder, '.aws-sam/processed.json'), '{}');
    // The page's own first lines, but for the trail that they stand for.
    const script = first().replace(/^TRAIL=\S+/m, `TRAIL=${arn}`);
    const shown = ['REGION', 'KEY', 'KEY_REGION', 'BUCKET'].map((name) => `echo ${name}=$${name}`).join('\n');
    const { code, stdout, stderr } = await run(`${script}\n${shown}`, {});
    assert.equal(code, 0, stderr);
    names = {
      TRAIL: arn,
      BUCKET_REGION: 'us-east-1',
      principal: 'config.amazonaws.com',
      ...Object.fromEntries(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      ),
    };
    assert.equal(names.BUCKET, bucket);
    // What the commands are about has to be there.
    const made = await run(`aws s3api put-bucket-policy --bucket ${bucket} --policy file://bucket.json`, names);
    assert.equal(made.code, 0, made.stderr);
  });
  after(() => {
    wire.close();
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const filled = (command: string): string =>
    command
      .replaceAll(/\b(?:APPROVED_KEY_ARN|NEW_KEY_ARN|KEY_ARN)\b/g, names.KEY ?? '')
      .replaceAll(/(?<!\$)\bBUCKET_REGION\b/g, 'eu-west-1')
      .replaceAll(/(?<![$/])\bREGION\b(?!\/)/g, 'us-east-1')
      .replaceAll('EXECUTION_ID', '1234abcd-12ab-34cd-56ef-1234567890ab')
      .replaceAll('GRANT_ID', 'a'.repeat(64))
      .replaceAll('STORE_ID', 'cks-1234567890abcdef0')
      .replaceAll('POLICY_ID', 'p-12345678')
      .replaceAll(/\bACCOUNT_ID\b/g, '123456789012')
      .replaceAll('s3://BUCKET', 's3://logs')
      .replaceAll('s3://RUNS_BUCKET', 's3://logs')
      .replaceAll('EXECUTION_NAME', 'run')
      .replaceAll('FUNCTION_ARN', 'arn:aws:lambda:us-east-1:123456789012:function:cloudtrail-kms-rule')
      .replaceAll('STATE_MACHINE_ARN', 'arn:aws:states:us-east-1:123456789012:stateMachine:cloudtrail-kms-central')
      .replaceAll('--name TRAIL ', '--name $TRAIL ')
      // The output of a stack that is not there.
      .replaceAll(/"\$\(aws cloudformation describe-stacks [^)]+\)"/g, 'cloudtrail-kms-central')
      // Of version 2 alone.
      .replaceAll(' --cli-binary-format raw-in-base64-out', '')
      .replaceAll('ROLE_ARN', 'arn:aws:iam::123456789012:role/function');

  /** Each once, with the first page that shows it. */
  const all = [
    ...new Map(PAGES.flatMap((page) => commandsOf(page).map((command) => [command, page] as const)).reverse()),
  ].reverse();

  it('there are many', () => assert.ok(all.length > 30, String(all.length)));

  for (const [command, page] of all)
    it(`${page}: ${command}`, async () => {
      wire.reset();
      const name = nameOf(command);
      const [, keyId = ''] = (names.KEY ?? '').split('/');
      const variables = BY_KEY_ID.has(name) ? { ...names, KEY: keyId } : names;
      const { code, stderr } = await run(`${BEFORE[name] ?? ':'}\n${filled(command)}`, variables);
      assert.doesNotMatch(stderr, /usage:|Unknown options|Parameter validation failed|Invalid choice|Error parsing/i);
      assert.ok(wire.requests.length > 0, `nothing was sent: ${stderr}`);
      if (!ONLY_SENT.has(name)) assert.equal(code, 0, stderr);
    });

  it('every command that is only sent is one of the pages', () => {
    const named = new Set(all.map(([command]) => nameOf(command)));
    assert.deepEqual(
      [...ONLY_SENT].filter((name) => !named.has(name)),
      [],
    );
  });
});
