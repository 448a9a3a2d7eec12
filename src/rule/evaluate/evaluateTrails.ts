import { evaluateTrail } from '../../trail/evaluateTrail.ts';
import {
  type BucketFacts,
  type KeyFacts,
  type KnownChanges,
  type Reading,
  type TrailDescription,
  unread,
} from '../../trail/facts.ts';
import { keyLooksAtPath } from '../../trail/logPaths.ts';
import { mapConcurrently, once, READINGS_OF_A_KEY, takingTurns } from '../concurrency.ts';
import { type Exceptions, NO_EXCEPTIONS } from '../exceptions/exceptions.ts';
import { checkOptions, type RuleParameters } from '../parameters.ts';
import type { RulePorts } from '../ports.ts';
import type { TrailVerdict } from './evaluation.ts';
import { organizationMatters } from './organizationMatters.ts';
import { verdictOf } from './verdict.ts';

/** Trails that are read at the same time; each takes a handful of calls. */
export const CONCURRENT_TRAILS = 8;

/** What reading trails and their keys needs of the ports. */
export type TrailPorts = Pick<
  RulePorts,
  'trailStatus' | 'trailEvents' | 'trailOutputs' | 'bucket' | 'key' | 'organizationId' | 'now' | 'deadline'
>;

/**
 * Evaluates trails, in their order. Each distinct key and bucket, and the organization of each account where it
 * matters, is read once.
 *
 * Every trail given is evaluated: the caller leaves out shadow trails and replicas.
 */
export async function evaluateTrails(
  trails: readonly TrailDescription[],
  ports: TrailPorts,
  parameters: RuleParameters,
  exceptions: Exceptions = NO_EXCEPTIONS,
  changes = NO_KNOWN_CHANGES,
): Promise<readonly TrailVerdict[]> {
  const evaluate = trailEvaluator(ports, parameters, exceptions);
  return mapConcurrently(trails, CONCURRENT_TRAILS, (trail) => evaluate(trail, changes));
}

/** Nobody knows when the trail or its key last changed. */
export const NO_KNOWN_CHANGES: KnownChanges = { trail: null, key: null };

/**
 * Evaluates one trail after the other, or several at once; what they share is read once. Between two evaluations the event
 * loop has its turn, so that the deadline can pass; after it no trail is evaluated any more.
 */
export function trailEvaluator(
  ports: TrailPorts,
  parameters: RuleParameters,
  exceptions: Exceptions,
): (trail: TrailDescription, changes: KnownChanges) => Promise<TrailVerdict> {
  const asOf = ports.now();
  const options = checkOptions(parameters);
  const facts = factsReader(ports);
  const inTurn = takingTurns();
  return async (description, changes) => {
    ports.deadline?.throwIfAborted();
    const [status, bucket, { key, organizationId }, outputs] = await Promise.all([
      isStore(description) ? NOT_A_TRAIL : ports.trailStatus(description),
      facts.bucket(description),
      facts.keyAndOrganization(description),
      isStore(description) ? undefined : ports.trailOutputs?.(description),
    ]);
    const looksAtPath = key !== null && !isStore(description) && keyLooksAtPath(key);
    const events = looksAtPath ? await ports.trailEvents(description) : {};
    const trail = { ...description, ...events, ...outputs, status, bucket, organizationId, asOf, changes };
    return inTurn(() => {
      ports.deadline?.throwIfAborted();
      return verdictOf(trail, key, evaluateTrail(trail, key, options), parameters, exceptions);
    });
  };
}

const isStore = ({ eventDataStore }: TrailDescription): boolean => eventDataStore !== undefined;
const NOT_A_TRAIL = unread('not-asked', 'an event data store has no status of a trail');

interface FactsReader {
  bucket(trail: TrailDescription): Promise<Reading<BucketFacts>>;
  keyAndOrganization(
    trail: TrailDescription,
  ): Promise<{ readonly key: KeyFacts | null; readonly organizationId: Reading<string | null> }>;
}

function factsReader(ports: TrailPorts): FactsReader {
  const buckets = once<Reading<BucketFacts>>();
  const organizations = once<Reading<string | null>>();
  const keys = once<KeyFacts>(READINGS_OF_A_KEY);
  const readKey = async (trail: TrailDescription): Promise<KeyFacts | null> => {
    const { kmsKeyId } = trail;
    if (kmsKeyId === null) return null;
    const key = await keys(keyIdentity(trail, kmsKeyId), () => ports.key(kmsKeyId, trail));
    return key.reference === kmsKeyId ? key : { ...key, reference: kmsKeyId };
  };
  return {
    async bucket(trail) {
      if (trail.bucketName === null) return unread('not-told', "the name of the trail's bucket is not known");
      return buckets(`${trail.partition}/${trail.bucketName}`, () => ports.bucket(trail));
    },
    async keyAndOrganization(trail) {
      const key = await readKey(trail);
      const { accountId } = trail;
      const organizationId = organizationMatters(trail, key)
        ? await organizations(accountId, () => ports.organizationId(accountId))
        : NOTHING_DEPENDS_ON_IT;
      return { key, organizationId };
    },
  };
}

const NOTHING_DEPENDS_ON_IT = unread('not-asked', 'not read, since nothing depends on the organization');

/** The same for every way to name one key: a bare key id or alias belongs to the trail's account and home Region. */
function keyIdentity({ partition, homeRegion, accountId }: TrailDescription, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  const resource = reference.startsWith('alias/') ? reference : `key/${reference}`;
  return `arn:${partition}:kms:${homeRegion}:${accountId}:${resource}`;
}
