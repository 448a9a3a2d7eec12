import { CloudWatchLogsClient, DescribeLogGroupsCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroupMember, Member } from '../../facts/members.ts';
import { parseArn } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { readPages } from './member.ts';

/** A name, without the `:*` that CloudTrail's ARNs of log groups end in. */
const NAME = /^log-group:([^:]+)/;

/** The key of a trail's log group, asked for in the group's own account: the command line alone reads it, where it is told to. */
export async function readLogGroup(
  access: Access,
  arn: string,
  closed: string | null,
): Promise<Member<LogGroupMember>> {
  const { region = '', accountId = '', resource = '' } = parseArn(arn) ?? {};
  const call = callOf('Logs', 'DescribeLogGroups', arn, region);
  const name = NAME.exec(resource)?.[1];
  if (name === undefined) return access.session.notRead(call, 'NotTold', `\`${arn}\` is not the ARN of a log group`);
  if (closed !== null) {
    const where = `CloudWatch Logs shows log groups in their own account alone: it takes a role in account ${accountId}`;
    return access.session.notRead(call, 'NotEntered', `${where} with ${call.permission} (${closed})`);
  }
  const named = await readPages(access, call, async (options, nextToken) => {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, ...(nextToken && { nextToken }) });
    const answer = await access.clients.get(CloudWatchLogsClient, region).send(command, options);
    const items = required(call, answer, 'logGroups').filter(({ logGroupName }) => logGroupName === name);
    return { items, next: items.length > 0 ? undefined : answer.nextToken };
  });
  if ('Error' in named) return named;
  const [group] = named as readonly LogGroup[];
  if (group === undefined)
    return access.session.notRead(
      call,
      'NotTold',
      `CloudWatch Logs finds no log group \`${name}\` in account ${accountId}`,
    );
  return { Arn: arn, KmsKeyId: group.kmsKeyId ?? null };
}
