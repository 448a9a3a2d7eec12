import type { Evaluation } from '../../../src/rule/evaluate/evaluation.ts';
import { configurationOf } from '../../../src/rule/event/describeTrail.ts';
import { runRule } from '../../../src/rule/runRule.ts';
import type { TrailDescription } from '../../../src/trail/facts.ts';
import { type Calls, simulatedAws, type Weather } from './aws.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { type Estate, REGIONS } from './estate.ts';

/** What AWS Config holds of the rules in every account and Region. */
export class ConfigStore {
  readonly #places = new Map<string, Map<string, Evaluation>>();

  /** AWS Config keeps the evaluation of the latest moment. */
  keep(place: string, evaluation: Evaluation): void {
    const results = this.#places.get(place) ?? new Map<string, Evaluation>();
    this.#places.set(place, results);
    const known = results.get(evaluation.ComplianceResourceId);
    if (known === undefined || evaluation.OrderingTimestamp >= known.OrderingTimestamp) {
      results.set(evaluation.ComplianceResourceId, evaluation);
    }
  }

  at(place: string): readonly Evaluation[] {
    return [...(this.#places.get(place)?.values() ?? [])];
  }

  get(place: string, resourceId: string): Evaluation | undefined {
    return this.#places.get(place)?.get(resourceId);
  }

  /** Each result with `account region resource-id`. */
  all(): readonly (readonly [string, Evaluation])[] {
    return [...this.#places].flatMap(([place, results]) =>
      [...results].map(([resourceId, evaluation]) => [`${place} ${resourceId}`, evaluation] as const),
    );
  }
}

/** One event of an organization rule, as one account and Region sends it. */
export interface RuleEvent {
  readonly accountId: string;
  readonly region: string;
  /** The trail or key that changed, or `schedule`. */
  readonly about: string;
  readonly event: unknown;
}

const eventAt = (accountId: string, region: string, about: string, invokingEvent: object): RuleEvent => ({
  accountId,
  region,
  about,
  event: {
    version: '1.0',
    resultToken: `${accountId} ${region}`,
    eventLeftScope: false,
    accountId,
    configRuleName: 'OrgConfigRule-trails-abcdefgh',
    configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/aws-service-rule/config-multiaccountsetup.amazonaws.com/config-rule-abcdef`,
    ruleParameters: JSON.stringify({ memberRoleName: 'member' }),
    invokingEvent: JSON.stringify(invokingEvent),
  },
});

const change = (accountId: string, region: string, item: { readonly ARN: string }, at: Date): RuleEvent =>
  eventAt(accountId, region, item.ARN, {
    messageType: 'ConfigurationItemChangeNotification',
    configurationItem: {
      configurationItemCaptureTime: at.toISOString(),
      configurationItemStatus: 'OK',
      awsAccountId: accountId,
      awsRegion: region,
      ...item,
    },
  });

const trailItem = (trail: TrailDescription) => ({
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: trail.name,
  ARN: trail.arn,
  configuration: configurationOf(trail),
});

/** A trail changed, as the account and Region that recorded it tell. */
export const trailChange = (trail: TrailDescription, accountId: string, region: string, at: Date): RuleEvent =>
  change(accountId, region, trailItem(trail), at);

export function keyChange(keyArn: string, at: Date): RuleEvent {
  const [, , , region = '', accountId = '', resource = ''] = keyArn.split(':');
  const resourceId = resource.replace('key/', '');
  const item = { resourceType: 'AWS::KMS::Key', resourceId, ARN: keyArn };
  return change(accountId, region, item, at);
}

export const schedule = (accountId: string, region: string, at: Date): RuleEvent =>
  eventAt(accountId, region, 'schedule', {
    messageType: 'ScheduledNotification',
    awsAccountId: accountId,
    notificationCreationTime: at.toISOString(),
  });

/** Every trail's change wherever it is recorded, and every schedule. */
export function everyEvent(estate: Estate, at: Date): readonly RuleEvent[] {
  const owned = [...estate.trails.values()].filter(({ trail }) => trail.isOrganization !== true);
  return [
    ...owned.flatMap(({ trail }) =>
      (trail.isMultiRegion ? REGIONS : [trail.homeRegion]).map((region) =>
        trailChange(trail, trail.accountId, region, at),
      ),
    ),
    ...estate.members.map((accountId) => trailChange(estate.organizationTrail, accountId, 'us-east-1', at)),
    ...estate.members.flatMap((accountId) => REGIONS.map((region) => schedule(accountId, region, at))),
  ];
}

/** One invocation of the rule's function; rejects where Lambda would try again. */
export async function invokeRule(
  estate: Estate,
  store: ConfigStore,
  trailsOf: ReadonlyMap<string, readonly TrailDescription[]>,
  { accountId, region, event }: RuleEvent,
  { clock, luck, weather }: { clock: Clock; luck: Chance; weather: Weather },
): Promise<Calls> {
  const aws = simulatedAws(estate, clock, luck, weather);
  const place = `${accountId} ${region}`;
  await runRule(
    event,
    () => ({
      ...aws.ports,
      listTrails: async () => {
        await aws.request(accountId, 'DescribeTrails');
        return trailsOf.get(place) ?? [];
      },
      configurationItem: () => Promise.reject(new Error('nothing is oversized')),
      reportedResources: async () => {
        await aws.request(accountId, 'GetComplianceDetailsByConfigRule');
        const known = store.at(place).filter(({ ComplianceType }) => ComplianceType !== 'NOT_APPLICABLE');
        return known.map(({ ComplianceResourceType: resourceType, ComplianceResourceId: resourceId }) => ({
          resourceType,
          resourceId,
        }));
      },
      putEvaluations: async (evaluations) => {
        await aws.request(accountId, 'PutEvaluations');
        const refused = evaluations.filter(() => luck.happens(weather.throttled));
        for (const evaluation of evaluations) {
          if (!refused.includes(evaluation)) store.keep(place, evaluation);
        }
        return refused;
      },
    }),
    { sleep: clock.sleep },
  );
  return aws;
}
