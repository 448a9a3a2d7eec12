import { isErrorMember } from '../facts/members.ts';
import { unreadError } from '../facts/readings.ts';
import type { AskForTrail } from '../rule/central/vanishedTrails.ts';
import { trailIdentity } from '../trail/arn.ts';
import { read, unread } from '../trail/facts.ts';
import type { Access } from './access.ts';
import { accountsOf, type Reach } from './accounts.ts';
import type { AwsClients } from './clients.ts';
import { shownTrail } from './read/trail.ts';
import { startSession } from './session.ts';

/**
 * Asks CloudTrail for trails in their own accounts and home Regions, through `memberRoleName` in other accounts: only
 * there does it know that a trail is not there.
 *
 * @param clients with the function's own credentials
 */
export function trailPresence(
  clients: AwsClients,
  { caller, reach, signal }: { readonly caller: string; readonly reach: Reach; readonly signal: AbortSignal },
): AskForTrail {
  const { home } = reach;
  const own: Access = { session: startSession(home.accountId, caller, signal), clients };
  const accounts = accountsOf(own, home.accountId, reach, signal);
  return async (trailArn) => {
    const identity = trailIdentity(trailArn);
    if (identity === null) return unread('invalid', `\`${trailArn}\` is no ARN of a trail`);
    const entry = await accounts.member(identity.accountId);
    if ('closed' in entry) return unread('denied', `account ${identity.accountId} is not asked: ${entry.closed}`);
    const shown = await shownTrail(entry.access, identity);
    return isErrorMember(shown) ? unreadError(shown.Error, 'cloudtrail:DescribeTrails') : read(shown.length > 0);
  };
}
