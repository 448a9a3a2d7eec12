import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ACCOUNT, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { answerAsConfig, inTurn, putEvaluations, reportedOn } from './support/awsConfig.ts';
import { changed } from './support/events.ts';
import { accountOf, changedIn, LOG_ARCHIVE, MANAGEMENT, MEMBER, signers } from './support/organization.ts';
import { openStage, type Stage } from './support/stage.ts';
import { ok, refuse } from './support/wire.ts';

const roles = { memberRoleName: 'audit/member', keyReaderRoleName: 'key-reader', deliveryEvidenceHours: '0' };
const organization = () => ok({ Organization: { Id: 'o-exampleorgid', MasterAccountId: MANAGEMENT } });

describe('accounts of function, member, management and log archive', () => {
  let stage: Stage;
  let memberTrail: Trail;
  let organizationTrail: Trail;
  let ownTrail: Trail;

  before(async () => {
    stage = await openStage({
      EXPECTED_ACCOUNTS: [MEMBER, MANAGEMENT, LOG_ARCHIVE].join(','),
      EXTERNAL_ID: 'rule-7',
    });
    await stage.reset();
    const [member, management, logArchive] = await Promise.all(
      [MEMBER, MANAGEMENT, LOG_ARCHIVE].map((accountId) => accountOf(stage.motoUrl, accountId)),
    );
    assert.ok(member && management && logArchive);
    const keyFor = (arn: string, account: string) => logArchive.createKey(keyPolicy(arn, account));
    memberTrail = await member.createTrail('main', { keyArn: await keyFor(trailArn('main', REGION, MEMBER), MEMBER) });
    organizationTrail = await management.createTrail('everyone', {
      keyArn: await logArchive.createKey(pathPolicy(trailArn('everyone', REGION, MANAGEMENT), MANAGEMENT)),
    });
    ownTrail = await stage.account.createTrail('own', { keyArn: await keyFor(trailArn('own'), ACCOUNT) });
    assert.equal(memberTrail.keyArn?.split(':')[4], LOG_ARCHIVE);
    assert.equal(memberTrail.arn.split(':')[4], MEMBER);
  });
  after(() => stage.close());
  // moto keeps its sessions: the function keeps them, too.
  beforeEach(() => {
    stage.wire.reset();
    answerAsConfig(stage.wire);
    // moto does not know it yet.
    stage.wire.on('cloudtrail', 'GetEventConfiguration', () => ok({ AggregationConfigurations: [] }));
  });

  it('a trail of a member with a key in the log archive: each call is signed in the account that it is about', async () => {
    await succeeds(changedIn(MEMBER, memberTrail, { parameters: roles }));
    says('COMPLIANT');
    assert.deepEqual(await signers(stage.motoUrl, stage.wire.requests), {
      sts: ['function'],
      cloudtrail: [`${MEMBER}/member`],
      s3: [`${MEMBER}/member`],
      kms: [`${LOG_ARCHIVE}/key-reader`],
      config: [`${MEMBER}/member`],
    });
    const [assumed] = stage.wire.calls('sts', 'AssumeRole');
    assert.equal(assumed?.region, REGION);
    assert.equal(assumed?.form.RoleArn, `arn:aws:iam::${MEMBER}:role/audit/member`);
    assert.equal(assumed?.form.ExternalId, 'rule-7');
    assert.equal(assumed?.form.RoleSessionName, 'cloudtrail-kms-rule');
  });

  it('a second change assumes no role again', async () => {
    await succeeds(changedIn(MEMBER, memberTrail, { parameters: roles }));
    stage.wire.reset();
    answerAsConfig(stage.wire);
    await succeeds(changedIn(MEMBER, memberTrail, { parameters: roles }));
    assert.equal(stage.wire.calls('sts', 'AssumeRole').length, 0);
    assert.equal(stage.wire.requests.length, 8);
    says('COMPLIANT');
  });

  it('an organization trail of the management account: its organization is asked there', async () => {
    stage.wire.on('organizations', 'DescribeOrganization', organization);
    await succeeds(changedIn(MANAGEMENT, organizationTrail, { parameters: roles }, true));
    says('COMPLIANT');
    const { organizations, config, kms } = await signers(stage.motoUrl, stage.wire.requests);
    assert.deepEqual(
      { organizations, config, kms },
      {
        organizations: [`${MANAGEMENT}/member`],
        config: [`${MANAGEMENT}/member`],
        kms: [`${LOG_ARCHIVE}/key-reader`],
      },
    );
  });

  it('a trail of the function’s own account takes a role for its key alone', async () => {
    await succeeds(changed(ownTrail, {}, { parameters: roles }));
    says('COMPLIANT');
    const { sts: _, ...others } = await signers(stage.motoUrl, stage.wire.requests);
    assert.deepEqual(others, {
      cloudtrail: ['function'],
      s3: ['function'],
      kms: [`${LOG_ARCHIVE}/key-reader`],
      config: ['function'],
    });
  });

  for (const [service, operation] of [
    ['kms', 'DescribeKey'],
    ['cloudtrail', 'GetTrailStatus'],
  ] as const) {
    it(`a session that ${operation} calls expired is renewed once`, async () => {
      await succeeds(changedIn(MEMBER, memberTrail, { parameters: roles }));
      stage.wire.reset();
      answerAsConfig(stage.wire);
      stage.wire.on(
        service,
        operation,
        inTurn(
          () => refuse('ExpiredTokenException', 'The security token included in the request is expired', 400),
          () => 'forward',
        ),
      );
      await succeeds(changedIn(MEMBER, memberTrail, { parameters: roles }));
      says('COMPLIANT');
      assert.equal(stage.wire.calls('sts', 'AssumeRole').length, 1);
      const keys = stage.wire.calls(service, operation).map(({ accessKey }) => accessKey);
      assert.equal(keys.length, 2);
      assert.notEqual(keys[0], keys[1]);
    });
  }

  it('a session that goes on being expired: the invocation fails', async () => {
    stage.wire.on('kms', 'GetKeyPolicy', () => refuse('ExpiredTokenException'));
    await fails(changedIn(MEMBER, memberTrail, { parameters: roles }), /GetKeyPolicy.*ExpiredTokenException/);
    assert.equal(stage.wire.calls('kms', 'GetKeyPolicy').length, 2);
  });

  const refusedEvents: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
    ['of an account that is not expected', '555555555555', roles, /`accountId` is `555555555555`.*EXPECTED_ACCOUNTS/],
    ['without a role for it', MEMBER, {}, /`memberRoleName` is missing/],
    ['with an ARN for a role', MEMBER, { memberRoleName: `arn:aws:iam::${MEMBER}:role/x` }, /never an ARN/],
  ];
  for (const [name, accountId, parameters, message] of refusedEvents) {
    it(`an event ${name} is refused before any call`, async () => {
      await fails(changedIn(accountId, memberTrail, { parameters }), message);
      assert.deepEqual(stage.wire.requests, []);
    });
  }

  it('a role that is missing in the rule’s account: the invocation fails and names it', async () => {
    stage.wire.on('sts', 'AssumeRole', () => deniedRole('missing'));
    const parameters = { memberRoleName: 'missing' };
    await fails(
      changedIn(MEMBER, memberTrail, { parameters }),
      new RegExp(`sts:AssumeRole on arn:aws:iam::${MEMBER}:role/missing`),
    );
    assert.deepEqual(putEvaluations(stage.wire), []);
  });

  it('a role that is missing in the key’s account: undecided, and GetKeyPolicy is not tried across accounts', async () => {
    stage.wire.on('sts', 'AssumeRole', () => deniedRole('absent'));
    stage.wire.on('kms', 'DescribeKey', () => ok({ KeyMetadata: metadata(ownTrail.keyArn ?? '') }));
    stage.wire.on('kms', 'ListGrants', () => ok({ Grants: [], Truncated: false }));
    const parameters = { keyReaderRoleName: 'absent', deliveryEvidenceHours: '0' };
    await succeeds(changed(ownTrail, {}, { parameters }));
    says('NON_COMPLIANT', new RegExp(`^UNDECIDED: .*role in account ${LOG_ARCHIVE}`));
    assert.equal(stage.wire.calls('kms', 'GetKeyPolicy').length, 0);
    assert.deepEqual((await signers(stage.motoUrl, stage.wire.requests)).kms, ['function']);
  });

  // moto answers for keys of the caller's account alone; AWS hides a key that is not shared in the same words.
  const hideKeys = () => {
    for (const operation of ['DescribeKey', 'ListGrants']) {
      stage.wire.on('kms', operation, () => refuse('NotFoundException', 'the key does not exist'));
    }
  };

  it('without any role the aggregator tells of the key', async () => {
    hideKeys();
    stage.wire.on('config', 'BatchGetAggregateResourceConfig', () => ok(aggregated(ownTrail)));
    const parameters = { aggregatorName: 'everything', deliveryEvidenceHours: '0' };
    await succeeds(changed(ownTrail, {}, { parameters }));
    says('COMPLIANT');
    const [asked] = stage.wire.calls('config', 'BatchGetAggregateResourceConfig');
    assert.deepEqual(asked?.body, {
      ConfigurationAggregatorName: 'everything',
      ResourceIdentifiers: [
        {
          SourceAccountId: LOG_ARCHIVE,
          SourceRegion: REGION,
          ResourceId: ownTrail.keyArn?.split('/')[1],
          ResourceType: 'AWS::KMS::Key',
        },
      ],
    });
    assert.equal(stage.wire.calls('kms', 'GetKeyPolicy').length, 0);
    assert.equal(stage.wire.calls('sts', 'AssumeRole').length, 0);
  });

  it('neither role nor aggregator: undecided, and the finding says what it takes', async () => {
    hideKeys();
    await succeeds(changed(ownTrail, {}, { parameters: { deliveryEvidenceHours: '0' } }));
    says('NON_COMPLIANT', /^UNDECIDED: key-exists/);
  });

  it('exceptions from SSM: a path of documents, read once a minute, in the log', async () => {
    const ssm = new SSMClient({
      region: REGION,
      endpoint: stage.motoUrl,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    });
    const put = (Name: string, exceptions: readonly object[]) =>
      ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: JSON.stringify({ version: 1, exceptions }) }));
    await put('/rule/exceptions/platform', []);
    const expires = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const excepted = { trailArn: 'arn:aws:cloudtrail:*:*:trail/plain', checks: ['trail-encrypted'], expires };
    await put('/rule/exceptions/team/a', [{ ...excepted, owner: 'team-a@example.com', reason: 'moves in January' }]);
    const plain = await stage.account.createTrail('plain', { policy: null });
    const parameters = { exceptionsParameter: '/rule/exceptions/' };
    await succeeds(changed(plain, {}, { parameters }));
    await succeeds(changed(plain, {}, { parameters }));
    assert.equal(stage.wire.calls('ssm', 'GetParametersByPath').length, 1);
    const [evaluation] = reportedOn(stage.wire);
    assert.equal(evaluation?.ComplianceType, 'NOT_APPLICABLE');
    assert.match(evaluation?.Annotation ?? '', /EXCEPTED until .* by team-a@example\.com/);
    assert.match(stage.lambda.logs(), /"message":"exception in force".*"owner":"team-a@example\.com"/);
  });

  it('exceptions that do not parse: the invocation fails, nothing is reported', async () => {
    stage.wire.on('ssm', 'GetParameter', () => ok({ Parameter: { Name: '/rule/broken', Value: '{"version":1' } }));
    const parameters = { exceptionsParameter: '/rule/broken' };
    await fails(changed(ownTrail, {}, { parameters }), /`\/rule\/broken` is not accepted: .* is not JSON/);
    assert.deepEqual(putEvaluations(stage.wire), []);
  });

  async function succeeds(invocation: unknown) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
  }

  async function fails(invocation: unknown, message: RegExp) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.ok(!outcome.ok, 'the invocation succeeded');
    assert.match(outcome.errorMessage, message);
    assert.doesNotMatch(outcome.errorMessage, /\n/);
  }

  function says(complianceType: string, annotation = /^/) {
    const evaluation = reportedOn(stage.wire).at(-1);
    assert.equal(evaluation?.ComplianceType, complianceType, evaluation?.Annotation);
    assert.match(evaluation?.Annotation ?? '', annotation);
  }
});

