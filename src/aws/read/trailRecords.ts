import { ConfigServiceClient, SelectResourceConfigCommand } from '@aws-sdk/client-config-service';
import { membersOf, recordOf, textOf } from '../../facts/eventRecord.ts';
import type { Member } from '../../facts/members.ts';
import type { SeenTrail } from '../../trail/openQuestions/recorded.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { readMember, readPages } from './member.ts';
import { describeShown } from './trail.ts';

const QUERY =
  "SELECT configuration.trailARN, configuration.homeRegion, awsRegion WHERE resourceType = 'AWS::CloudTrail::Trail'";

/** Refusals that tell of a partition that has no such call. */
const NOT_TOLD: ReadonlySet<string> = new Set(['UnknownOperationException', 'UnsupportedOperationException']);

/** Trails of which AWS Config has recorded the configuration in an account and Region, wherever they live. */
export function readRecordedTrails(access: Access, region: string): Promise<Member<readonly SeenTrail[]>> {
  const call = callOf('Config', 'SelectResourceConfig', `account ${access.session.accountId}`, region);
  return readPages(
    access,
    call,
    async (options, NextToken) => {
      const command = new SelectResourceConfigCommand({ Expression: QUERY, ...(NextToken && { NextToken }) });
      const answer = await access.clients.get(ConfigServiceClient, region).send(command, options);
      return { items: required(call, answer, 'Results').flatMap((row) => seenIn(row, region)), next: answer.NextToken };
    },
    NOT_TOLD,
  );
}

function seenIn(row: string, region: string): readonly SeenTrail[] {
  const item = recordOf(row);
  const { trailARN, homeRegion } = membersOf(item?.configuration);
  const arn = textOf(trailARN);
  const home = textOf(homeRegion);
  return arn === null || home === null || textOf(item?.awsRegion) !== region ? [] : [{ arn, homeRegion: home }];
}

/** Trails that CloudTrail shows in an account and Region, wherever they live. */
export function readShownTrails(access: Access, region: string): Promise<Member<readonly SeenTrail[]>> {
  const call = callOf('CloudTrail', 'DescribeTrails', `account ${access.session.accountId}`, region);
  return readMember(access, call, describeShown(access.clients, region), (answer) =>
    required(call, answer, 'trailList').flatMap(({ TrailARN, HomeRegion }) =>
      TrailARN && HomeRegion ? [{ arn: TrailARN, homeRegion: HomeRegion }] : [],
    ),
  );
}
