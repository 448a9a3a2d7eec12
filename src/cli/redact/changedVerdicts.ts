import type { TrailReport } from '../../report/report.ts';
import { NO_EXCEPTIONS } from '../../rule/exceptions/exceptions.ts';
import { evaluateSnapshot } from '../evaluate/evaluateSnapshot.ts';
import { parseSnapshot } from '../snapshot/parse.ts';

/** The trails that a snapshot, by its text, shows as something else than another one does in the same place. */
export async function changedVerdicts(
  text: string,
  other: string,
  file: string,
  now: Date,
): Promise<readonly string[]> {
  const [trails, others] = [await verdicts(text, file, now), await verdicts(other, file, now)];
  return trails.flatMap(({ arn, outcome }, at) => (outcome === others[at]?.outcome ? [] : [arn]));
}

async function verdicts(text: string, file: string, now: Date) {
  const request = { snapshot: parseSnapshot(text, file), parameters: {}, exceptions: NO_EXCEPTIONS, now };
  const found: { readonly arn: string; readonly outcome: string }[] = [];
  for await (const trail of (await evaluateSnapshot(request)).trails)
    found.push({ arn: trail.trailArn ?? '', outcome: outcomeOf(trail) });
  return found;
}

const outcomeOf = ({ complianceType, standing, findings }: TrailReport): string =>
  JSON.stringify([complianceType, standing, findings.map(({ check, status }) => [check, status])]);