describe('resource control policies, from the management account', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ READ_RESOURCE_CONTROL_POLICIES: 'true' });
    await stage.reset();
  });
  after(() => stage.close());

  it('deny CloudTrail what the key policy allows, and are kept for the next invocation', async () => {
    const trail = await stage.account.createTrail('main');
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey*', Resource: '*', Sid: 'Nobody' };
    const answers: Readonly<Record<string, unknown>> = {
      DescribeOrganization: { Organization: { Id: 'o-exampleorgid', MasterAccountId: MANAGEMENT } },
      ListParents: { Parents: [{ Id: 'r-root', Type: 'ROOT' }] },
      ListPoliciesForTarget: { Policies: [{ Id: 'p-deny' }] },
      DescribePolicy: { Policy: { Content: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }) } },
    };
    for (const [operation, answer] of Object.entries(answers)) {
      stage.wire.on('organizations', operation, () => ok(answer));
    }
    for (const calls of [5, 5]) {
      assert.equal((await stage.lambda.invoke(changed(trail))).ok, true);
      assert.equal(stage.wire.requests.filter(({ service }) => service === 'organizations').length, calls);
    }
    const [evaluation] = reportedOn(stage.wire);
    assert.equal(evaluation?.ComplianceType, 'NON_COMPLIANT');
    assert.match(evaluation?.Annotation ?? '', /^cloudtrail-can-encrypt:.*Nobody/);
  });
});

