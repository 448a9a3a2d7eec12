import type { TrailDescription } from '../../trail/facts.ts';
import {
  configurationOf,
  describeConfiguredEventDataStore,
  describeConfiguredTrail,
  storeConfigurationOf,
} from './describeTrail.ts';

/** What is evaluated: how AWS Config names it, and how it is read from its item. */
export interface ResourceKind {
  readonly resourceType: string;
  readonly what: 'trail' | 'event data store';
  /** @throws InvalidInvocationError */
  readonly describe: (configuration: unknown, itemArn: string | null) => TrailDescription;
  /** What `describe` reads so. */
  readonly configurationOf: (resource: TrailDescription) => Readonly<Record<string, unknown>>;
  readonly resourceIdOf: (resource: TrailDescription) => string;
  /** The ARN that a resource id tells; `null`: it takes more. */
  readonly arnOf: (resourceId: string) => string | null;
  /** What AWS Config is told of one that was reported on and is not there any more. */
  readonly gone: string;
}

export const TRAIL: ResourceKind = {
  resourceType: 'AWS::CloudTrail::Trail',
  what: 'trail',
  describe: describeConfiguredTrail,
  configurationOf,
  resourceIdOf: ({ name }) => name,
  arnOf: () => null,
  gone: 'no trail of this name lives in this account and Region any more',
};

/** Evaluated where the rule's scope takes it in. Its resource id is the primary identifier of the CloudFormation type. */
export const EVENT_DATA_STORE: ResourceKind = {
  resourceType: 'AWS::CloudTrail::EventDataStore',
  what: 'event data store',
  describe: describeConfiguredEventDataStore,
  configurationOf: storeConfigurationOf,
  resourceIdOf: ({ arn }) => arn,
  arnOf: (resourceId) => resourceId,
  gone: 'the event data store does not live in this account and Region any more',
};

export const RESOURCE_KINDS: readonly ResourceKind[] = [TRAIL, EVENT_DATA_STORE];

export const kindOf = ({ eventDataStore }: Pick<TrailDescription, 'eventDataStore'>): ResourceKind =>
  eventDataStore === undefined ? TRAIL : EVENT_DATA_STORE;

export const kindNamed = (resourceType: string): ResourceKind | undefined =>
  RESOURCE_KINDS.find((kind) => kind.resourceType === resourceType);
