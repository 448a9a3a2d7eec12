import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateSnapshot } from '../../src/cli/evaluate/evaluateSnapshot.ts';
import { parseSnapshot } from '../../src/cli/snapshot/parse.ts';
import { NO_EXCEPTIONS } from '../../src/rule/exceptions/exceptions.ts';
import type { Measurement } from './budget.ts';
import { hostilePolicy } from './hostilePolicies.ts';

const CASES = join(import.meta.dirname, '../../test/cases/slow');
const NOW = new Date('2026-11-20T12:00:00Z');
/** On one core of a server. */
const SECONDS_A_TRAIL = 1;
const SECONDS_OF_HUNDRED = 1.5;
const SEEDS = 156;

/** CPU seconds for the snapshots that were once slow; each is decided. */
export async function slowSnapshots(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const file of readdirSync(CASES).filter((name) => name.endsWith('.json'))) {
    const { seconds, trails, undecided } = await evaluate(JSON.parse(readFileSync(join(CASES, file), 'utf8')));
    measurements.push({
      what: `evaluate: ${file}, CPU of ${trails} ${trails === 1 ? 'trail' : 'trails'}`,
      measured: seconds,
      limit: trails > 1 ? SECONDS_OF_HUNDRED : SECONDS_A_TRAIL,
      bound: 'at most',
      unit: ' s',
      note: undecided === 0 ? 'decided' : `${undecided} undecided`,
    });
  }
  return measurements;
}

/** The slowest of a seeded search through hostile policies of at most 32 KB. */
export async function slowestPolicy(from = 1, seeds = SEEDS): Promise<Measurement> {
  let slowest = { seconds: 0, name: '', seed: 0 };
  let open = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const { name, policy } = hostilePolicy(seed);
    const { seconds, undecided } = await evaluate(snapshotOf(policy));
    open += undecided;
    if (seconds > slowest.seconds) slowest = { seconds, name, seed };
  }
  return {
    what: `evaluate: the slowest of ${seeds} hostile policies, CPU`,
    measured: slowest.seconds,
    limit: SECONDS_A_TRAIL,
    bound: 'at most',
    unit: ' s',
    note: `seed ${slowest.seed}, ${slowest.name}; ${open} undecided`,
  };
}

async function evaluate(document: unknown) {
  const snapshot = parseSnapshot(JSON.stringify(document), 'snapshot');
  const start = process.cpuUsage();
  const { trails } = await evaluateSnapshot({ snapshot, parameters: {}, exceptions: NO_EXCEPTIONS, now: NOW });
  let count = 0;
  let undecided = 0;
  for await (const { annotation } of trails) {
    count += 1;
    if (annotation.startsWith('UNDECIDED')) undecided += 1;
  }
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1_000_000, trails: count, undecided };
}

function snapshotOf(policy: unknown) {
  const account = '111122223333';
  const arn = `arn:aws:kms:us-east-1:${account}:key/11111111-2222-3333-4444-555555555555`;
  return {
    version: 1,
    collectedAt: NOW.toISOString(),
    trails: [
      {
        Trail: {
          Name: 'main',
          TrailARN: `arn:aws:cloudtrail:us-east-1:${account}:trail/main`,
          HomeRegion: 'us-east-1',
          S3BucketName: 'logs',
          KmsKeyId: arn,
          IsMultiRegionTrail: true,
          IsOrganizationTrail: false,
        },
        Status: { IsLogging: true },
      },
    ],
    keys: [
      {
        KeyMetadata: {
          Arn: arn,
          KeyState: 'Enabled',
          KeyManager: 'CUSTOMER',
          KeySpec: 'SYMMETRIC_DEFAULT',
          KeyUsage: 'ENCRYPT_DECRYPT',
        },
        Policy: policy,
        Grants: [],
      },
    ],
    buckets: [{ Name: 'logs', Region: 'us-east-1', BucketKeyEnabled: true, SSEAlgorithm: 'aws:kms' }],
  };
}