/** AWS's policy for a trail, in the log archive: administered there. */
function keyPolicy(arn: string, trailAccount: string) {
  const { Version, Statement } = awsPolicy(arn, trailAccount);
  const administer = { ...Statement[0], Principal: { AWS: `arn:aws:iam::${LOG_ARCHIVE}:root` } };
  return { Version, Statement: [administer, ...Statement.slice(1)] };
}

/** The same, but for log files alone: their path holds the organization, so whoever judges the trail has to know it. */
function pathPolicy(arn: string, trailAccount: string) {
  const { Version, Statement } = keyPolicy(arn, trailAccount);
  const elsewhere = {
    Sid: 'NowhereElse',
    Effect: 'Deny',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:GenerateDataKey*',
    Resource: '*',
    Condition: { StringNotLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::*/AWSLogs/*' } },
  };
  return { Version, Statement: [...Statement, elsewhere] };
}

const deniedRole = (name: string) => ({
  status: 403,
  headers: { 'content-type': 'text/xml' },
  body:
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: ' +
    `arn:aws:sts::${ACCOUNT}:assumed-role/rule/rule is not authorized to perform: sts:AssumeRole on resource: ` +
    `arn:aws:iam::${MEMBER}:role/${name}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

const metadata = (arn: string) => ({
  Arn: arn,
  KeyId: arn.split('/')[1],
  KeyState: 'Enabled',
  KeyManager: 'CUSTOMER',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  Origin: 'AWS_KMS',
});

/** The item of a trail's key as the aggregator hands it out: text inside text. */
const aggregated = (trail: Trail) => ({
  BaseConfigurationItems: [
    {
      accountId: LOG_ARCHIVE,
      awsRegion: REGION,
      resourceType: 'AWS::KMS::Key',
      resourceId: trail.keyArn?.split('/')[1],
      configurationItemStatus: 'OK',
      configurationItemCaptureTime: 1_763_600_000,
      configuration: JSON.stringify({
        keyState: 'Enabled',
        keyManager: 'CUSTOMER',
        keySpec: 'SYMMETRIC_DEFAULT',
        keyUsage: 'ENCRYPT_DECRYPT',
        origin: 'AWS_KMS',
      }),
      supplementaryConfiguration: { Policy: JSON.stringify(JSON.stringify(keyPolicy(trail.arn, ACCOUNT))) },
    },
  ],
  UnprocessedResourceIdentifiers: [],
});
