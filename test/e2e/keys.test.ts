import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, awsPolicy, trailArn } from './support/account.ts';
import { reportedOn } from './support/awsConfig.ts';
import { changed } from './support/events.ts';
import { openStage, type Stage } from './support/stage.ts';
import { ok, refuse } from './support/wire.ts';

const otherAccount = '999999999999';
const foreignKey = `arn:aws:kms:us-east-1:${otherAccount}:key/11111111-2222-3333-4444-555555555555`;

describe('what the rule says of a key, as PutEvaluations carries it', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.close());
  beforeEach(() => stage.reset());

  it('no key: NON_COMPLIANT', async () => {
    const trail = await stage.account.createTrail('main', { policy: null });
    await says(changed(trail), 'NON_COMPLIANT', /names no KMS key/);
  });

  it('AWS’s own policy: COMPLIANT', async () => {
    await says(changed(await stage.account.createTrail('main')), 'COMPLIANT');
  });

  it('a disabled key: NON_COMPLIANT', async () => {
    const trail = await stage.account.createTrail('main');
    await stage.account.disableKey(trail.keyArn ?? '');
    await says(changed(trail), 'NON_COMPLIANT', /disabled/i);
  });

  it('a key that is gone: NON_COMPLIANT', async () => {
    const keyArn = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
    const trail = await stage.account.createTrail('main', { policy: null });
    await says(changed({ ...trail, keyArn }), 'NON_COMPLIANT', /does not exist/);
  });

  const broken: readonly (readonly [string, object | string, RegExp])[] = [
    [
      'the wrong account in a condition',
      awsPolicy(trailArn('main', 'us-east-1', otherAccount), otherAccount),
      /encrypt/,
    ],
    ['a policy for another trail', awsPolicy(trailArn('another')), /`Encrypt`.*aws:SourceArn/],
    ['an explicit deny', withDeny(), /GenerateDataKey.*`Stop`/],
    [
      'the default policy, which names only the account',
      rootOnly(),
      /no statement allows CloudTrail kms:GenerateDataKey/,
    ],
  ];
  for (const [name, policy, annotation] of broken) {
    it(`${name}: NON_COMPLIANT, and the annotation says why`, async () => {
      // moto delivers in the second in which the key was made: whether that is later, and contradicts it, is chance.
      const parameters = { deliveryEvidenceHours: '0' };
      const trail = await stage.account.createTrail('main', { policy });
      await says(changed(trail, {}, { parameters }), 'NON_COMPLIANT', annotation);
    });
  }

  it('a policy that is not JSON: undecided, not a crash', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'GetKeyPolicy', () => ok({ Policy: '{"Version":', PolicyName: 'default' }));
    await says(changed(trail), 'NON_COMPLIANT', /^UNDECIDED:.*not JSON/);
  });

  const unreadable: readonly (readonly [string, string, string])[] = [
    ['kms', 'DescribeKey', 'kms:DescribeKey'],
    ['kms', 'GetKeyPolicy', 'kms:GetKeyPolicy'],
  ];
  for (const [service, operation, permission] of unreadable) {
    it(`${operation} is denied: undecided, and the missing permission is named`, async () => {
      const trail = await stage.account.createTrail('main');
      stage.wire.on(service, operation, () => denied(permission));
      const event = changed(trail, {}, { parameters: { deliveryEvidenceHours: '0' } });
      await says(event, 'NON_COMPLIANT', new RegExp(`^UNDECIDED:.*${permission}`));
    });
  }

  it('DescribeKey is denied, but CloudTrail delivers: that is evidence enough', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'DescribeKey', () => denied('kms:DescribeKey'));
    await says(changed(trail), 'COMPLIANT');
  });

  it('a denied read that decides nothing leaves the verdict alone', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'ListGrants', () => denied('kms:ListGrants'));
    stage.wire.on('s3', 'GetBucketEncryption', () => ({ status: 403, body: accessDenied }));
    stage.wire.on('cloudtrail', 'GetTrailStatus', () => denied('cloudtrail:GetTrailStatus'));
    await says(changed(trail), 'COMPLIANT');
  });

  it('a bucket that denies access still names its Region', async () => {
    const trail = await stage.account.createTrail('main');
    const headers = { 'x-amz-bucket-region': 'eu-central-1' };
    stage.wire.on('s3', 'HeadBucket', () => ({ status: 403, headers, body: '' }));
    stage.wire.on('s3', 'GetBucketEncryption', () => ({ status: 403, body: accessDenied }));
    await says(changed(trail), 'NON_COMPLIANT', /eu-central-1/);
    assert.equal(stage.wire.calls('s3', 'GetBucketEncryption').at(-1)?.region, 'eu-central-1');
  });

  it('a key of another account: described, and what cannot be read is undecided', async () => {
    const trail = await stage.account.createTrail('main', { policy: null });
    stage.wire.on('kms', 'DescribeKey', () => ok({ KeyMetadata: metadata(foreignKey) }));
    stage.wire.on('kms', 'GetKeyPolicy', () => refuse('NotFoundException'));
    stage.wire.on('kms', 'ListGrants', () => ok({ Grants: [], Truncated: false }));
    await says(changed({ ...trail, keyArn: foreignKey }), 'NON_COMPLIANT', new RegExp(`^UNDECIDED:.*${otherAccount}`));
  });

  async function says(invocation: unknown, complianceType: string, annotation?: RegExp) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    const [evaluation, ...more] = reportedOn(stage.wire);
    assert.equal(more.length, 0);
    assert.equal(evaluation?.ComplianceType, complianceType, evaluation?.Annotation);
    if (annotation) assert.match(evaluation?.Annotation ?? '', annotation);
    assert.ok((evaluation?.Annotation ?? '-').length <= 256);
    assert.notEqual(evaluation?.Annotation, '');
  }
});

const accessDenied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

const denied = (permission: string) =>
  refuse(
    'AccessDeniedException',
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/rule/rule is not authorized to perform: ${permission} on resource: *`,
  );

function withDeny() {
  const { Version, Statement } = awsPolicy(trailArn('main'));
  const deny = { Sid: 'Stop', Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey', Resource: '*' };
  return { Version, Statement: [...Statement, deny] };
}

function rootOnly() {
  const { Version, Statement } = awsPolicy(trailArn('main'));
  return { Version, Statement: Statement.slice(0, 1) };
}

const metadata = (arn: string) => ({
  Arn: arn,
  KeyId: arn.split('/')[1],
  AWSAccountId: arn.split(':')[4],
  KeyState: 'Enabled',
  KeyManager: 'CUSTOMER',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  Origin: 'AWS_KMS',
  Enabled: true,
  MultiRegion: false,
});
