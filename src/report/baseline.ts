import * as v from 'valibot';
import type { Standing } from '../rule/evaluate/evaluation.ts';
import { checkOf, isCheckId } from '../trail/checks/index.ts';
import type { ReportStream } from './build.ts';
import type { BaselineChange, BaselineChanges, TrailReport } from './report.ts';

/** What an earlier report said of its trails, by their names. */
export interface Baseline {
  /** When its facts were read, or else when it was made; `null`: it does not say. */
  readonly at: string | null;
  readonly trails: ReadonlyMap<string, BaselineTrail>;
  /** Keys alone and event data stores. */
  readonly beside: ReadonlyMap<string, BaselineTrail>;
}

interface BaselineTrail {
  readonly isFailing: boolean;
  /** The checks that fail, and the decisive ones that are not known, which says no more than that they may. */
  readonly problems: ReadonlyMap<string, 'fail' | 'unknown'>;
}

const text = v.nullish(v.string(), null);

/** As much of an earlier JSON report as is compared: one of an older release will do. */
const entry = v.object({
  trailArn: text,
  eventDataStoreArn: v.optional(v.nullable(v.string())),
  address: text,
  keyAddress: text,
  location: v.nullish(v.object({ file: v.string() }), null),
  standing: v.picklist(['compliant', 'non-compliant', 'undecided', 'excepted', 'not-applicable']),
  findings: v.array(v.object({ check: v.string(), status: v.string() })),
});

const about = { version: v.literal(1), evaluatedAt: text, factsAt: text };
const reportSchema = v.object({
  ...about,
  trails: v.array(entry),
  keys: v.optional(v.array(entry), []),
  eventDataStores: v.optional(v.array(entry), []),
});
/** Of a run of the central evaluation: a trail without a verdict tells nothing of how it was. */
const withoutVerdict = v.object({ ...about, standing: v.null() });
const linesSchema = v.array(v.union([v.object({ ...about, ...entry.entries }), withoutVerdict]));

/**
 * Reads an earlier JSON report, or the list of an earlier one's JSON lines, whatever their order; `null` where it is
 * neither. No lines at all are none: nobody may have written them.
 */
export function parseBaseline(document: unknown): Baseline | null {
  const lines = v.safeParse(linesSchema, [document].flat());
  const [first] = lines.success ? lines.output : [];
  if (lines.success && first !== undefined) {
    const isBeside = ({ address, keyAddress, eventDataStoreArn }: v.InferOutput<typeof entry>) =>
      eventDataStoreArn !== undefined || (address !== null && keyAddress === address);
    const entries = lines.output.filter((line) => 'findings' in line).toSorted(earliestFirst);
    const { evaluatedAt, factsAt } = entries[0] ?? first;
    const [beside, trails] = [entries.filter(isBeside), entries.filter((line) => !isBeside(line))];
    return baselineOf({ version: 1, evaluatedAt, factsAt, trails, keys: beside, eventDataStores: [] });
  }
  const report = v.safeParse(reportSchema, document);
  return report.success ? baselineOf(report.output) : null;
}

/** A run that was tried again has some of its trails twice: the last line of each counts. */
function earliestFirst({ evaluatedAt: one }: Timed, { evaluatedAt: other }: Timed): number {
  if (one === other) return 0;
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

interface Timed {
  readonly evaluatedAt: string | null;
}

function baselineOf({
  trails,
  keys,
  eventDataStores,
  factsAt,
  evaluatedAt,
}: v.InferOutput<typeof reportSchema>): Baseline {
  const byName = (entries: readonly v.InferOutput<typeof entry>[]) =>
    new Map(entries.map((one) => [nameOf(one), { isFailing: isFailing(one.standing), problems: problemsOf(one) }]));
  return { at: factsAt ?? evaluatedAt, trails: byName(trails), beside: byName([...keys, ...eventDataStores]) };
}

/** The report with what has changed since a baseline: of each trail, and in all. */
export function againstBaseline(report: ReportStream, baseline: Baseline): ReportStream {
  const { trails, keys, eventDataStores } = report;
  const changes = noChanges(baseline);
  const stores: TrailReport[] = [];
  async function* compared() {
    Object.assign(changes, noChanges(baseline));
    const left = new Set(baseline.trails.keys());
    for await (const trail of trails) {
      const name = nameOf(trail);
      left.delete(name);
      const change = changeOf(trail, baseline.trails.get(name));
      changes[change] += 1;
      yield { ...trail, change };
    }
    changes.gone.push(...left);
    stores.splice(0, stores.length, ...beside(eventDataStores ?? []));
  }
  const beside = (all: readonly TrailReport[]) =>
    all.map((one) => ({ ...one, change: changeOf(one, baseline.beside.get(nameOf(one))) }));
  return {
    ...report,
    trails: { [Symbol.asyncIterator]: compared },
    ...(keys === undefined ? {} : { keys: beside(keys) }),
    ...(eventDataStores === undefined ? {} : { eventDataStores: stores }),
    changes,
  };
}

const noChanges = ({ at }: Baseline) =>
  ({
    since: at,
    new: 0,
    fixed: 0,
    unchanged: 0,
    gone: [] as string[],
  }) satisfies BaselineChanges;

/** New is what fails in a way in which it did not fail before; what is but excepted is not fixed. */
function changeOf(trail: TrailReport, before: BaselineTrail | undefined): BaselineChange {
  if (isFailing(trail.standing)) {
    const isKnown =
      before?.isFailing === true &&
      [...problemsOf(trail)].every(([check, status]) => ['fail', status].includes(before.problems.get(check) ?? ''));
    return isKnown ? 'unchanged' : 'new';
  }
  return before?.isFailing === true && trail.standing === 'compliant' ? 'fixed' : 'unchanged';
}

const isFailing = (standing: Standing): boolean => standing === 'non-compliant' || standing === 'undecided';

type Named = { readonly [Member in 'trailArn' | 'eventDataStoreArn' | 'address']?: string | null | undefined } & {
  readonly location?: { readonly file: string } | null | undefined;
};

/** A trail of a file by the file and its address there: its ARN may not be settled, and another file may declare it too. */
const nameOf = ({ trailArn, eventDataStoreArn, address, location }: Named): string =>
  location == null ? (trailArn ?? eventDataStoreArn ?? 'a trail without a name') : `${location.file} ${address ?? ''}`;

interface WithFindings {
  readonly standing: Standing;
  readonly findings: readonly { readonly check: string; readonly status: string }[];
}

const problemsOf = ({ findings }: WithFindings): BaselineTrail['problems'] =>
  new Map(
    findings.flatMap(({ check, status }): readonly (readonly [string, 'fail' | 'unknown'])[] => {
      if (status === 'fail') return [[check, status]];
      return status === 'unknown' && isCheckId(check) && checkOf(check).isDecisive ? [[check, status]] : [];
    }),
  );
