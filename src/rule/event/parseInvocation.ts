import * as v from 'valibot';
import { keyIdentity } from '../../trail/arn.ts';
import { InvalidInvocationError } from '../errors.ts';
import { quote, quoteAll } from '../quote.ts';
import { type ItemDefaults, readConfigurationItem, readConfigurationItemSummary } from './configurationItem.ts';
import type { ConfigurationItemSummary, Invocation } from './invocation.ts';
import type { ChangedKey } from './keyChange.ts';
import { RESOURCE_KINDS } from './resourceKind.ts';
import {
  accountId,
  flag,
  type InputError,
  optionalText,
  optionalTimestamp,
  parseJson,
  parseWith,
  parseWrittenJson,
  text,
} from './schema.ts';

/** The resource whose change may change the verdict on trails. */
const KEY_RESOURCE_TYPE = 'AWS::KMS::Key';

/** The members that PutEvaluations needs are required; of the others AWS promises little. */
const eventSchema = v.object(
  {
    invokingEvent: text,
    resultToken: v.unknown(),
    ruleParameters: optionalText,
    eventLeftScope: flag,
    accountId: v.nullish(accountId, null),
    configRuleArn: optionalText,
    configRuleName: optionalText,
    evaluationMode: optionalText,
  },
  'a JSON object',
);

const messageSchema = v.object(
  {
    messageType: text,
    awsAccountId: v.nullish(accountId, null),
    notificationCreationTime: optionalTimestamp,
    configurationItem: v.optional(v.unknown()),
    configurationItemSummary: v.optional(v.unknown()),
  },
  'a JSON object',
);

const MESSAGE_TYPES = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
  'ScheduledNotification',
] as const;

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * Reads the event that AWS Config sends to a custom rule's function (AWS Config Developer Guide, "Example Events for
 * AWS Config Rules"). This is the only place that parses the JSON strings inside it.
 *
 * @throws InvalidInvocationError, one sentence that names the member
 */
export function parseInvocation(event: unknown): Invocation {
  // Text or a list may hold the result token, so it is not quoted.
  if (typeof event === 'string' || Array.isArray(event))
    throw invalid('event', `is ${typeof event === 'string' ? 'text' : 'a list'}, accepted is a JSON object`);
  const outer = parseWith(eventSchema, event, 'event', unrooted);
  const resultToken = resultTokenOf(outer.resultToken);
  if (outer.evaluationMode !== null && outer.evaluationMode !== 'DETECTIVE')
    throw invalid('evaluationMode', `is ${quote(outer.evaluationMode)}, accepted is \`DETECTIVE\``);
  const message = parseWith(
    messageSchema,
    parseJson(outer.invokingEvent, 'invokingEvent', invalid),
    'invokingEvent',
    invalid,
  );
  const parameters = outer.ruleParameters;
  const base = {
    configRuleName: outer.configRuleName,
    resultToken,
    ruleParameters: parameters === null ? {} : parseWrittenJson(parameters, 'ruleParameters', invalid),
  };
  const defaults: ItemDefaults = {
    accountId: outer.accountId,
    region: regionOf(outer.configRuleArn),
    captureTime: message.notificationCreationTime,
  };
  const eventLeftScope = outer.eventLeftScope ?? false;
  switch (messageType(message.messageType)) {
    case 'ConfigurationItemChangeNotification': {
      const member = 'invokingEvent.configurationItem';
      const changed = readConfigurationItemSummary(message.configurationItem, member, defaults);
      if (changed.resourceType === KEY_RESOURCE_TYPE) return { ...base, ...ofKey(changed, defaults) };
      const item = readConfigurationItem(message.configurationItem, member, defaults);
      return {
        ...base,
        ...place(defaults, item),
        kind: 'change',
        item: evaluable(item, 'configurationItem'),
        eventLeftScope,
      };
    }
    case 'OversizedConfigurationItemChangeNotification': {
      const member = 'invokingEvent.configurationItemSummary';
      const summary = readConfigurationItemSummary(message.configurationItemSummary, member, defaults);
      if (summary.resourceType === KEY_RESOURCE_TYPE) return { ...base, ...ofKey(summary, defaults) };
      const trail = evaluable(summary, 'configurationItemSummary');
      return { ...base, ...place(defaults, summary), kind: 'oversized', summary: trail, eventLeftScope };
    }
    case 'ScheduledNotification': {
      const account = defaults.accountId ?? message.awsAccountId;
      if (account === null) throw invalid('accountId', 'is missing');
      if (defaults.region === null)
        throw invalid(
          'configRuleArn',
          outer.configRuleArn === null
            ? 'is missing'
            : `is ${quote(outer.configRuleArn)}, accepted is the ARN of a rule`,
        );
      const { notificationCreationTime } = message;
      return { ...base, accountId: account, region: defaults.region, kind: 'scheduled', notificationCreationTime };
    }
  }
}

/** Its holder can report on the rule, so nothing of it is ever said: errors are logged. */
function resultTokenOf(token: unknown): string {
  if (token === undefined || token === null) throw invalid('resultToken', 'is missing');
  if (typeof token === 'string' && token !== '') return token;
  throw invalid('resultToken', `is ${token === '' ? '``' : 'no text'}, accepted is a non-empty string`);
}

/** Members of the event itself are named without a prefix. */
const unrooted: InputError = (member, problem) => invalid(member.replace(/^event\./, ''), problem);

function messageType(value: string): (typeof MESSAGE_TYPES)[number] {
  const known = MESSAGE_TYPES.find((type) => type === value);
  if (known !== undefined) return known;
  const why =
    value === 'ConfigurationSnapshotDeliveryCompleted'
      ? ', which names no resource: remove this trigger from the rule'
      : '';
  throw invalid('invokingEvent.messageType', `is ${quote(value)}${why}, accepted are ${quoteAll(MESSAGE_TYPES)}`);
}

/** Only the Region segment: names and ARNs of rules change shape with the way of deployment. */
function regionOf(configRuleArn: string | null): string | null {
  return /^arn:[^:]+:config:([a-z0-9-]+):/.exec(configRuleArn ?? '')?.[1] ?? null;
}

function place(rule: ItemDefaults, item: ConfigurationItemSummary): { accountId: string; region: string } {
  return { accountId: rule.accountId ?? item.accountId, region: rule.region ?? item.region };
}

/** A key's resource id is its id; the ARN says the same and more. */
function ofKey(changed: ConfigurationItemSummary, rule: ItemDefaults) {
  const { accountId, region, resourceId, arn, captureTime } = changed;
  const identity = keyIdentity(arn ?? '') ?? keyIdentity(resourceId);
  const key: ChangedKey =
    identity === null
      ? { accountId, region, keyId: resourceId }
      : { accountId: identity.accountId, region: identity.region, keyId: identity.keyId };
  return { ...place(rule, changed), kind: 'keyChange', key, captureTime } as const;
}

const EVALUATED: readonly string[] = RESOURCE_KINDS.map(({ resourceType }) => resourceType);

function evaluable<T extends ConfigurationItemSummary>(item: T, member: string): T {
  if (EVALUATED.includes(item.resourceType)) return item;
  const problem = `is ${quote(item.resourceType)}, accepted are ${quoteAll([...EVALUATED, KEY_RESOURCE_TYPE])}`;
  throw invalid(`invokingEvent.${member}.resourceType`, problem);
}
