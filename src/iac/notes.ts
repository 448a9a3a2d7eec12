import type { CheckId, Finding } from '../trail/finding.ts';
import { READ_IT } from '../trail/remedies.ts';
import type { Settled, TrailModel } from './model.ts';

/** An unknown finding that rests on a property which the file does not settle names what is missing. */
export function notesOn(finding: Finding, model: TrailModel): Finding {
  if (finding.status !== 'unknown') return finding;
  const why = openProperties(model, finding.check).flatMap((property) => (property.settled ? [] : [property.why]));
  return why.length === 0 ? finding : { ...finding, message: `${finding.message}: ${[...new Set(why)].join('; ')}` };
}

/** A grant of the file may be a bad one; that no other is, only AWS can tell. */
export function notesOnGrants(finding: Finding, { key }: TrailModel, notTold: string): Finding {
  const given = key?.is === 'declared' || key?.is === 'known' ? key.grants : [];
  if (finding.check !== 'grants-bounded' || finding.status !== 'pass' || given.length === 0) return finding;
  const message = `the grants in the file let no other account in: ${notTold} whether there are others`;
  return { ...finding, status: 'unknown', message, remedy: READ_IT };
}

function openProperties({ key }: TrailModel, check: CheckId): readonly Settled<unknown>[] {
  if (key?.is !== 'declared') return [];
  switch (check) {
    case 'key-symmetric':
      return [key.spec, key.usage];
    case 'key-usable':
      return [key.enabled, key.origin];
    default:
      return [];
  }
}
