import type { AwsClients } from './clients.ts';
import type { Session } from './session.ts';

/** One principal in one account: whose requests they are, and the clients that sign them so. */
export interface Access {
  readonly session: Session;
  readonly clients: AwsClients;
}

/** Where the function runs. It needs no role there. */
export interface Home {
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, ...: a role of another partition cannot be assumed. */
  readonly partition: string;
  readonly region: string;
}

/**
 * The place that a Lambda function's ARN names.
 *
 * @throws Error when the text is no such ARN
 */
export function homeOf(functionArn: string): Home {
  const [, partition, region, accountId] = /^arn:([a-z-]+):lambda:([a-z0-9-]+):(\d{12}):/.exec(functionArn) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined) {
    throw new Error(`\`${functionArn}\` is not the ARN of a Lambda function`);
  }
  return { partition, region, accountId };
}

/**
 * The home of the function behind a rule: the rule's own account, unless the deployment says that the function lives
 * elsewhere (a role to assume, a list of expected accounts). Then the function's ARN tells.
 *
 * @throws Error when the function lives elsewhere and the text is not its ARN
 */
export function homeOfRule(
  functionArn: string,
  rule: { readonly accountId: string; readonly region: string },
  livesElsewhere: boolean,
): Home {
  if (livesElsewhere) return homeOf(functionArn);
  const [, partition = 'aws'] = /^arn:([a-z-]+):/.exec(functionArn) ?? [];
  return { partition, region: rule.region, accountId: rule.accountId };
}
