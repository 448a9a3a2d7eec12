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
