import type { TrailFacts } from '../../../trail/facts.ts';
import {
  decryptStatement,
  describeStatement,
  encryptStatement,
  type StatementDocument,
} from '../../../trail/statements.ts';

/** The statement of the default key policy, which leaves the key to the account's IAM. */
export const accountStatement = ({ partition, accountId }: TrailFacts): StatementDocument => ({
  Sid: 'EnableIAMUserPermissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
  Action: 'kms:*',
  Resource: '*',
});

/** A key that allows CloudTrail for the trail, as AWS publishes it, and outlives its stack: so do the logs. */
export const keyResource = (trail: TrailFacts): object => ({
  Type: 'AWS::KMS::Key',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    EnableKeyRotation: true,
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [accountStatement(trail), encryptStatement(trail), describeStatement(trail), decryptStatement(trail)],
    },
  },
});
