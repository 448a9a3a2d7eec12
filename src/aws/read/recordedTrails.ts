import * as v from 'valibot';
import type { RecordedTrail } from '../../rule/central/centralTrails.ts';
import { type ResourceKind, TRAIL } from '../../rule/event/resourceKind.ts';
import type { Access } from '../access.ts';
import { type Call, InfrastructureError } from '../errors.ts';
import { type Aggregator, queryRows, recordedItems } from './aggregator.ts';

/** AWS Config API Reference, BatchGetAggregateResourceConfig. */
const ITEMS_PER_BATCH = 100;
/** What the service leaves unprocessed is asked for again, this many times in all. */
const ATTEMPTS_PER_BATCH = 3;

/** The members of the configuration that a trail is evaluated by; advanced queries know each of them. */
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
  'hasCustomEventSelectors',
];

/** A query refuses a member that its schema lacks: of another kind than trails each item is read with BatchGetAggregateResourceConfig. */
const queryFor = (kind: ResourceKind): string => {
  const members = kind === TRAIL ? MEMBERS.map((member) => `configuration.${member}`) : [];
  const columns = ['accountId', 'awsRegion', 'resourceId', 'arn', 'configurationItemCaptureTime', ...members];
  return `SELECT ${columns.join(', ')} WHERE resourceType = '${kind.resourceType}'`;
};

const rowSchema = v.object({
  accountId: v.string(),
  awsRegion: v.string(),
  resourceId: v.nullish(v.string(), ''),
  arn: v.nullish(v.string(), null),
  configurationItemCaptureTime: v.nullish(v.union([v.string(), v.number()]), null),
  configuration: v.nullish(v.record(v.string(), v.unknown()), null),
});

/**
 * Reads the item of every trail, or other resource of one kind, that an aggregator knows: one advanced query, whatever the number of accounts. An item
 * that comes without its configuration is read with BatchGetAggregateResourceConfig.
 *
 * @throws what the aggregator's `missing` makes; InfrastructureError
 */
export async function recordedTrails(
  access: Access,
  aggregator: Aggregator,
  kind = TRAIL,
): Promise<readonly RecordedTrail[]> {
  const rows = await queryRows(access, aggregator, queryFor(kind), recordedTrail);
  const bare = rows.filter(({ configuration }) => !configuration?.trailARN);
  const items = await readItems(access, aggregator, kind, bare);
  const read = rows.map((row) => items.get(row) ?? row);
  return kind === TRAIL ? read : read.map((row) => ({ ...row, resourceType: kind.resourceType }));
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
  aggregator: Aggregator,
  kind: ResourceKind,
  rows: readonly RecordedTrail[],
): Promise<ReadonlyMap<RecordedTrail, RecordedTrail>> {
  const found = new Map<RecordedTrail, RecordedTrail>();
  for (let start = 0; start < rows.length; start += ITEMS_PER_BATCH) {
    let pending = rows.slice(start, start + ITEMS_PER_BATCH);
    for (let attempt = 0; attempt < ATTEMPTS_PER_BATCH && pending.length > 0; attempt += 1) {
      const items = await readBatch(access, aggregator, kind, pending);
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
  aggregator: Aggregator,
  kind: ResourceKind,
  rows: readonly RecordedTrail[],
): Promise<ReadonlyMap<string, ItemFacts>> {
  return new Map(
    (await recordedItems(access, aggregator, kind.resourceType, rows)).flatMap(
      (item): readonly [string, ItemFacts][] => {
        const configuration = objectOf(item.configuration);
        if (configuration === null) return [];
        const name = nameOf(item.accountId, item.awsRegion, item.resourceId);
        return [[name, { configuration, capturedAt: item.configurationItemCaptureTime ?? null }]];
      },
    ),
  );
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
