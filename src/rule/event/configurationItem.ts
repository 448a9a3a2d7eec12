import * as v from 'valibot';
import { InvalidInvocationError } from '../errors.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from './invocation.ts';
import { accountId, type InputError, optionalText, optionalTimestamp, parseJson, parseWith, text } from './schema.ts';

const summarySchema = v.object(
  {
    resourceType: text,
    resourceId: text,
    configurationItemStatus: text,
    awsAccountId: v.nullish(accountId, null),
    accountId: v.nullish(accountId, null),
    awsRegion: optionalText,
    ARN: optionalText,
    arn: optionalText,
    configurationItemCaptureTime: optionalTimestamp,
    configurationStateId: v.nullish(v.union([v.string(), v.number()], 'a string or a number'), null),
  },
  'a JSON object',
);

/** What stands in for members that an item leaves out. */
export interface ItemDefaults {
  readonly accountId: string | null;
  readonly region: string | null;
  readonly captureTime: Date | null;
}

const NO_DEFAULTS: ItemDefaults = { accountId: null, region: null, captureTime: null };

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * Reads a configuration item as the change event carries it or as GetResourceConfigHistory returns it. They differ:
 * awsAccountId and accountId, ARN and arn, a configuration that is an object or JSON text, a configurationStateId that
 * is a number or text, times that are text or Dates.
 *
 * @throws InvalidInvocationError naming the member
 */
export function readConfigurationItem(item: unknown, member: string, defaults = NO_DEFAULTS): ConfigurationItem {
  const summary = readConfigurationItemSummary(item, member, defaults);
  const { configuration } = item as { readonly configuration?: unknown };
  return { ...summary, configuration: readConfiguration(configuration, `${member}.configuration`) };
}

/**
 * Reads what an oversized notification holds in place of the item.
 *
 * @throws InvalidInvocationError naming the member
 */
export function readConfigurationItemSummary(
  summary: unknown,
  member: string,
  defaults = NO_DEFAULTS,
): ConfigurationItemSummary {
  const read = parseWith(summarySchema, summary, member, invalid);
  const required = <T>(value: T | null, name: string): T => {
    if (value === null) throw invalid(`${member}.${name}`, 'is missing');
    return value;
  };
  return {
    resourceType: read.resourceType,
    resourceId: read.resourceId,
    arn: read.ARN ?? read.arn,
    accountId: required(read.awsAccountId ?? read.accountId ?? defaults.accountId, 'awsAccountId'),
    region: required(read.awsRegion ?? defaults.region, 'awsRegion'),
    status: read.configurationItemStatus,
    captureTime: required(read.configurationItemCaptureTime ?? defaults.captureTime, 'configurationItemCaptureTime'),
    stateId: read.configurationStateId === null ? null : String(read.configurationStateId),
  };
}

function readConfiguration(value: unknown, member: string): Readonly<Record<string, unknown>> | null {
  const parsed = typeof value === 'string' && value !== '' ? parseJson(value, member, invalid) : value;
  if (parsed === undefined || parsed === null || parsed === '') return null;
  if (Array.isArray(parsed)) throw invalid(member, 'is a list, accepted is a JSON object');
  return parseWith(v.record(v.string(), v.unknown(), 'a JSON object'), parsed, member, invalid);
}
