import {
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import * as v from 'valibot';
import type { RecordedTrail } from '../rule/centralTrails.ts';
import { InvalidParameterError } from '../rule/errors.ts';
import type { Access, Home } from './access.ts';
import { type Call, InfrastructureError } from './errors.ts';
import { required } from './required.ts';
import { type Answer, collectPages } from './session.ts';

const TRAIL_TYPE = 'AWS::CloudTrail::Trail';
/** Rows in one page, and items in one batch (AWS Config API Reference). */
const ROWS_PER_PAGE = 100;
const ITEMS_PER_BATCH = 100;
/** What the service leaves unprocessed is asked for again, this many times in all. */
const ATTEMPTS_PER_BATCH = 3;

/** The members of the configuration that a trail is judged by; advanced queries know each of them. */
const MEMBERS = [
  'trailARN',
  'name',
  'homeRegion',
  'kmsKeyId',
  's3BucketName',
  's3KeyPrefix',
  'isMultiRegionTrail',
  'isOrganizationTrail',
  'logFileValidationEnabled',
  'hasInsightSelectors',
];

const QUERY = [
  'SELECT accountId, awsRegion, resourceId, arn, configurationItemCaptureTime,',
  MEMBERS.map((member) => `configuration.${member}`).join(', '),
  `WHERE resourceType = '${TRAIL_TYPE}'`,
].join(' ');

const rowSchema = v.object({
  accountId: v.string(),
  awsRegion: v.string(),
  resourceId: v.string(),
  arn: v.nullish(v.string(), null),
  configurationItemCaptureTime: v.nullish(v.union([v.string(), v.number()]), null),
  configuration: v.nullish(v.record(v.string(), v.unknown()), null),
});

/**
 * Reads the item of every trail from a Config aggregator in the function's own account and Region: one advanced query,
 * whatever the number of accounts. An item that comes without its configuration is read with
 * BatchGetAggregateResourceConfig.
 *
 * @throws InvalidParameterError when there is no such aggregator; InfrastructureError
 */
export async function readAggregatedTrails(
  access: Access,
  place: Home,
  aggregatorName: string,
): Promise<readonly RecordedTrail[]> {
  const { session, clients } = access;
  const call = configCall('SelectAggregateResourceConfig', aggregatorName, place);
  const rows = await collectPages(call, async (NextToken) => {
    const answer = await session.ask(call, (options) =>
      clients.get(ConfigServiceClient, place.region).send(
        new SelectAggregateResourceConfigCommand({
          ConfigurationAggregatorName: aggregatorName,
          Expression: QUERY,
          Limit: ROWS_PER_PAGE,
          ...(NextToken && { NextToken }),
        }),
        options,
      ),
    );
    const page = outputOf(access, call, answer, place, aggregatorName);
    return { items: required(call, page, 'Results').map((row) => recordedTrail(row, call)), next: page.NextToken };
  });
  const bare = rows.filter(({ configuration }) => !configuration?.trailARN);
  const items = await readItems(access, place, aggregatorName, bare);
  return rows.map((row) => items.get(row) ?? row);
}

function recordedTrail(row: string, call: Call): RecordedTrail {
  const parsed = v.safeParse(rowSchema, parseJson(row));
  if (!parsed.success) {
    throw new InfrastructureError(call, `the answer holds a row that is no item of a trail: ${row.slice(0, 200)}`);
  }
  const { accountId, awsRegion: region, resourceId, arn, configurationItemCaptureTime, configuration } = parsed.output;
  const capturedAt = dateOf(configurationItemCaptureTime);
  return { accountId, region, arn, resourceId, capturedAt, configuration };
}

/** The items by the row that stands for them; what the aggregator does not hand out is left out. */
async function readItems(
  access: Access,
  place: Home,
  aggregatorName: string,
  rows: readonly RecordedTrail[],
): Promise<ReadonlyMap<RecordedTrail, RecordedTrail>> {
  const found = new Map<RecordedTrail, RecordedTrail>();
  for (let start = 0; start < rows.length; start += ITEMS_PER_BATCH) {
    let pending = rows.slice(start, start + ITEMS_PER_BATCH);
    for (let attempt = 0; attempt < ATTEMPTS_PER_BATCH && pending.length > 0; attempt += 1) {
      const items = await readBatch(access, place, aggregatorName, pending);
      for (const row of pending) {
        const item = items.get(nameOf(row.accountId, row.region, row.resourceId));
        if (item !== undefined) found.set(row, { ...row, ...item });
      }
      pending = pending.filter((row) => !found.has(row));
    }
  }
  return found;
}

type ItemFacts = Pick<RecordedTrail, 'capturedAt' | 'configuration'>;

async function readBatch(
  access: Access,
  place: Home,
  aggregatorName: string,
  rows: readonly RecordedTrail[],
): Promise<ReadonlyMap<string, ItemFacts>> {
  const { session, clients } = access;
  const call = configCall('BatchGetAggregateResourceConfig', aggregatorName, place);
  const answer = await session.ask(call, (options) =>
    clients.get(ConfigServiceClient, place.region).send(
      new BatchGetAggregateResourceConfigCommand({
        ConfigurationAggregatorName: aggregatorName,
        ResourceIdentifiers: rows.map(({ accountId, region, resourceId }) => ({
          SourceAccountId: accountId,
          SourceRegion: region,
          ResourceId: resourceId,
          ResourceType: TRAIL_TYPE,
        })),
      }),
      options,
    ),
  );
  const output = outputOf(access, call, answer, place, aggregatorName);
  return new Map(
    required(call, output, 'BaseConfigurationItems').flatMap((item): readonly [string, ItemFacts][] => {
      const configuration = objectOf(item.configuration);
      if (configuration === null) return [];
      const name = nameOf(item.accountId, item.awsRegion, item.resourceId);
      return [[name, { configuration, capturedAt: item.configurationItemCaptureTime ?? null }]];
    }),
  );
}

function outputOf<T>({ session }: Access, call: Call, answer: Answer<T>, place: Home, aggregatorName: string): T {
  if (!answer.ok && answer.refusal.code === 'NoSuchConfigurationAggregatorException') {
    const where = `account ${place.accountId} in ${place.region}`;
    throw new InvalidParameterError('aggregatorName', `is \`${aggregatorName}\`, which is no aggregator of ${where}`);
  }
  return session.outputOrThrow(call, answer);
}

const nameOf = (...parts: readonly (string | undefined)[]): string => parts.join(' ');

/** ISO 8601 text, or milliseconds since 1970 as numbers or digits. */
function dateOf(value: string | number | null): Date | null {
  if (value === null) return null;
  const date = new Date(/^\d+$/.test(String(value)) ? Number(value) : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function objectOf(text: string | undefined): RecordedTrail['configuration'] {
  const value = parseJson(text ?? '');
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** `undefined` where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const configCall = (operation: string, subject: string, { region }: Home): Call => ({
  service: 'Config',
  operation,
  permission: `config:${operation}`,
  subject,
  region,
});
