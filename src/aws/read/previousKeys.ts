import { ConfigServiceClient, GetResourceConfigHistoryCommand } from '@aws-sdk/client-config-service';
import { keyReference } from '../../facts/keyReference.ts';
import { isErrorMember, type Member } from '../../facts/members.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import type { Access } from '../access.ts';
import { parseConfiguration } from '../configRecords.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
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
 * The keys that a trail named before, from AWS Config's history of it, the latest first: the command line alone reads it, where it
 * is told to. An alias is left out: where it led then nobody recorded.
 */
export async function readPreviousKeys(
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
  const arnOf = (reference: string | null): string | null => {
    const named = reference === null ? null : keyReference(reference, trail);
    return named === null || named.isAlias ? null : named.arn;
  };
  const present = arnOf(trail.kmsKeyId);
  return [...new Set(references.map(arnOf))].filter((key): key is string => key !== null && key !== present);
}
