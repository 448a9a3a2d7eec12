import { mapConcurrently } from '../../src/rule/concurrency.ts';
import type { States } from './definition.ts';
import type { Child, Services } from './services.ts';
import { Failed, filledIn, type Scope } from './values.ts';

/** The fields of a distributed map that `deploy/central.yaml` uses. */
export interface DistributedMap {
  readonly ItemReader: { readonly ReaderConfig: { readonly InputType: 'JSON' }; readonly Parameters: object };
  readonly ItemBatcher: { readonly MaxItemsPerBatch: number; readonly BatchInput: object };
  readonly MaxConcurrency: number;
  readonly ToleratedFailurePercentage: number;
  readonly ItemProcessor: States & { readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED' } };
  readonly ResultWriter: { readonly Parameters: object };
}

type StartChild = (states: States, name: string, input: unknown) => Child['execution'];

/** Of the payload of a task and the input of a state (Step Functions Developer Guide, "Quotas"), in bytes. */
const LARGEST_INPUT = 262_144;

/**
 * Reads the items, runs a child for each batch, and writes what they came to.
 *
 * @param earlier the children of the run that is re-driven; none: they are made
 * @returns `Failed` as the output where more failed than is tolerated
 */
export async function mapRun(
  map: DistributedMap,
  scope: Scope,
  services: Services,
  start: StartChild,
  earlier: readonly Child[],
): Promise<{ output: unknown; children: Child[]; transitions: number }> {
  const children = earlier.length > 0 ? [...earlier] : await childrenOf(map, scope, services, start);
  const toRun = children.filter(({ outcome }) => outcome?.status !== 'SUCCEEDED');
  for (const child of toRun) child.outcome = null;
  const itemsIn = (some: readonly Child[]) => some.reduce((sum, { input }) => sum + input.Items.length, 0);
  const failed = () => children.filter(({ outcome }) => outcome?.status === 'FAILED');
  const tooMany = () => (itemsIn(failed()) * 100) / itemsIn(children) > map.ToleratedFailurePercentage;
  await mapConcurrently(toRun, map.MaxConcurrency, async (child) => {
    if (!tooMany()) child.outcome = await child.execution.run();
  });
  const details = await writeResults(map, scope, services, children);
  const output = tooMany()
    ? new Failed('States.ExceedToleratedFailureThreshold', `${failed().length} of ${children.length} batches failed`)
    : details;
  return { output, children, transitions: transitionsOf(toRun) };
}

async function childrenOf(
  { ItemReader, ItemBatcher, ItemProcessor }: DistributedMap,
  scope: Scope,
  { getObject }: Services,
  start: StartChild,
): Promise<Child[]> {
  const { Bucket, Key } = filledIn(ItemReader.Parameters, scope) as { Bucket: string; Key: string };
  const items = JSON.parse(await getObject(Bucket, Key)) as readonly unknown[];
  const BatchInput = filledIn(ItemBatcher.BatchInput, scope);
  const children: Child[] = [];
  for (let first = 0; first < items.length; first += ItemBatcher.MaxItemsPerBatch) {
    const input = { BatchInput, Items: items.slice(first, first + ItemBatcher.MaxItemsPerBatch) };
    const bytes = Buffer.byteLength(JSON.stringify(input));
    if (bytes > LARGEST_INPUT) throw new Failed('States.DataLimitExceeded', `a batch of ${bytes} bytes`);
    children.push({ input, execution: start(ItemProcessor, `child-${first}`, input), outcome: null });
  }
  return children;
}

/** The start of a child is one as well. */
const transitionsOf = (children: readonly Child[]): number =>
  children.reduce((sum, { outcome }) => sum + (outcome === null ? 0 : 1 + outcome.transitions), 0);

/** A manifest and a file for each status (Step Functions Developer Guide, "ResultWriter (Map)"). */
async function writeResults(map: DistributedMap, scope: Scope, { putObject }: Services, children: readonly Child[]) {
  const { Bucket, Prefix } = filledIn(map.ResultWriter.Parameters, scope) as { Bucket: string; Prefix: string };
  const folder = `${Prefix}/00000000-0000-4000-8000-000000000000`;
  const files: Record<string, object[]> = { SUCCEEDED: [], FAILED: [], PENDING: [] };
  for (const [status, written] of Object.entries(files)) {
    const those = children.filter(({ outcome }) => (outcome?.status ?? 'PENDING') === status);
    if (those.length === 0) continue;
    const body = JSON.stringify(
      those.map(({ input, outcome }) => ({
        Input: JSON.stringify(input),
        Status: status,
        ...(outcome?.error && { Error: outcome.error, Cause: outcome.cause }),
      })),
    );
    const Key = `${folder}/${status}_0.json`;
    await putObject(Bucket, Key, body);
    written.push({ Key, Size: body.length });
  }
  const Key = `${folder}/manifest.json`;
  await putObject(Bucket, Key, JSON.stringify({ DestinationBucket: Bucket, MapRunArn: 'map', ResultFiles: files }));
  return { MapRunArn: 'map', ResultWriterDetails: { Bucket, Key } };
}
