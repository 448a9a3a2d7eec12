import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsPolicy, trailArn } from '../../test/e2e/support/account.ts';
import type { Measurement } from './budget.ts';

const TRAILS = 10_000;
const KEYS = 1_000;
const account = '123456789012';

const RUNS = 3;

/** The command line over a large snapshot: time on a processor (the least) and peak resident memory (the most) of the whole process. */
export async function largeSnapshot(cli: string, scratch: string): Promise<readonly Measurement[]> {
  const file = join(scratch, 'snapshot.json');
  writeFileSync(file, JSON.stringify(snapshot()));
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let count = 0; count < RUNS; count++) {
    const { took, memory } = await evaluate(cli, file, scratch);
    seconds.push(took);
    megabytes.push(memory);
  }
  const what = `evaluate: ${TRAILS.toLocaleString('en-US')} trails, ${KEYS.toLocaleString('en-US')} keys`;
  return [
    {
      what: `${what}, processor time`,
      measured: Math.min(...seconds),
      limit: 2,
      bound: 'at most',
      unit: ' s',
      note: `${RUNS} runs: ${seconds.map((took) => took.toFixed(2)).join(', ')} s`,
    },
    { what: `${what}, peak memory`, measured: Math.max(...megabytes), limit: 300, bound: 'at most', unit: ' MB' },
  ];
}

async function evaluate(cli: string, file: string, scratch: string) {
  const output = join(scratch, 'report.json');
  const usage = join(scratch, 'usage.json');
  const tell = `process.on('exit', () => process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())))`;
  const hook = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`];
  const code = await run([...hook, cli, 'evaluate', '--snapshot', file, '--format', 'json', '--output', output]);
  const { summary } = JSON.parse(readFileSync(output, 'utf8')) as { summary: Readonly<Record<string, number>> };
  if (summary.COMPLIANT !== TRAILS || code !== 0) {
    throw new Error(`evaluate ended with ${code}; ${TRAILS} trails should be COMPLIANT: ${JSON.stringify(summary)}`);
  }
  const { userCPUTime, systemCPUTime, maxRSS }: NodeJS.ResourceUsage = JSON.parse(readFileSync(usage, 'utf8'));
  return { took: (userCPUTime + systemCPUTime) / 1_000_000, memory: (maxRSS * 1_024) / 1_000_000 };
}

function run(args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

function snapshot() {
  const keyArn = (key: number) =>
    `arn:aws:kms:us-east-1:${account}:key/${String(key).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const trails = Array.from({ length: TRAILS }, (_, index) => ({
    Trail: {
      Name: `trail-${index}`,
      TrailARN: trailArn(`trail-${index}`, 'us-east-1', account),
      HomeRegion: 'us-east-1',
      S3BucketName: `logs-${index % 100}`,
      KmsKeyId: keyArn(index % KEYS),
      IsMultiRegionTrail: true,
      IsOrganizationTrail: false,
      LogFileValidationEnabled: true,
    },
    Status: { IsLogging: true, LatestDeliveryTime: '2026-11-20T10:00:00Z' },
  }));
  const keys = Array.from({ length: KEYS }, (_, key) => ({
    KeyMetadata: {
      Arn: keyArn(key),
      KeyId: keyArn(key).split('/')[1],
      AWSAccountId: account,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Origin: 'AWS_KMS',
    },
    Policy: policyFor(key),
    KeyRotationEnabled: true,
    Aliases: [`alias/trail-${key}`],
    Grants: [],
  }));
  const buckets = Array.from({ length: 100 }, (_, index) => ({
    Name: `logs-${index}`,
    Region: 'us-east-1',
    BucketKeyEnabled: false,
    SSEAlgorithm: 'AES256',
  }));
  return { version: 1, trails, keys, buckets };
}

/** AWS's own policy for the ten trails of one key. */
function policyFor(key: number) {
  const own = Array.from({ length: TRAILS / KEYS }, (_, n) =>
    trailArn(`trail-${key + n * KEYS}`, 'us-east-1', account),
  );
  return awsPolicy(own, account);
}
