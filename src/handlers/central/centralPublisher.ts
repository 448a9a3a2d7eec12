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
  /** What the invocation took until now. */
  readonly work: () => object;
  readonly signal: AbortSignal;
}

/** Log, metrics and, where the deployment wants findings, Security Hub. */
export async function centralPublisher(publishing: Publishing): Promise<Publisher> {
  const { logger, metrics, clients, home, caller, settings, signal } = publishing;
  const always = [logPublisher(logger, publishing.work), organizationTrailMetrics(metrics), verdictMetrics(metrics)];
  if (!settings.importFindings) return publishingTo(...always);
  const { findingPublisher, storeOf } = await import('../shared/securityHub.ts');
  const { trailPresence } = await import('../../aws/trailPresence.ts');
  const { securityHubExclude: excluded, memberRoleName, keyReaderRoleName } = parseParameters(publishing.rawParameters);
  const { externalId, expected } = settings;
  const reach = { home, memberRoleName, keyReaderRoleName, externalId, expected };
  const findings = findingPublisher(
    storeOf(clients, home, caller, signal),
    { home, excluded, now: new Date() },
    {
      ask: trailPresence(clients, { caller, reach, signal }),
      warn: (message, data) => logger.warn(message, { ...data }),
    },
  );
  return publishingTo(...always, findings);
}
