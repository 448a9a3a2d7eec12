import type { CheckId, Finding } from '../trail/finding.ts';
import { READ_IT } from '../trail/remedies.ts';
import type { Settled, TrailModel, TrailSource } from './model.ts';

/** An unknown finding that rests on a property which the file does not settle names what is missing. */
export function notesOn(finding: Finding, model: TrailModel): Finding {
  if (finding.status !== 'unknown') return finding;
  const why = openProperties(model, finding.check).flatMap((property) => (property.settled ? [] : [property.why]));
  return why.length === 0 ? finding : { ...finding, message: `${finding.message}: ${[...new Set(why)].join('; ')}` };
}

/** Whether CloudTrail may encrypt for a trail rests on the partition that was taken for the file's. */
export const notesOnPartition = (finding: Finding, taken: string | null): Finding =>
  taken === null || finding.check !== 'cloudtrail-can-encrypt' || finding.status !== 'pass'
    ? finding
    : { ...finding, message: `${finding.message}; ${taken}` };

/** What is told of a trail that may be made before its key allows CloudTrail; `null`: nothing. */
export const noteOnOrder = ({ lateWriter }: TrailModel, { address, keyProperty }: TrailSource): string | null =>
  lateWriter === null
    ? null
    : `nothing makes \`${lateWriter}\`, which writes the policy of its key, come before \`${address}\`: CloudTrail refuses a trail whose key does not allow it yet, so name it in \`${keyProperty === 'KMSKeyId' ? 'DependsOn' : 'depends_on'}\``;

/** Whether a trail can be made rests on what comes first. */
export const notesOnOrder = (finding: Finding, told: string | null): Finding =>
  told === null || finding.check !== 'trail-updatable' || finding.status !== 'pass'
    ? finding
    : { ...finding, message: `${finding.message}; ${told}` };

/** What can be no key is told by why, and a misspelt property by what is meant. */
export function notesOnNoKey(
  finding: Finding,
  { key }: TrailModel,
  { keyProperty, misspeltKeyProperty }: TrailSource,
): Finding {
  if (finding.status !== 'fail') return finding;
  if (finding.check === 'trail-encrypted' && misspeltKeyProperty !== null)
    return { ...finding, message: `${finding.message}: ${misspeltKeyProperty}` };
  if (finding.check !== 'key-exists' || key?.is !== 'elsewhere' || !key.isImpossible) return finding;
  const message = `what \`${keyProperty}\` names can be no KMS key: ${key.why}`;
  return { ...finding, message, brief: message };
}

/** A grant of the file may be a bad one; that no other is, only AWS can tell. */
export function notesOnGrants(finding: Finding, { key }: TrailModel, notTold: string): Finding {
  const given = key?.is === 'declared' || key?.is === 'known' ? key.grants : [];
  if (finding.check !== 'grants-bounded' || finding.status !== 'pass' || given.length === 0) return finding;
  const message = `the grants in the file allow no other account: ${notTold} whether there are others`;
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
