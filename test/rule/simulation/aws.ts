import type { TrailPorts } from '../../../src/rule/evaluate/evaluateTrails.ts';
import { read } from '../../../src/trail/facts.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import type { Estate } from './estate.ts';

/** How AWS behaves. */
export interface Weather {
  /** The part of the requests that is throttled to the last attempt of the SDK. */
  readonly throttled: number;
  /** Answers nothing until then. */
  readonly failing: { readonly accountId: string; readonly until: Date };
}

/** What one invocation asked for. */
export interface Calls {
  /** Account and operation of each request. */
  readonly made: readonly { readonly accountId: string; readonly operation: string }[];
  /** How often each key was described, and its policy read: requests that were answered. */
  readonly described: ReadonlyMap<string, number>;
  readonly policies: ReadonlyMap<string, number>;
}

export interface SimulatedAws extends Calls {
  readonly ports: TrailPorts;
  /** One request to an account: takes its time, and may fail. */
  request(accountId: string, operation: string): Promise<void>;
}

/** AWS as one invocation meets it. */
export function simulatedAws(estate: Estate, clock: Clock, luck: Chance, weather: Weather): SimulatedAws {
  const made: { accountId: string; operation: string }[] = [];
  const described = new Map<string, number>();
  const policies = new Map<string, number>();
  const count = (counts: Map<string, number>, arn: string) => counts.set(arn, (counts.get(arn) ?? 0) + 1);

  const request = async (accountId: string, operation: string): Promise<void> => {
    made.push({ accountId, operation });
    await clock.sleep(20 + Math.floor(luck.next() * 8) * 20);
    const { failing } = weather;
    if (accountId === failing.accountId && clock.now() < failing.until) {
      await clock.sleep(16_000);
      throw new Error(`${operation} in ${accountId} failed: no answer`);
    }
    if (luck.happens(weather.throttled)) throw new Error(`${operation} in ${accountId} failed: ThrottlingException`);
  };

  return {
    made,
    described,
    policies,
    request,
    ports: {
      now: clock.now,
      async trailStatus({ arn, accountId }) {
        await request(accountId, 'GetTrailStatus');
        const known = estate.trails.get(arn);
        if (known === undefined) throw new Error(`a trail that nobody made: ${arn}`);
        // Delivery goes on while the simulation runs.
        const { latestDeliveryTime } = known.status;
        return read({ ...known.status, latestDeliveryTime: latestDeliveryTime === null ? null : clock.now() });
      },
      trailEvents: async () => ({ eventCategories: read([]), aggregates: read(false) }),
      async bucket({ accountId, bucketName }) {
        await request(accountId, 'GetBucketEncryption');
        const encryption = read({ algorithm: 'AES256', bucketKeyEnabled: false });
        return read({ region: read((bucketName ?? '').replace('logs-', '')), encryption });
      },
      async key(reference) {
        const accountId = reference.split(':')[4] ?? '';
        // The adapters keep what was answered for the whole invocation, and ask again for what was not.
        if (!described.has(reference)) {
          await request(accountId, 'DescribeKey');
          count(described, reference);
        }
        if (!policies.has(reference)) {
          await request(accountId, 'GetKeyPolicy');
          count(policies, reference);
        }
        const key = estate.keys.get(reference);
        if (key === undefined) throw new Error(`a key that nobody made: ${reference}`);
        return key;
      },
      async organizationId(accountId) {
        await request(accountId, 'DescribeOrganization');
        return read('o-simulation0');
      },
    },
  };
}
