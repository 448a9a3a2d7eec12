import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { ACCOUNT, REGION, type Trail, trailArn } from '../../test/e2e/support/account.ts';
import { answerAsAws } from '../../test/e2e/support/aws.ts';
import { answerAsConfig } from '../../test/e2e/support/awsConfig.ts';
import { changed } from '../../test/e2e/support/events.ts';
import { startLambda } from '../../test/e2e/support/lambda.ts';
import { startWire } from '../../test/e2e/support/wire.ts';
import { type Measurement, median } from './budget.ts';
import { bundled } from './startup.ts';

const ROUNDS = 15;

const keyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const trail: Trail = { name: 'main', arn: trailArn('main'), region: REGION, bucket: 'logs', keyArn };

/** A handler that evaluates nothing: the clients of the SDK, and the calls that the rule makes for one trail change. */
const bareHandler = `
import { CloudTrailClient, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
const [cloudtrail, config, kms] = [new CloudTrailClient({}), new ConfigServiceClient({}), new KMSClient({})];
const s3 = new S3Client({ forcePathStyle: true });
const KeyId = '${keyArn}';
export const handler = async ({ resultToken }) => {
  await Promise.allSettled([
    kms.send(new GetKeyPolicyCommand({ KeyId })),
    kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'AWS_RAM' })),
    kms.send(new ListGrantsCommand({ KeyId })),
    kms.send(new DescribeKeyCommand({ KeyId })),
    cloudtrail.send(new GetTrailStatusCommand({ Name: '${trail.arn}' })),
    s3.send(new HeadBucketCommand({ Bucket: '${trail.bucket}' })),
    s3.send(new GetBucketEncryptionCommand({ Bucket: '${trail.bucket}' })),
  ]);
  const evaluation = {
    ComplianceResourceType: 'AWS::CloudTrail::Trail',
    ComplianceResourceId: '${trail.arn}',
    ComplianceType: 'COMPLIANT',
    OrderingTimestamp: new Date(),
  };
  await config.send(new PutEvaluationsCommand({ ResultToken: resultToken, Evaluations: [evaluation] }));
};
`;

/**
 * What a cold start costs in all: the processor time of the whole process, from its start to the answer of its first
 * invocation, as a ratio of one run in which the two take turns.
 *
 * @param rule folder of the rule's bundle
 * @param scratch an empty folder
 * @param options the options of the rule's own build
 */
export async function firstInvocation(rule: string, scratch: string, options: BuildOptions): Promise<Measurement> {
  const bare = join(scratch, 'bareHandler');
  await bundled(bareHandler, bare, options);
  const times = { bare: [] as number[], rule: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, folder] of Object.entries({ bare, rule }) as ['bare' | 'rule', string][]) {
      const { milliseconds, calls } = await coldStart(folder);
      if (calls !== 8) throw new Error(`${name} made ${calls} calls for one trail change`);
      // The first round warms the disk's cache.
      if (round > 0) times[name].push(milliseconds);
    }
  const [least, all] = [median(times.bare), median(times.rule)];
  return {
    what: 'Lambda init and first invocation, against a bare handler with the same calls',
    measured: all / least,
    limit: 1.1,
    bound: 'at most',
    unit: ' times',
    note: `goal 0.7; ${all.toFixed(0)} ms of processor against ${least.toFixed(0)} ms, medians of ${ROUNDS}`,
  };
}

async function coldStart(folder: string): Promise<{ readonly milliseconds: number; readonly calls: number }> {
  const wire = await startWire(null);
  answerAsAws(wire, [trail]);
  answerAsConfig(wire);
  const lambda = await startLambda({ folder, handler: 'index.handler', environment: { AWS_ENDPOINT_URL: wire.url } });
  try {
    const outcome = await lambda.invoke(changed(trail));
    if (!outcome.ok) throw new Error(`the first invocation failed: ${JSON.stringify(outcome)}`);
    return { milliseconds: lambda.processorTime(), calls: wire.requests.length };
  } finally {
    lambda.stop();
    wire.close();
  }
}
