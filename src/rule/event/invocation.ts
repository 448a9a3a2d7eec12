import type { ChangedKey } from './keyChange.ts';

/** The part of an AWS Config item that the rule uses; the API's and the event's spellings are brought to this one. */
export interface ConfigurationItem {
  readonly resourceType: string;
  readonly resourceId: string;
  /** The resource's ARN; `null` where the item carries none. */
  readonly arn: string | null;
  readonly accountId: string;
  readonly region: string;
  readonly status: string;
  readonly captureTime: Date;
  /** `configurationStateId`, by which items of one resource are ordered; a number in the event, text in the API. */
  readonly stateId: string | null;
  /** Parsed; `null` when the item carries none. */
  readonly configuration: Readonly<Record<string, unknown>> | null;
}

/** What an oversized notification holds in place of the item. */
export type ConfigurationItemSummary = Omit<ConfigurationItem, 'configuration'>;

/** One call of the rule by AWS Config, nested JSON parsed. */
export type Invocation = ChangeInvocation | OversizedInvocation | KeyChangeInvocation | ScheduledInvocation;

interface InvocationBase {
  /** The account that owns the rule; under an organization rule the member account. */
  readonly accountId: string;
  /** The rule's Region. */
  readonly region: string;
  /** `null` where the event leaves it out. */
  readonly configRuleName: string | null;
  readonly resultToken: string;
  /** As sent; `parseParameters` checks them. */
  readonly ruleParameters: unknown;
}

/** ConfigurationItemChangeNotification. */
export interface ChangeInvocation extends InvocationBase {
  readonly kind: 'change';
  readonly item: ConfigurationItem;
  readonly eventLeftScope: boolean;
}

/** OversizedConfigurationItemChangeNotification. */
export interface OversizedInvocation extends InvocationBase {
  readonly kind: 'oversized';
  readonly summary: ConfigurationItemSummary;
  readonly eventLeftScope: boolean;
}

/**
 * Either notification of a change, of a key: where the rule's scope takes in keys. The item's own content is of no
 * interest, since a key is read live.
 */
export interface KeyChangeInvocation extends InvocationBase {
  readonly kind: 'keyChange';
  readonly key: ChangedKey;
  readonly captureTime: Date;
}

/** ScheduledNotification. */
export interface ScheduledInvocation extends InvocationBase {
  readonly kind: 'scheduled';
  /** `null` where the event leaves it out. */
  readonly notificationCreationTime: Date | null;
}
