import type { CheckId, Finding } from '../trail/finding.ts';
import type { Settled, TrailModel } from './model.ts';

/** An unknown finding that rests on a property which the file does not settle names what is missing. */
export function notesOn(finding: Finding, model: TrailModel): Finding {
  if (finding.status !== 'unknown') return finding;
  const why = openProperties(model, finding.check).flatMap((property) => (property.settled ? [] : [property.why]));
  const missing = [...new Set(why)].filter((part) => !finding.message.includes(part));
  return missing.length === 0 ? finding : { ...finding, message: `${finding.message}: ${missing.join('; ')}` };
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
