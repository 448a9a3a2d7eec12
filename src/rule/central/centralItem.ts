import * as v from 'valibot';
import { InvalidInvocationError } from '../errors.ts';
import { kindNamed, kindOf, TRAIL } from '../event/resourceKind.ts';
import { type InputError, optionalText, optionalTimestamp, parseWith } from '../event/schema.ts';
import { quote } from '../quote.ts';
import { type CentralTrail, isOrganizationTrail } from './centralTrails.ts';

/** A trail as the state machine hands it out. */
interface CentralItem {
  /** Its place in the list: that of the first item names the result of a batch. */
  readonly index: number;
  readonly source: CentralTrail['source'];
  readonly capturedAt: Date | null;
  /** Left out: a trail. */
  readonly resourceType?: string;
  /** In the words of AWS Config. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The items of trails: those of one account and key side by side, so that one batch reads the key for all of them. */
export const itemsOf = (trails: readonly CentralTrail[]): readonly CentralItem[] =>
  trails.toSorted(sideBySide).map(({ trail, source, capturedAt }, index) => ({
    index,
    source,
    capturedAt,
    ...(kindOf(trail) !== TRAIL && { resourceType: kindOf(trail).resourceType }),
    configuration: kindOf(trail).configurationOf(trail),
  }));

/** Organization trails stay first: when a run is stopped, the trails that concern every account have been evaluated. */
function sideBySide({ trail: one }: CentralTrail, { trail: other }: CentralTrail): number {
  const byOrganization = Number(isOrganizationTrail(other)) - Number(isOrganizationTrail(one));
  return byOrganization || (placeOf(one) < placeOf(other) ? -1 : 1);
}

/** The account of the key, the key, the trail. */
function placeOf({ kmsKeyId, accountId, arn }: CentralTrail['trail']): string {
  const keyAccount = kmsKeyId?.startsWith('arn:') ? kmsKeyId.split(':')[4] : accountId;
  return [keyAccount, kmsKeyId ?? '', accountId, arn].join(' ');
}

const SOURCES = ['live', 'home', 'replica'] as const satisfies readonly CentralTrail['source'][];

const itemSchema = v.object(
  {
    index: v.pipe(v.number('a whole number from 0'), v.integer('a whole number from 0'), v.minValue(0)),
    source: v.picklist(SOURCES, '`live`, `home` or `replica`'),
    capturedAt: optionalTimestamp,
    resourceType: optionalText,
    configuration: v.unknown(),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/** @throws InvalidInvocationError naming the member */
export function parseItem(item: unknown): CentralTrail & { readonly index: number } {
  const { configuration, resourceType, ...known } = parseWith(itemSchema, item, 'items[]', invalid);
  const kind = resourceType === null ? TRAIL : kindNamed(resourceType);
  if (kind === undefined) throw invalid('items[].resourceType', `is ${quote(resourceType)}, which is not evaluated`);
  return { ...known, trail: kind.describe(configuration, null) };
}
