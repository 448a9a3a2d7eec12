import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { awsPolicy, trailArn } from '../../test/e2e/support/account.ts';
import type { Measurement } from './budget.ts';

const TRAILS = 20_000;
/** When everything is loaded and warm, and more keys were told than are remembered. */
const EARLY = 12_000;
const TRAILS_A_KEY = 20;
const account = '123456789012';

/** How much memory `evaluate` takes more for many lines of a snapshot than for some: it is a stream. */
export async function linesMemory(cli: string, scratch: string): Promise<Measurement> {
  const file = join(scratch, 'snapshot.jsonl');
  writeFileSync(file, Array.from({ length: TRAILS }, (_, at) => `${JSON.stringify(line(at))}\n`).join(''));
  // Answers each message with the memory that a collection leaves; the channel keeps nobody alive.
  const probe =
    "process.on('message', () => { gc(); process.send(process.memoryUsage().heapUsed); }); process.channel.unref();";
  const child = fork(cli, ['evaluate', '--snapshot', file, '--format', 'json'], {
    execArgv: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(probe)}`],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const { stdout } = child;
  if (stdout === null) throw new Error('no pipe');
  const held = async (): Promise<number> => {
    child.send('held');
    return Number((await once(child, 'message'))[0]);
  };
  let compliant = 0;
  let early = 0;
  let late = 0;
  for await (const text of createInterface({ input: stdout })) {
    if (!text.includes('"complianceType":"COMPLIANT"')) continue;
    compliant += 1;
    if (compliant === EARLY) early = await held();
    // The last ones may be in the pipe when the process has ended.
    if (compliant === TRAILS - 1_000) late = await held();
  }
  const [code] = await exited;
  if (compliant !== TRAILS || code !== 0)
    throw new Error(`evaluate found ${compliant} of ${TRAILS} trails COMPLIANT and ended with ${code}`);
  return {
    what: `evaluate: memory of ${TRAILS.toLocaleString('en-US')} lines above that of ${EARLY.toLocaleString('en-US')}`,
    measured: Math.max(0, late - early) / 2 ** 20,
    // Less than the lines between alone.
    limit: 4,
    bound: 'at most',
    unit: ' MB',
    note: `${(late / 2 ** 20).toFixed(0)} MB held at the end`,
  };
}

/** A trail with its bucket, and with its key where the line before had another one. */
function line(at: number) {
  const first = at - (at % TRAILS_A_KEY);
  const KeyId = `${String(first).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const Arn = `arn:aws:kms:us-east-1:${account}:key/${KeyId}`;
  const own = Array.from({ length: TRAILS_A_KEY }, (_, n) => trailArn(`trail-${first + n}`, 'us-east-1', account));
  const key = {
    KeyMetadata: {
      ...{ Arn, KeyId, AWSAccountId: account, KeyState: 'Enabled', KeyManager: 'CUSTOMER' },
      ...{ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS' },
    },
    Policy: awsPolicy(own, account),
    KeyRotationEnabled: true,
    Aliases: [],
    Grants: [],
  };
  const Trail = {
    Name: `trail-${at}`,
    TrailARN: trailArn(`trail-${at}`, 'us-east-1', account),
    HomeRegion: 'us-east-1',
    S3BucketName: `logs-${at}`,
    KmsKeyId: Arn,
    IsMultiRegionTrail: true,
    IsOrganizationTrail: false,
    LogFileValidationEnabled: true,
  };
  return {
    ...(at === 0 && { version: 1, collectedAt: '2026-11-20T10:30:00Z' }),
    trails: [{ Trail, Status: { IsLogging: true, LatestDeliveryTime: '2026-11-20T10:00:00Z' } }],
    ...(at === first && { keys: [key] }),
    buckets: [{ Name: `logs-${at}`, Region: 'us-east-1', BucketKeyEnabled: false, SSEAlgorithm: 'AES256' }],
  };
}
