import { ACCOUNT, REGION, type Trail, trailArn } from '../../test/e2e/support/account.ts';
import { answerAsAws } from '../../test/e2e/support/aws.ts';
import { answerAsConfig, reportedOn } from '../../test/e2e/support/awsConfig.ts';
import { changed } from '../../test/e2e/support/events.ts';
import { startLambda } from '../../test/e2e/support/lambda.ts';
import { startWire } from '../../test/e2e/support/wire.ts';
import type { Measurement } from './budget.ts';

const INVOCATIONS = 100;

const trail: Trail = {
  name: 'main',
  arn: trailArn('main'),
  region: REGION,
  bucket: 'logs',
  keyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
};

/** One trail change, a hundred times over the wire: the calls of the first, the memory after the last. */
export async function invocations(rule: string): Promise<readonly Measurement[]> {
  const wire = await startWire(null);
  answerAsAws(wire, [trail]);
  answerAsConfig(wire);
  const environment = { AWS_ENDPOINT_URL: wire.url };
  const lambda = await startLambda({ folder: rule, handler: 'index.handler', environment });
  try {
    let calls: readonly string[] = [];
    for (let count = 1; count <= INVOCATIONS; count++) {
      const outcome = await lambda.invoke(changed(trail));
      const [verdict] = reportedOn(wire);
      if (!outcome.ok || verdict?.ComplianceType !== 'COMPLIANT') {
        throw new Error(`the benchmark's trail is not COMPLIANT: ${JSON.stringify({ outcome, verdict })}`);
      }
      if (count === 1) calls = wire.requests.map(({ service, operation }) => `${service}:${operation}`);
      wire.reset();
      answerAsAws(wire, [trail]);
      answerAsConfig(wire);
    }
    return [
      {
        what: 'API calls for one trail change',
        measured: calls.length,
        limit: 8,
        bound: 'at most',
        unit: '',
        note: calls.join(' '),
      },
      {
        what: `resident memory of the Lambda after ${INVOCATIONS} invocations`,
        measured: lambda.memory() / 1_000_000,
        limit: 128,
        bound: 'at most',
        unit: ' MB',
        note: `peak ${(lambda.peakMemory() / 1_000_000).toFixed(0)} MB`,
      },
    ];
  } finally {
    lambda.stop();
    wire.close();
  }
}
