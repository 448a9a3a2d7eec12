import { createHash } from 'node:crypto';
import packageJson from '../../../package.json' with { type: 'json' };
import { eventDataStoreReport } from '../../report/eventDataStore.ts';
import { type LineWithoutVerdict, lineWriter } from '../../report/jsonLines.ts';
import type { TrailReport } from '../../report/report.ts';
import { trailReport } from '../../report/trailReport.ts';
import type { Publisher } from '../../rule/central/centralRun.ts';
import type { TrailVerdict, UnevaluatedTrail } from '../../rule/evaluate/evaluation.ts';
import { parseArn } from '../../trail/arn.ts';

/** Where the lines of runs are kept. */
export interface Results {
  /** Keeps lines under a key; what was there before is replaced. */
  write(key: string, lines: readonly string[]): Promise<void>;
}

/** Which run it is. */
interface ResultsOfRun {
  /** The same when an invocation is tried again. */
  readonly run: string;
  readonly evaluatedAt: Date;
}

/**
 * Writes verdicts as they are reached, and at last the trails without one: JSON lines as `--format jsonl` writes them, by the
 * day and the run.
 */
export function resultPublisher(results: Results, { run, evaluatedAt: at }: ResultsOfRun): Publisher {
  const evaluatedAt = at.toISOString();
  const tool = { name: 'cloudtrail-kms-rule', version: packageJson.version } as const;
  const line = lineWriter({ run, tool, evaluatedAt, factsAt: null, coverage: null });
  const write = async (trails: readonly (TrailReport | LineWithoutVerdict)[]): Promise<void> => {
    if (trails.length === 0) return;
    const folder = `results/date=${evaluatedAt.slice(0, 10)}/run=${run}`;
    await results.write(`${folder}/part-${nameOf(trails)}.jsonl`, trails.map(line));
  };
  return {
    publish: (verdicts) => write(verdicts.map(({ verdict }) => reportOf(verdict))),
    finish: ({ unevaluated }) => write(unevaluated.map(withoutVerdict)),
  };
}

/** Of the trails alone: the same ones, evaluated again, replace their part, and no other one loses its own. */
const nameOf = (trails: readonly (TrailReport | LineWithoutVerdict)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(trails.map((one) => [arnOf(one), one.standing === null])))
    .digest('hex')
    .slice(0, 16);

const arnOf = (line: TrailReport | LineWithoutVerdict): string | null =>
  line.trailArn ?? line.eventDataStoreArn ?? null;

const reportOf = (verdict: TrailVerdict): TrailReport =>
  verdict.trail.eventDataStore === undefined ? trailReport(verdict) : eventDataStoreReport(trailReport(verdict));

function withoutVerdict({ trailArn: arn, accountId, reason }: UnevaluatedTrail): LineWithoutVerdict {
  const { region = '*', resource = '' } = parseArn(arn ?? '') ?? {};
  const isStore = resource.startsWith('eventdatastore/');
  return {
    trailArn: isStore ? null : arn,
    ...(isStore && { eventDataStoreArn: arn }),
    accountId,
    // Of a list that could not be read nobody knows which.
    region: region === '*' ? null : region,
    standing: null,
    reason,
  };
}
