import {
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
  type ResourceType,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import type { KeyReference } from '../../facts/keyReference.ts';
import type { Member } from '../../facts/members.ts';
import type { RecordedItem } from '../../facts/recordedKeys.ts';
import type { Access, Home } from '../access.ts';
import { type Call, callOf } from '../errors.ts';
import { required } from '../required.ts';
import { type Answer, collectPages } from '../session.ts';

/** A Config aggregator in the account and Region of whoever asks. */
export interface Aggregator {
  readonly name: string;
  readonly home: Home;
  /** What is thrown where there is no aggregator of that name: where the name came from, its giver knows. */
  readonly missing: (problem: string) => Error;
}

/** Rows in one page (AWS Config API Reference, SelectAggregateResourceConfig). */
const ROWS_PER_PAGE = 100;

/**
 * The rows of an advanced query, to the last page.
 *
 * @throws InfrastructureError when it cannot be asked, also where that is denied; what `missing` makes
 */
export async function queryRows<T>(
  { session, clients }: Access,
  aggregator: Aggregator,
  Expression: string,
  rowOf: (text: string, call: Call) => T,
): Promise<readonly T[]> {
  const call = callOf('Config', 'SelectAggregateResourceConfig', aggregator.name, aggregator.home.region);
  return collectPages(call, async (NextToken) => {
    const command = new SelectAggregateResourceConfigCommand({
      ConfigurationAggregatorName: aggregator.name,
      Expression,
      Limit: ROWS_PER_PAGE,
      ...(NextToken && { NextToken }),
    });
    const answer = await session.ask(call, (options) =>
      clients.get(ConfigServiceClient, aggregator.home.region).send(command, options),
    );
    const page = session.outputOrThrow(call, checked(answer, aggregator));
    return { items: required(call, page, 'Results').map((row) => rowOf(row, call)), next: page.NextToken };
  });
}

/** Where an item was recorded, and of what. */
interface ItemIdentity {
  readonly accountId: string;
  readonly region: string;
  readonly resourceId: string;
}

/** Items of one type, a hundred of them at most; what the aggregator does not hand out is left out. */
export async function recordedItems(
  access: Access,
  aggregator: Aggregator,
  resourceType: string,
  items: readonly ItemIdentity[],
) {
  const call = callOf('Config', 'BatchGetAggregateResourceConfig', aggregator.name, aggregator.home.region);
  const answer = await batch(access, aggregator, call, resourceType, items);
  return required(call, access.session.outputOrThrow(call, answer), 'BaseConfigurationItems');
}

/**
 * The item that a key was recorded as: key facts without any role in the key's account.
 *
 * @throws what `missing` makes; InfrastructureError
 */
export async function keyItem(
  access: Access,
  aggregator: Aggregator,
  key: KeyReference,
): Promise<Member<RecordedItem>> {
  const call = callOf('Config', 'BatchGetAggregateResourceConfig', key.arn, aggregator.home.region);
  const { accountId, region } = key;
  const resourceId = key.arn.split('/').at(-1) ?? '';
  const answer = await batch(access, aggregator, call, 'AWS::KMS::Key', [{ accountId, region, resourceId }]);
  if (!answer.ok) return access.session.errorMember(call, answer.refusal);
  const [item] = required(call, answer.output, 'BaseConfigurationItems');
  const none = `the aggregator \`${aggregator.name}\` holds no item of ${key.arn}`;
  return item ?? access.session.notRead(call, 'NotRecorded', none);
}

async function batch(
  { session, clients }: Access,
  aggregator: Aggregator,
  call: Call,
  resourceType: string,
  items: readonly ItemIdentity[],
) {
  const command = new BatchGetAggregateResourceConfigCommand({
    ConfigurationAggregatorName: aggregator.name,
    ResourceIdentifiers: items.map(({ accountId, region, resourceId }) => ({
      SourceAccountId: accountId,
      SourceRegion: region,
      ResourceId: resourceId,
      ResourceType: resourceType as ResourceType,
    })),
  });
  const answer = await session.ask(call, (options) =>
    clients.get(ConfigServiceClient, aggregator.home.region).send(command, options),
  );
  return checked(answer, aggregator);
}

function checked<T>(answer: Answer<T>, { name, home, missing }: Aggregator): Answer<T> {
  if (answer.ok || answer.refusal.code !== 'NoSuchConfigurationAggregatorException') return answer;
  throw missing(`is \`${name}\`, which is no aggregator of account ${home.accountId} in ${home.region}`);
}
