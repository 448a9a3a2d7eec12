import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ACCOUNT, accountAt, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { cli } from './support/cli.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { unlisted } from './support/permissions.ts';
import { ok, startWire, type Wire } from './support/wire.ts';

const soon = (): number => Math.ceil(Date.now() / 1000) + 1200;

/** A policy by which CloudTrail may encrypt through S3 alone, or for `{"AWS": "*"}` alone. */
function policyOf(name: string, principal: unknown, condition: object) {
  const policy = awsPolicy(trailArn(name));
  const [administer] = policy.Statement;
  const encrypt = {
    Sid: 'Encrypt',
    Effect: 'Allow',
    Principal: principal,
    Action: 'kms:GenerateDataKey*',
    Resource: '*',
  };
  return { ...policy, Statement: [administer, { ...encrypt, Condition: { StringEquals: condition } }] };
}

const encrypted = (trail: Trail, more: object = {}) => ({
  EventId: `of-${trail.name}`,
  EventName: 'GenerateDataKey',
  // Ten minutes after the key was made, and more.
  EventTime: soon(),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: {
      encryptionContext: {
        'aws:cloudtrail:arn': trail.arn,
        'aws:s3:arn': `arn:aws:s3:::${trail.bucket}/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/11/29/x.json.gz`,
      },
    },
    resources: [{ ARN: trail.keyArn }],
    ...more,
  }),
});

describe('verify, in an account whose records settle something', () => {
  let moto: Moto;
  let wire: Wire;
  let trails: readonly [viaS3: Trail, star: Trail];
  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    const account = accountAt(`http://127.0.0.1:${moto.port}`);
    const service = { Service: 'cloudtrail.amazonaws.com' };
    const viaS3 = policyOf('viaS3', service, { 'kms:ViaService': `s3.${REGION}.amazonaws.com` });
    const star = policyOf('star', { AWS: '*' }, { 'aws:SourceArn': trailArn('star') });
    trails = [
      await account.createTrail('viaS3', { policy: viaS3 }),
      await account.createTrail('star', { policy: star }),
    ];
  });
  after(() => {
    wire.close();
    moto.stop();
  });

  it('two questions by the policies of keys and one by AWS Config, and nothing is written', async (test) => {
    const [viaS3, star] = trails;
    wire.on('cloudtrail', 'LookupEvents', ({ body }) => {
      const [attribute] = body.LookupAttributes as readonly { readonly AttributeValue: string }[];
      const events = {
        [viaS3.keyArn ?? '']: [encrypted(viaS3)],
        // A refusal: `{"AWS": "*"}` does not cover the service.
        [star.keyArn ?? '']: [encrypted(star, { errorCode: 'AccessDenied' })],
      };
      return ok({ Events: events[attribute?.AttributeValue ?? ''] ?? [] });
    });
    const shadow = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/shadow`;
    wire.on('config', 'SelectResourceConfig', () =>
      ok({
        Results: [JSON.stringify({ configuration: { trailARN: shadow, homeRegion: 'eu-west-1' }, awsRegion: REGION })],
      }),
    );
    wire.on('organizations', 'DescribeOrganization', () =>
      ok({ Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: ACCOUNT } }),
    );
    const environment = {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const { code, stdout, stderr } = await cli(['verify', '--region', REGION, '--format', 'json'], environment);
    assert.equal(code, 0, stderr);
    const { questions, record } = JSON.parse(stdout);
    const settled = questions.filter((one: { settled: boolean }) => one.settled);
    for (const { id, says, evidence } of settled) test.diagnostic(`${id}: ${says} ${JSON.stringify(evidence)}`);
    test.diagnostic(JSON.stringify(record));
    assert.deepEqual(
      settled.map(({ id, answer }: { id: string; answer: string }) => `${id} ${answer}`),
      ['via-service carried', 'aws-star covers-not', 'replicas-recorded recorded'],
    );
    assert.doesNotMatch(JSON.stringify(record), /\d{12}|arn:|viaS3/);
    assert.deepEqual(unlisted(wire.requests, 'scan', 'verify'), []);
    assert.deepEqual(
      wire.requests.filter(({ operation }) => /^(Put|Create|Update|Delete|Start|Stop)/.test(operation)),
      [],
    );
  });
});
