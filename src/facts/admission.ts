import { deniedBy } from './deniedBy.ts';
import type { RefusedRequest } from './members.ts';
import { principalOf } from './readings.ts';

/** What reading a key's facts takes of its policy. */
const READS = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListGrants'];

/** The key-policy statement that lets a role read the key, for a policy that does not delegate to IAM. */
const readerStatement = (roleArn: string): string =>
  JSON.stringify({
    Sid: 'LetTheTrailRuleRead',
    Effect: 'Allow',
    Principal: { AWS: roleArn },
    Action: READS,
    Resource: '*',
  });

/**
 * The advice that follows a denied read: the statement that admits the reader, unless AWS said that something else than a
 * missing statement is the reason.
 */
export function admission(message: string, request: RefusedRequest): string {
  const cause = deniedBy(message);
  if (cause !== null && (cause.policy !== 'resource' || cause.isExplicit)) return '';
  const { Principal } = request;
  const role = Principal.startsWith('arn:') ? Principal : roleOf(principalOf(message, request));
  return role === null ? '' : inWords(role);
}

export const inWords = (roleArn: string): string =>
  `; where the key policy does not delegate to IAM it must hold \`${readerStatement(roleArn)}\``;

const ASSUMED_ROLE = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\//;

/** The session's ARN, which AWS's messages name, leaves out the role's path; the function's own role has none. */
function roleOf(principal: string): string | null {
  const [, partition, accountId, name] = ASSUMED_ROLE.exec(principal) ?? [];
  return name === undefined ? null : `arn:${partition}:iam::${accountId}:role/${name}`;
}
