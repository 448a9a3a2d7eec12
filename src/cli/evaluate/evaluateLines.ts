import type { ReportStream } from '../../report/build.ts';
import { eventDataStoreReport } from '../../report/eventDataStore.ts';
import type { TrailReport } from '../../report/report.ts';
import type { Exceptions } from '../../rule/exceptions/exceptions.ts';
import { exceptionsInEffect } from '../../rule/exceptions/exceptionsInEffect.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import { snapshotLines } from '../snapshot/read.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { GivenParameters } from './parameters.ts';
import { about, exceptionStates, reporter, verdictsOf } from './reported.ts';

interface LinesRequest {
  /** A snapshot in JSON lines. */
  readonly file: string;
  readonly head: Pick<Snapshot, 'collectedAt' | 'coverage'>;
  readonly parameters: GivenParameters;
  readonly exceptions: Exceptions;
  /** The clock, where the first line does not say when the snapshot was collected. */
  readonly now: Date;
  /** What is wrong with a line, each time that the report is read. */
  readonly problem: (line: number, kind: 'bad' | 'unread', sentences: readonly string[]) => void;
}

/** What the first line tells of all of them. Throws `BadInput` where the file cannot be read. */
export async function headOf(file: string): Promise<LinesRequest['head']> {
  for await (const line of snapshotLines(file)) if ('snapshot' in line) return line.snapshot;
  return { collectedAt: null, coverage: null };
}

/** Evaluates a snapshot line by line: no more of it is held than what is remembered for later lines. */
export async function evaluateLines({ file, head, now, problem, ...given }: LinesRequest): Promise<ReportStream> {
  const at = head.collectedAt ?? now;
  const parameters = parseParameters(given.parameters);
  const exceptions = await exceptionsInEffect(parameters, { now: () => at }, given.exceptions);
  const { states, found } = exceptionStates(exceptions, at);
  const eventDataStores: TrailReport[] = [];
  async function* evaluated() {
    eventDataStores.length = 0;
    for await (const line of snapshotLines(file)) {
      if ('problem' in line) {
        problem(line.number, 'bad', [line.problem]);
        continue;
      }
      const { snapshot } = line;
      if (snapshot.unreadTrails.length > 0) problem(line.number, 'unread', snapshot.unreadTrails);
      const reported = reporter(snapshot, parameters);
      const ports = snapshotPorts(snapshot, null, now);
      for await (const verdict of verdictsOf(await ports.listTrails(), ports, parameters, exceptions)) {
        found(verdict.trail.arn);
        yield reported(verdict);
      }
      for await (const verdict of verdictsOf(snapshot.eventDataStores, ports, parameters, exceptions)) {
        found(verdict.trail.arn);
        eventDataStores.push(eventDataStoreReport(reported(verdict)));
      }
    }
  }
  return {
    ...about(head, parameters, now),
    exceptions: states,
    trails: { [Symbol.asyncIterator]: evaluated },
    eventDataStores,
    file,
  };
}
