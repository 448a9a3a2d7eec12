import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Member, TopicMember } from '../../facts/members.ts';
import { parseArn } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { readMember } from './member.ts';

/** No such topic, in both of SNS's spellings; and what a partition or a policy has no answer for. */
const ANSWERS: ReadonlySet<string> = new Set(['NotFound', 'NotFoundException', 'InvalidParameterException']);

/** The key of a trail's SNS topic: the command line alone reads it, where it is told to. */
export function readTopic(access: Access, arn: string): Promise<Member<TopicMember>> {
  const region = parseArn(arn)?.region ?? '';
  const call = callOf('SNS', 'GetTopicAttributes', arn, region);
  return readMember(
    access,
    call,
    (options) => access.clients.get(SNSClient, region).send(new GetTopicAttributesCommand({ TopicArn: arn }), options),
    (answer) => ({ Arn: arn, KmsMasterKeyId: required(call, answer, 'Attributes').KmsMasterKeyId ?? null }),
    ANSWERS,
  );
}
