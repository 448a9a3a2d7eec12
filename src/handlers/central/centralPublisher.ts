import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Home } from '../../aws/access.ts';
import type { AwsClients } from '../../aws/clients.ts';
import type { Publisher } from '../../rule/central/centralRun.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { verdictMetrics } from '../shared/metrics.ts';
import { logPublisher, organizationTrailMetrics, publishingTo } from '../shared/publishers.ts';
import type { Settings } from '../shared/settings.ts';

/** What an invocation publishes with. */
interface Publishing {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clients: AwsClients;
  readonly home: Home;
  readonly caller: string;
  readonly settings: Settings;
  readonly rawParameters: unknown;
  /** The same when an invocation is tried again. */
  readonly run: string;
  /** What the invocation took until now. */
  readonly work: () => object;
  readonly signal: AbortSignal;
}

/** Log, metrics and, where the deployment wants them, findings in Security Hub and results in a bucket. */
export async function centralPublisher(publishing: Publishing): Promise<Publisher> {
  const { logger, metrics, clients, home, caller, settings, signal } = publishing;
  const publishers: Publisher[] = [
    logPublisher(logger, publishing.work),
    organizationTrailMetrics(metrics),
    verdictMetrics(metrics),
  ];
  if (settings.importFindings) publishers.push(await findings(publishing));
  if (settings.resultsBucket !== null) {
    const { resultPublisher } = await import('../shared/results.ts');
    const { resultBucket } = await import('../../aws/write/resultBucket.ts');
    const results = resultBucket(clients, { home, bucket: settings.resultsBucket, caller, signal });
    publishers.push(resultPublisher(results, { run: publishing.run, evaluatedAt: new Date() }));
  }
  return publishingTo(...publishers);
}

async function findings(publishing: Publishing): Promise<Publisher> {
  const { logger, clients, home, caller, settings, signal } = publishing;
  const { findingPublisher, storeOf } = await import('../shared/securityHub.ts');
  const { trailPresence } = await import('../../aws/trailPresence.ts');
  const { securityHubExclude: excluded, memberRoleName, keyReaderRoleName } = parseParameters(publishing.rawParameters);
  const { externalId, expected } = settings;
  const reach = { home, memberRoleName, keyReaderRoleName, externalId, expected };
  return findingPublisher(
    storeOf(clients, home, caller, signal),
    { home, excluded, now: new Date() },
    {
      ask: trailPresence(clients, { caller, reach, signal }),
      warn: (message, data) => logger.warn(message, { ...data }),
    },
  );
}
