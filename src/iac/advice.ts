import { READ_IT } from '../trail/defineCheck.ts';
import type { Finding } from '../trail/finding.ts';
import type { TrailSource } from './model.ts';

/** A finding whose remedy is a change of the file, where the check speaks of a trail that is deployed. */
export function inWordsOfTheFile(finding: Finding, { address, keyProperty }: TrailSource): Finding {
  const { remediation } = finding;
  if (remediation === READ_IT) return { ...finding, remediation: LATER };
  const setKey = `set \`${keyProperty}\` of \`${address}\``;
  const changed = remediation
    .replace(/,? then run `aws cloudtrail update-trail [^`]*`/g, `, then ${setKey}`)
    .replace(/(?:run )?`aws cloudtrail update-trail [^`]*`/g, setKey)
    .replace(/,? then run `aws kms put-key-policy [^`]*`/g, ' in the file')
    .replace(/[Rr]un `aws kms enable-key [^`]*`/g, 'Enable the key in the file')
    .replace(/[Rr]un `aws kms revoke-grant [^`]*`/g, 'Take the grant out of the file')
    .replace(/[Rr]un `aws kms enable-key-rotation [^`]*`/g, 'Turn rotation on in the file');
  return changed === remediation ? finding : { ...finding, remediation: changed };
}

const LATER = 'Settle what is open in the file, or check the trail with `cloudtrail-kms scan` once it is deployed.';
