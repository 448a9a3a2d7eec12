/** The part of an AWS Config item that the rule uses; the API's and the event's spellings are brought to this one. */
export interface ConfigurationItem {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly accountId: string;
  readonly region: string;
  readonly status: string;
  readonly captureTime: Date;
  /** Parsed; `null` when the item carries none. */
  readonly configuration: Readonly<Record<string, unknown>> | null;
}

/** What an oversized notification holds in place of the item. */
export type ConfigurationItemSummary = Omit<ConfigurationItem, 'configuration'>;
