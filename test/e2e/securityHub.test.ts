import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, accountAt, REGION, type Trail, trailArn } from './support/account.ts';
import { answerAsConfig, inTurn, reportedOn } from './support/awsConfig.ts';
import { changed, scheduled } from './support/events.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { ok, startWire, type Wire, type WireRequest } from './support/wire.ts';

const IMPORT = 'POST /findings/import';
const PRODUCT = `arn:aws:securityhub:${REGION}:${ACCOUNT}:product/${ACCOUNT}/default`;

interface Finding {
  readonly Id: string;
  readonly ProductArn: string;
  readonly AwsAccountId: string;
  readonly RecordState: string;
  readonly Compliance: { readonly Status: string };
  readonly FindingProviderFields: { readonly Severity: { readonly Label: string } };
  readonly Workflow?: unknown;
}

const findingsIn = ({ body }: WireRequest) => body.Findings as readonly Finding[];
const taken = ok({ FailedCount: 0, SuccessCount: 1, FailedFindings: [] });
/** Of each batch the findings whose id ends so are refused. */
const refusing = (end: string) => (request: WireRequest) => {
  const FailedFindings = findingsIn(request)
    .filter(({ Id }) => Id.endsWith(end))
    .map(({ Id }) => ({ Id, ErrorCode: 'InternalFailure', ErrorMessage: 'try again' }));
  return ok({ FailedCount: FailedFindings.length, SuccessCount: 0, FailedFindings });
};

describe('findings in Security Hub', () => {
  let moto: Moto;
  let wire: Wire;
  let importing: Lambda;
  let silent: Lambda;
  let plain: Trail;
  let good: Trail;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    const bundle = await handlerBundle('configRule');
    const start = (SECURITY_HUB_FINDINGS: string) =>
      startLambda({ ...bundle, environment: { AWS_ENDPOINT_URL: wire.url, SECURITY_HUB_FINDINGS } });
    [importing, silent] = await Promise.all([start('true'), start('false')]);
    const account = accountAt(`http://127.0.0.1:${moto.port}`);
    good = await account.createTrail('good');
    plain = await account.createTrail('plain', { policy: null });
  });
  after(() => {
    importing.stop();
    silent.stop();
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    answerAsConfig(wire);
    wire.on('securityhub', IMPORT, () => taken);
  });

  it('a schedule imports a finding a trail, in one call', async () => {
    const outcome = await importing.invoke(scheduled());
    assert.ok(outcome.ok, JSON.stringify(outcome));
    const [call, ...others] = wire.calls('securityhub', IMPORT);
    assert.ok(call);
    assert.deepEqual(others, []);
    assert.equal(call.region, REGION);
    const findings = findingsIn(call).toSorted((a, b) => (a.Id < b.Id ? -1 : 1));
    assert.deepEqual(
      findings.map(({ Id, Compliance, RecordState }) => [Id, Compliance.Status, RecordState]),
      [
        [`${trailArn('good')}/cloudtrail-kms-rule`, 'PASSED', 'ARCHIVED'],
        [`${trailArn('plain')}/cloudtrail-kms-rule`, 'FAILED', 'ACTIVE'],
      ],
    );
    for (const finding of findings) {
      assert.equal(finding.ProductArn, PRODUCT);
      assert.equal(finding.AwsAccountId, ACCOUNT);
      assert.ok(!('Workflow' in finding));
    }
    assert.equal(findings[1]?.FindingProviderFields.Severity.Label, 'HIGH');
  });

  it('a partial failure: what was refused is sent again, and only that', async () => {
    wire.on(
      'securityhub',
      IMPORT,
      inTurn(refusing('plain/cloudtrail-kms-rule'), () => taken),
    );
    const outcome = await importing.invoke(scheduled());
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.deepEqual(
      wire.calls('securityhub', IMPORT).map((call) => findingsIn(call).length),
      [2, 1],
    );
  });

  it('what stays refused fails the invocation, after AWS Config was told', async () => {
    wire.on('securityhub', IMPORT, refusing('plain/cloudtrail-kms-rule'));
    const outcome = await importing.invoke(scheduled());
    assert.ok(!outcome.ok);
    assert.match(outcome.errorMessage, /BatchImportFindings.*1 of 2 findings were refused 4 times: .*InternalFailure/);
    assert.equal(reportedOn(wire).length, 2);
  });

  it('a trail that is reported elsewhere by an excluded check is archived', async () => {
    const outcome = await importing.invoke(
      changed(plain, {}, { parameters: { securityHubExclude: 'trail-encrypted' } }),
    );
    assert.ok(outcome.ok, JSON.stringify(outcome));
    const [finding] = wire.calls('securityhub', IMPORT).flatMap(findingsIn);
    assert.deepEqual([finding?.Compliance.Status, finding?.RecordState], ['NOT_AVAILABLE', 'ARCHIVED']);
  });

  it('without the setting nothing is imported, a change takes 8 calls, and the log counts them', async () => {
    const from = silent.logs().length;
    const outcome = await silent.invoke(changed(good));
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.deepEqual(wire.calls('securityhub', IMPORT), []);
    assert.equal(wire.requests.length, 8);
    const lines = silent
      .logs()
      .slice(from)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const evaluated = lines.find(({ message }) => message === 'evaluated');
    assert.deepEqual([evaluated?.apiRequests, evaluated?.apiThrottles], [8, 0]);
    const metrics = lines.find((line) => 'Compliant' in line);
    assert.deepEqual([metrics?.Compliant, metrics?.ApiRequests], [1, 8]);
    const before = silent.logs().length;
    await silent.invoke(changed(good));
    assert.match(silent.logs().slice(before), /"apiRequests":8,/, 'each invocation counts its own');
  });
});
