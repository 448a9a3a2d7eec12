import { OutOfTimeError, withinTime } from '../../src/handlers/shared/withinTime.ts';
import { evaluateDeployment } from '../../src/iac/deploymentVerdict.ts';
import type { JsonObject } from '../../src/iac/json.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { trailsOnOneKey, VERY_OPEN } from '../../test/handlers/support/largeTemplates.ts';
import { type Measurement, processorTime } from './budget.ts';

const TRAILS = 400;
/** Time for a template that leaves so much open that no time is enough, in milliseconds. */
const GIVEN = 2_000;

/** What the CloudFormation hook makes of a template within its time. */
export function hook(): readonly Measurement[] {
  const took = processorTime(() => {
    const { blocking } = judge(trailsOnOneKey(TRAILS));
    if (blocking.length === 0) throw new Error('nothing of the trails on an open key is blocked');
  });
  return [
    { what: `hook: ${TRAILS} trails on one key`, measured: took, limit: 10_000, bound: 'at most', unit: ' ms' },
    {
      what: `hook: a template that is given up after ${GIVEN.toLocaleString('en-US')} ms`,
      measured: untilGivenUp(),
      limit: GIVEN + 400,
      bound: 'at most',
      unit: ' ms',
    },
  ];
}

function untilGivenUp(): number {
  const started = performance.now();
  try {
    withinTime(GIVEN, () => judge(VERY_OPEN));
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
  }
  return performance.now() - started;
}

const judge = (document: object) =>
  evaluateDeployment(
    // What JSON holds, as the hook reads it.
    {
      is: 'template',
      file: 'template',
      document: JSON.parse(JSON.stringify(document)) as JsonObject,
      positions: new Map(),
    },
    { parameters: parseParameters({}), accountId: '111122223333', region: 'us-east-1', asOf: new Date() },
  );
