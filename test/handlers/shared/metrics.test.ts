import type { Metrics } from '@aws-lambda-powertools/metrics';
import { usageMeter } from '../../../src/aws/requestUsage.ts';
import {
  addExceptionMetrics,
  addUsageMetrics,
  addVerdictMetrics,
  metricsOf,
  writeMetrics,
} from '../../../src/handlers/shared/metrics.ts';
import type { Verdict } from '../../../src/rule/evaluate/evaluation.ts';
import { sumOf, tallyOf } from '../../../src/rule/evaluate/tally.ts';
import { parseExceptions } from '../../../src/rule/exceptions/exceptions.ts';
import { failing, verdict } from '../support/verdicts.ts';

const exception = { trailArn: '*', owner: 'security', reason: 'later', ticket: 'SEC-1', expires: '2026-12-31' };
const gone = {
  ...verdict({ standing: 'not-applicable', complianceType: 'NOT_APPLICABLE' }),
  trail: null,
} as unknown as Verdict;

test.each<[string, Verdict, string]>([
  ['a compliant trail', verdict(), 'Compliant'],
  ['a failing trail', failing(), 'NonCompliant'],
  ['a trail without proof', verdict({ standing: 'undecided', complianceType: 'NON_COMPLIANT' }), 'Undecided'],
  ['a trail without proof that passes for now', verdict({ standing: 'undecided' }), 'Undecided'],
  ['an excepted trail', verdict({ standing: 'excepted', complianceType: 'NOT_APPLICABLE' }), 'Excepted'],
  ['an excepted trail that is reported as compliant', verdict({ standing: 'excepted' }), 'Excepted'],
  ['a trail that is gone', gone, 'NotApplicable'],
])('%s', (_, given, outcome) => {
  expect(written((metrics) => addVerdictMetrics(metrics, tallyOf([given]))).at(-1)).toMatchObject({ [outcome]: 1 });
});

/** The lines that Powertools writes. */
function written(fill: (metrics: Metrics) => void): readonly Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => lines.push(JSON.parse(String(line))));
  process.env.POWERTOOLS_DEV = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  const metrics = metricsOf('config-rule');
  fill(metrics);
  writeMetrics(metrics);
  log.mockRestore();
  return lines.map(({ _aws, ...members }) => members);
}

test('verdicts are counted together, failing checks each by name', () => {
  const lines = written((metrics) => {
    addVerdictMetrics(metrics, sumOf([tallyOf([verdict(), failing()]), tallyOf([failing(), gone])]));
  });
  expect(lines).toEqual([
    { service: 'config-rule', Check: 'key-usable', FailedChecks: 2 },
    { service: 'config-rule', Check: 'readers-bounded', FailedChecks: 2 },
    { service: 'config-rule', Compliant: 1, NonCompliant: 2, NotApplicable: 1 },
  ]);
});

test('each metric names the stack, those by check too', () => {
  process.env.STACK_NAME = 'one-of-two';
  const lines = written((metrics) => {
    addVerdictMetrics(metrics, tallyOf([failing()]));
  });
  delete process.env.STACK_NAME;
  expect(lines.map(({ stack }) => stack)).toEqual(['one-of-two', 'one-of-two', 'one-of-two']);
});

test('exceptions in force and over are counted apart', () => {
  const [document] = [JSON.stringify({ version: 1, exceptions: [exception, { ...exception, expires: '2026-10-31' }] })];
  const at = new Date('2026-11-20T10:00:00Z');
  const lines = written((metrics) => addExceptionMetrics(metrics, parseExceptions(document ?? '', at), at));
  expect(lines).toEqual([{ service: 'config-rule', ExceptionsInForce: 1, ExceptionsExpired: 1 }]);
});

test('requests, throttles and latency', () => {
  const meter = usageMeter();
  meter.record(10);
  meter.record(30, Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  meter.record(20, Object.assign(new Error(), { name: 'Unknown', $metadata: { httpStatusCode: 429 } }));
  meter.record(20, Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  expect(written((metrics) => addUsageMetrics(metrics, meter.used()))).toEqual([
    { service: 'config-rule', ApiRequests: 4, ApiThrottles: 2, ApiLatency: 20, ApiLatencySlowest: 30 },
  ]);
  meter.reset();
  expect(written((metrics) => addUsageMetrics(metrics, meter.used()))).toEqual([]);
});
