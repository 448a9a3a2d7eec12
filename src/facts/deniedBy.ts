import type { DeniedBy } from '../trail/facts.ts';

/** As AWS's messages name kinds of policies (IAM User Guide, "Troubleshoot access denied error messages"). */
const POLICIES: Readonly<Record<string, DeniedBy['policy']>> = {
  'service control policy': 'scp',
  'resource control policy': 'rcp',
  'permissions boundary': 'boundary',
  'session policy': 'session',
  'vpc endpoint policy': 'endpoint',
  'identity-based policy': 'identity',
  'resource-based policy': 'resource',
};

const REASON = new RegExp(
  `\\b(with an explicit deny in|because no) (?:an? |the )?(${Object.keys(POLICIES).join('|')})`,
  'i',
);

/** Which kind of policy denied a request, in AWS's own message; `null` where it does not say. */
export function deniedBy(message: string): DeniedBy | null {
  const [, how = '', what = ''] = REASON.exec(message) ?? [];
  const policy = POLICIES[what.toLowerCase()];
  return policy === undefined ? null : { policy, isExplicit: how.toLowerCase().startsWith('with') };
}
