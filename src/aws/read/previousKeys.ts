import { ConfigServiceClient, GetResourceConfigHistoryCommand } from '@aws-sdk/client-config-service';
import { keyArn, keysGiven } from '../../facts/changeEvents.ts';
import { isErrorMember, type Member, type OutputMembers, type PreviousKeySourceMember } from '../../facts/members.ts';
import { KEY_CHOSEN } from '../../trail/changes.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { distinct } from '../../trail/policyNames.ts';
import type { Access } from '../access.ts';
import { parseConfiguration } from '../configRecords.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import type { changeEventReader } from './changeEvents.ts';
import { readPages } from './member.ts';

/** Items in one page (AWS Config API Reference, GetResourceConfigHistory); one request spans seven days, so many are empty. */
const PER_PAGE = 100;
/** AWS Config records nothing, or not this trail. */
const NO_HISTORY: ReadonlySet<string> = new Set([
  'ResourceNotDiscoveredException',
  'NoAvailableConfigurationRecorderException',
]);

type TrailWithHistory = Pick<TrailDescription, 'arn' | 'name' | 'partition' | 'accountId' | 'homeRegion' | 'kmsKeyId'>;

/**
 * The keys that a trail named before, from AWS Config's history of it and from the calls that gave it a key: the command line alone
 * reads them, where it is told to. An alias is left out: where it led then nobody recorded.
 */
export async function readPreviousKeys(
  access: Access,
  trail: TrailWithHistory,
  closed: string | null,
  changeEvents: ReturnType<typeof changeEventReader>,
): Promise<Pick<OutputMembers, 'PreviousKeys' | 'PreviousKeySources'>> {
  const { arn, accountId, homeRegion: region } = trail;
  const [recorded, events] = await Promise.all([
    readRecordedKeys(access, trail, closed),
    changeEvents(access, closed, KEY_CHOSEN, { arn, accountId, region }),
  ]);
  const given = isErrorMember(events) ? events : keysGiven(events, trail);
  const present = keyArn(trail.kmsKeyId, trail);
  const named = [recorded, given].flatMap((keys) => (isErrorMember(keys) ? [] : keys));
  const keys = distinct(named).filter((key) => key !== present);
  return {
    // Events reach back 90 days: that they name no other key proves nothing.
    PreviousKeys: isErrorMember(recorded) && keys.length === 0 ? recorded : keys,
    PreviousKeySources: [sourceOf('GetResourceConfigHistory', recorded), sourceOf('LookupEvents', given)],
  };
}

const sourceOf = (
  Source: PreviousKeySourceMember['Source'],
  keys: Member<readonly string[]>,
): PreviousKeySourceMember => ({ Source, ...(isErrorMember(keys) && { Error: keys.Error }) });

/** From AWS Config's history, the latest first. */
async function readRecordedKeys(
  access: Access,
  trail: TrailWithHistory,
  closed: string | null,
): Promise<Member<readonly string[]>> {
  const { arn, name, accountId, homeRegion } = trail;
  const call = callOf('Config', 'GetResourceConfigHistory', arn, homeRegion);
  if (closed !== null) {
    const why = `the history of the trail is not read in account ${accountId}: ${closed}`;
    return access.session.notRead(call, 'NotEntered', why);
  }
  const references = await readPages(
    access,
    call,
    async (options, nextToken) => {
      const command = new GetResourceConfigHistoryCommand({
        resourceType: 'AWS::CloudTrail::Trail',
        // As AWS Config calls a trail.
        resourceId: name,
        limit: PER_PAGE,
        ...(nextToken && { nextToken }),
      });
      const page = await access.clients.get(ConfigServiceClient, homeRegion).send(command, options);
      const items = required(call, page, 'configurationItems').flatMap((item) => {
        const kmsKeyId = parseConfiguration(item.configuration, call)?.kmsKeyId;
        return typeof kmsKeyId === 'string' && kmsKeyId !== '' ? [kmsKeyId] : [];
      });
      return { items, next: page.nextToken };
    },
    NO_HISTORY,
  );
  if (isErrorMember(references)) return references;
  return references.flatMap((reference) => keyArn(reference, trail) ?? []);
}
