import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  type ResourceType,
  type ConfigurationItem as SdkItem,
} from '@aws-sdk/client-config-service';
import type { Evaluation } from '../rule/evaluate/evaluation.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from '../rule/event/invocation.ts';
import { kindNamed } from '../rule/event/resourceKind.ts';
import type { ReportedResource } from '../rule/ports.ts';
import type { Access } from './access.ts';
import { type Call, callOf, InfrastructureError } from './errors.ts';
import { required } from './required.ts';
import { isTrial, withoutResultToken } from './resultToken.ts';
import { collectPages } from './session.ts';

/** Results in one page (AWS Config API Reference, GetComplianceDetailsByConfigRule). */
const DETAILS_PER_PAGE = 100;
const NO_SUCH_RULE = 'NoSuchConfigRuleException';

/** AWS Config in one Region, for one invocation of the rule. */
interface ConfigRecords {
  configurationItem(summary: ConfigurationItemSummary): Promise<ConfigurationItem>;
  reportedResources(): Promise<readonly ReportedResource[]>;
  putEvaluations(evaluations: readonly Evaluation[]): Promise<readonly Evaluation[]>;
}

export function configRecords(
  { session, clients }: Access,
  rule: { readonly region: string; readonly configRuleName: string | null; readonly resultToken: string },
): ConfigRecords {
  // Each time, since a role's session may be replaced in between.
  const config = () => clients.get(ConfigServiceClient, rule.region);
  const testMode = isTrial(rule.resultToken);

  return {
    async configurationItem(summary) {
      const { resourceType, resourceId, captureTime } = summary;
      const call = callOf('Config', 'GetResourceConfigHistory', resourceId, rule.region);
      const [item] = await collectPages(call, async (nextToken) => {
        const page = await session.demand(call, (options) =>
          config().send(
            new GetResourceConfigHistoryCommand({
              resourceType: resourceType as ResourceType,
              resourceId,
              laterTime: captureTime,
              limit: 1,
              ...(nextToken && { nextToken }),
            }),
            options,
          ),
        );
        const items = required(call, page, 'configurationItems');
        // A call spans seven days: a page may be empty and yet lead to the next one.
        return { items, next: items.length > 0 ? undefined : page.nextToken };
      });
      const none = `AWS Config's history holds no item of the ${resourceType} up to ${captureTime.toISOString()}`;
      if (item === undefined) throw new InfrastructureError(call, none);
      if (isOlder(item, summary)) throw new InfrastructureError(call, notYet(item, summary));
      return historyItem(item, summary, call);
    },

    async reportedResources() {
      const { configRuleName } = rule;
      if (configRuleName === null) return [];
      const call = callOf('Config', 'GetComplianceDetailsByConfigRule', configRuleName, rule.region);
      const results = await collectPages(call, async (token) => {
        const answer = await session.ask(call, (options) =>
          config().send(
            new GetComplianceDetailsByConfigRuleCommand({
              ConfigRuleName: configRuleName,
              Limit: DETAILS_PER_PAGE,
              ...(token && { NextToken: token }),
            }),
            options,
          ),
        );
        // Whoever tries the rule out in test mode need not have one in AWS Config.
        if (testMode && !answer.ok && answer.refusal.code === NO_SUCH_RULE) return { items: [], next: undefined };
        const page = session.outputOrThrow(call, answer);
        return { items: required(call, page, 'EvaluationResults'), next: page.NextToken };
      });
      return results
        .filter((result) => result.ComplianceType !== 'NOT_APPLICABLE')
        .map((result) => result.EvaluationResultIdentifier?.EvaluationResultQualifier)
        .flatMap(({ ResourceType: resourceType, ResourceId: resourceId } = {}) =>
          resourceType && resourceId && kindNamed(resourceType) ? [{ resourceType, resourceId }] : [],
        );
    },

    async putEvaluations(evaluations) {
      const call = callOf('Config', 'PutEvaluations', rule.configRuleName ?? 'the rule', rule.region);
      const answer = await session.demand(call, (options) =>
        config()
          .send(
            new PutEvaluationsCommand({
              Evaluations: [...evaluations],
              ResultToken: rule.resultToken,
              ...(testMode && { TestMode: true }),
            }),
            options,
          )
          .catch((error: unknown) => {
            throw withoutResultToken(error, rule.resultToken);
          }),
      );
      // The one list that says what went wrong: where it is missing nothing did.
      const { FailedEvaluations = [] } = answer;
      if (FailedEvaluations.length === 0) return [];
      const failed = new Set(FailedEvaluations.map(identity));
      const refused = evaluations.filter((evaluation) => failed.has(identity(evaluation)));
      // A failure that names none of them may stand for any of them.
      return refused.length > 0 ? refused : evaluations;
    },
  };
}

const identity = (evaluation: {
  readonly ComplianceResourceType: string | undefined;
  readonly ComplianceResourceId: string | undefined;
}) => `${evaluation.ComplianceResourceType} ${evaluation.ComplianceResourceId}`;

/**
 * Whether the history lags behind the notification: what it holds was recorded before, as an earlier state. States are
 * numbers, too large for JavaScript's own (AWS Config API Reference, ConfigurationItem).
 */
function isOlder(
  { configurationStateId, configurationItemCaptureTime }: SdkItem,
  { stateId, captureTime }: ConfigurationItemSummary,
): boolean {
  if (configurationItemCaptureTime === undefined || configurationItemCaptureTime >= captureTime) return false;
  const [held, notified] = [configurationStateId ?? '', stateId ?? ''];
  return /^\d+$/.test(held) && /^\d+$/.test(notified) && BigInt(held) < BigInt(notified);
}

const notYet = ({ configurationStateId }: SdkItem, { stateId }: ConfigurationItemSummary): string =>
  `AWS Config's history does not hold the state ${stateId} yet, the latest is ${configurationStateId}`;

/** The history spells an item otherwise than the event: text in place of objects, other member names. */
function historyItem(item: SdkItem, summary: ConfigurationItemSummary, call: Call): ConfigurationItem {
  return {
    resourceType: item.resourceType ?? summary.resourceType,
    resourceId: item.resourceId ?? summary.resourceId,
    arn: item.arn || summary.arn,
    accountId: item.accountId ?? summary.accountId,
    region: item.awsRegion ?? summary.region,
    status: item.configurationItemStatus ?? summary.status,
    captureTime: item.configurationItemCaptureTime ?? summary.captureTime,
    stateId: item.configurationStateId ?? summary.stateId,
    configuration: parseConfiguration(item.configuration, call),
  };
}

/** @throws InfrastructureError where it is no JSON object */
export function parseConfiguration(text: string | undefined, call: Call): Record<string, unknown> | null {
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return null;
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new InfrastructureError(call, "the item's configuration is not JSON", error);
  }
  throw new InfrastructureError(call, "the item's configuration is not a JSON object");
}
