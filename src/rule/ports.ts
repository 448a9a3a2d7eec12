import type { TrailOutputs } from '../facts/outputs.ts';
import type { TrailEvents } from '../facts/trailEvents.ts';
import type { BucketFacts, KeyFacts, Reading, TrailDescription, TrailStatus } from '../trail/facts.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from './event/invocation.ts';
import type { ExceptionsDocument } from './exceptions/exceptions.ts';

/** A resource by the names that AWS Config has for it. */
export interface ReportedResource {
  readonly resourceType: string;
  readonly resourceId: string;
}

/**
 * Everything that the rule reads and writes outside itself, bound to the rule's account and Region.
 *
 * A read that AWS refuses (access denied) resolves to an unread `Reading` whose reason names the missing permission and
 * the principal. Infrastructure trouble (throttling, timeouts, server errors) rejects.
 */
export interface RulePorts {
  /** The trails of the rule's Region: shadow trails left out, without repetition. */
  listTrails(): Promise<readonly TrailDescription[]>;
  /** Event data stores that live there, each with its key; why they cannot be listed. Left out: they are not evaluated. */
  listEventDataStores?(): Promise<Reading<readonly TrailDescription[]>>;
  trailStatus(trail: TrailDescription): Promise<Reading<TrailStatus>>;
  /** Which events the trail delivers; called where a policy of its key looks at the path of the file that is encrypted. */
  trailEvents(trail: TrailDescription): Promise<TrailEvents>;
  bucket(trail: TrailDescription): Promise<Reading<BucketFacts>>;
  /** What else the trail delivers to, and its earlier keys. Left out where nobody reads them. */
  trailOutputs?(trail: TrailDescription): Promise<TrailOutputs>;
  /** The key that `trail.kmsKeyId` names; called for encrypted trails only, once for each distinct key. */
  key(reference: string, trail: TrailDescription): Promise<KeyFacts>;
  /** The organization of an account; `null` when it belongs to none. */
  organizationId(accountId: string): Promise<Reading<string | null>>;
  /** The item that an oversized notification stands for, from Config's history. */
  configurationItem(summary: ConfigurationItemSummary): Promise<ConfigurationItem>;
  /** What the rule has reported on and Config still shows, of every kind. Has time of its own, as what reports has. */
  reportedResources(): Promise<readonly ReportedResource[]>;
  /** Sends at most `EVALUATIONS_PER_CALL` evaluations; resolves to those that Config did not take. */
  putEvaluations(evaluations: readonly Evaluation[]): Promise<readonly Evaluation[]>;
  /** What `exceptionsParameter` leads to. Left out where there is no SSM to ask: offline. */
  exceptionDocuments?(parameter: string): Promise<readonly ExceptionsDocument[]>;
  now(): Date;
  /** Aborts when the time to read and evaluate trails is up: every read rejects then. Left out where nobody hurries: offline. */
  readonly deadline?: AbortSignal;
}
