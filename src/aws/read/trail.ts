import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { isErrorMember, type Member, type StatusMember, type TrailMember } from '../../facts/members.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import type { Access } from '../access.ts';
import type { AwsClients } from '../clients.ts';
import { type Call, callOf, InfrastructureError } from '../errors.ts';
import { required } from '../required.ts';
import { readMember } from './member.ts';

export type TrailPlace = Pick<TrailDescription, 'arn' | 'homeRegion'>;

/**
 * The trails whose home is the Region, each once. Shadow trails and the replicas of organization trails in member
 * accounts are left out: they are evaluated where they live.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function listTrails({ session, clients }: Access, region: string): Promise<readonly TrailMember[]> {
  const call = callOf('CloudTrail', 'DescribeTrails', `account ${session.accountId}`, region);
  const listed = await session.demand(call, (options) =>
    clients.get(CloudTrailClient, region).send(new DescribeTrailsCommand({ includeShadowTrails: false }), options),
  );
  return usable(required(call, listed, 'trailList'), call);
}

/**
 * How many trails CloudTrail shows in a Region, wherever they live: replicas of multi-Region and organization trails too.
 *
 * @throws InfrastructureError when they cannot be listed
 */
export async function countShown({ session, clients }: Access, region: string): Promise<number> {
  const call = callOf('CloudTrail', 'DescribeTrails', `account ${session.accountId}`, region);
  const shown = await session.demand(call, describeShown(clients, region));
  return required(call, shown, 'trailList').length;
}

/** The organization trails that CloudTrail shows to an account in a Region, whoever owns them. */
export async function listOrganizationTrails(access: Access, region: string): Promise<Member<readonly TrailMember[]>> {
  const call = callOf('CloudTrail', 'DescribeTrails', `account ${access.session.accountId}`, region);
  return readMember(access, call, describeShown(access.clients, region), (answer) =>
    usable(required(call, answer, 'trailList'), call).filter((trail) => trail.IsOrganizationTrail === true),
  );
}

/** Asks for every trail that CloudTrail shows in a Region, wherever it lives. */
export const describeShown = (clients: AwsClients, region: string) => (options: { abortSignal: AbortSignal }) =>
  clients.get(CloudTrailClient, region).send(new DescribeTrailsCommand({ includeShadowTrails: true }), options);

/** One trail, or none, as CloudTrail shows it to the account that signs, in the trail's home Region. */
export async function shownTrail(access: Access, place: TrailPlace): Promise<Member<readonly Trail[]>> {
  const { call, send } = askFor(access, place);
  return readMember(access, call, send, (answer) => only(place, required(call, answer, 'trailList')));
}

/**
 * One trail, asked for in the home Region of its ARN; `undefined`: it is not there.
 *
 * @throws InfrastructureError when CloudTrail cannot be asked, also where that is denied
 */
export async function findTrail(access: Access, arn: string): Promise<Trail | undefined> {
  const place = { arn, homeRegion: trailIdentity(arn)?.homeRegion ?? '' };
  const { call, send } = askFor(access, place);
  return only(place, required(call, await access.session.demand(call, send), 'trailList'))[0];
}

/** `findTrail`, for a trail that has to be there. */
export async function demandTrail(access: Access, arn: string): Promise<Trail & TrailMember> {
  const trail = await findTrail(access, arn);
  if (trail !== undefined) return { ...trail, TrailARN: arn };
  const { homeRegion = '' } = trailIdentity(arn) ?? {};
  throw new InfrastructureError(
    callOf('CloudTrail', 'DescribeTrails', arn, homeRegion),
    'CloudTrail finds the trail no more',
  );
}

function askFor({ clients }: Access, { arn, homeRegion }: TrailPlace) {
  const command = new DescribeTrailsCommand({ trailNameList: [arn], includeShadowTrails: false });
  return {
    call: callOf('CloudTrail', 'DescribeTrails', arn, homeRegion),
    send: (options: { abortSignal: AbortSignal }) => clients.get(CloudTrailClient, homeRegion).send(command, options),
  };
}

const only = ({ arn }: TrailPlace, trails: readonly Trail[]): readonly Trail[] =>
  trails.filter(({ TrailARN }) => TrailARN === arn);

/** Asked by the full ARN in the home Region, as an organization trail seen from a member needs it. */
export async function readTrailStatus(
  access: Access,
  { arn, homeRegion, isOrganization }: TrailPlace & Pick<TrailDescription, 'isOrganization'>,
): Promise<Member<StatusMember>> {
  const call = callOf('CloudTrail', 'GetTrailStatus', arn, homeRegion);
  return readMember(
    access,
    call,
    (options) =>
      access.clients.get(CloudTrailClient, homeRegion).send(new GetTrailStatusCommand({ Name: arn }), options),
    ({ $metadata: _, ...status }) => ({
      ...status,
      IsLogging: required(call, status, 'IsLogging'),
      // Any other trail is shown to its own account alone.
      ...(isOrganization === true && { AccountId: access.session.accountId }),
    }),
    new Set(['TrailNotFoundException']),
  );
}

/** What stands for the status of a trail whose account there is no way into. */
export const statusNotRead = (own: Access, trail: ClosedTrail, closed: string): Member<StatusMember> =>
  notRead(own, trail, closed, 'GetTrailStatus', 'status');

export type ClosedTrail = TrailPlace & Pick<TrailDescription, 'accountId'>;

/** What stands for a member of a trail whose account there is no way into. */
export function notRead(
  { session }: Access,
  { arn, homeRegion, accountId }: ClosedTrail,
  closed: string,
  operation: string,
  what: string,
) {
  const why = `the ${what} of the trail is not read in account ${accountId}: ${closed}`;
  return session.notRead(callOf('CloudTrail', operation, arn, homeRegion), 'NotEntered', why);
}

/**
 * What CloudTrail itself says of a trail that AWS Config told of.
 *
 * @param closed why there is no way into the trail's account; `null`: `access` is there
 */
export async function describedTrail(
  access: Access,
  trail: ClosedTrail & Pick<TrailDescription, 'isOrganization'>,
  closed: string | null,
): Promise<Member<Trail>> {
  // CloudTrail shows an organization trail to every member, and any other trail to its own account alone.
  const shown = closed !== null && trail.isOrganization === false ? [] : await shownTrail(access, trail);
  if (isErrorMember(shown)) return shown;
  if (shown[0] !== undefined) return shown[0];
  if (closed !== null) return notRead(access, trail, closed, 'DescribeTrails', 'description');
  const call = callOf('CloudTrail', 'DescribeTrails', trail.arn, trail.homeRegion);
  return access.session.notRead(call, 'NotTold', `CloudTrail finds no trail \`${trail.arn}\``);
}

/** Each trail once. @throws InfrastructureError when one has no ARN of a trail */
function usable(trails: readonly Trail[], call: Call): readonly TrailMember[] {
  const known = new Map<string, TrailMember>();
  for (const trail of trails) {
    const TrailARN = trail.TrailARN ?? '';
    if (!/^\d{12}$/.test(trailIdentity(TrailARN)?.accountId ?? '')) {
      const what = `the answer holds a trail without a usable ARN: \`${TrailARN || trail.Name}\``;
      throw new InfrastructureError(call, what);
    }
    const id = `${TrailARN} ${trail.HomeRegion}`;
    if (!known.has(id)) known.set(id, { ...trail, TrailARN });
  }
  return [...known.values()];
}
