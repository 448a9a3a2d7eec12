import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CloudTrailClient, DescribeTrailsCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { ACCOUNT, type Account, accountAt, awsPolicy, type Trail, trailArn } from './support/account.ts';
import { root } from './support/bundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { walk } from './support/runbook.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const OTHER = '444455556666';
const READER = `arn:aws:iam::${ACCOUNT}:role/auditor`;
const EXCEPTIONS = '/cloudtrail-kms-rule/exceptions';
const RUN = '01234567-89ab-cdef-0123-456789abcdef';
const STARTER = `arn:aws:iam::${ACCOUNT}:user/ann`;
const OTHER_APPROVER = `arn:aws:iam::${ACCOUNT}:user/bob`;

describe('the runbooks, step by step', () => {
  let moto: Moto;
  let wire: Wire;
  let lambda: Lambda;
  let account: Account;
  let number = 0;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    account = accountAt(`http://127.0.0.1:${moto.port}`);
    lambda = await startLambda({
      folder: join(root, 'dist/lambda/repairKeyPolicy'),
      handler: 'index.handler',
      environment: {
        AWS_ENDPOINT_URL: wire.url,
        RULE_PARAMETERS: JSON.stringify({ minimumSeverity: 'HIGH', exceptionsParameter: EXCEPTIONS }),
      },
    });
  });
  after(() => {
    lambda.stop();
    wire.close();
    moto.stop();
  });
  beforeEach(async () => {
    await fetch(`http://127.0.0.1:${moto.port}/moto-api/reset`, { method: 'POST' });
    wire.reset();
    number += 1;
    excepted([]);
  });

  const settings = () => ({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${moto.port}`,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
  const excepted = (exceptions: readonly object[]): void => {
    const Value = JSON.stringify({ version: 1, exceptions });
    wire.on('ssm', 'GetParameter', () => ok({ Parameter: { Name: EXCEPTIONS, Type: 'String', Value } }));
  };
  const policyOf = async (keyArn: string | null): Promise<string> => {
    const command = new GetKeyPolicyCommand({ KeyId: keyArn ?? '', PolicyName: 'default' });
    return (await new KMSClient(settings()).send(command)).Policy ?? '';
  };
  const keyOf = async ({ arn }: Trail): Promise<string | undefined> => {
    const { trailList = [] } = await new CloudTrailClient(settings()).send(new DescribeTrailsCommand({}));
    return trailList.find(({ TrailARN }) => TrailARN === arn)?.KmsKeyId;
  };
  const brokenTrail = (name = `broken-${number}`): Promise<Trail> =>
    account.createTrail(name, { policy: awsPolicy(trailArn(name, 'us-east-1', OTHER)) });
  const writes = () => wire.calls('kms', 'PutKeyPolicy');

  /** Carries the steps out: the function for real, AWS's own runbook by the call that it makes. */
  const start = (
    document: 'EnableEncryption' | 'RepairKeyPolicy',
    trail: Trail,
    {
      key = '',
      readers = [READER],
      approve = async (_message: string, _shown: string): Promise<boolean> => true,
      by = lambda,
    } = {},
  ) => {
    const values = {
      TrailName: trail.name,
      AutomationAssumeRole: 'role',
      LogKeyArn: key,
      LogReaders: readers,
      'automation:EXECUTION_ID': RUN,
      'global:REGION': 'us-east-1',
    };
    let shown = '';
    return walk(document, values, async (step, inputs) => {
      switch (step.action) {
        case 'aws:invokeLambdaFunction': {
          shown = payloadOf(await by.invoke(inputs.InputPayload, { timeout: 300_000 }));
          return shown;
        }
        case 'aws:approve':
          assert.ok(String(inputs.Message).length <= 4_096);
          if (!(await approve(String(inputs.Message), shown))) throw new Error('not approved');
          return '';
        case 'aws:executeAutomation': {
          const { KMSKeyId, TrailName } = inputs.RuntimeParameters as Record<string, string>;
          await new CloudTrailClient(settings()).send(new UpdateTrailCommand({ Name: TrailName, KmsKeyId: KMSKeyId }));
          return '';
        }
        case 'aws:executeScript':
          throw new Error((inputs.InputPayload as { why: string }).why);
        default:
          return '';
      }
    });
  };

  describe('repair of a key policy', () => {
    const repair = (trail: Trail, approve = async (_message: string, _shown: string) => true) =>
      start('RepairKeyPolicy', trail, { approve });

    it('plans, waits for approval, applies', async () => {
      const trail = await brokenTrail();
      const steps = await repair(trail);
      assert.deepEqual(steps.at(-1), 'Applied');
      assert.ok((await policyOf(trail.keyArn)).includes(trail.arn));
      assert.equal(writes().length, 1);
      assert.equal(writes()[0]?.body.BypassPolicyLockoutSafetyCheck, undefined);
    });

    it('whoever approves sees the whole policy that is written, and what access changes', async () => {
      const trail = await brokenTrail();
      let seen = { message: '', shown: '' };
      await repair(trail, async (message, shown) => {
        seen = { message, shown };
        return true;
      });
      const { policy, access, digest } = JSON.parse(seen.shown);
      assert.deepEqual(policy, JSON.parse(await policyOf(trail.keyArn)));
      assert.ok(['wider', 'incomparable'].includes(access.relation));
      assert.equal(access.gained[0].principal.Service, 'cloudtrail.amazonaws.com');
      assert.ok(seen.message.includes(digest));
      assert.ok(seen.message.includes(`--automation-execution-id ${RUN}`));
      assert.match(seen.message, /gained: kms:GenerateDataKey/);
    });

    it('a policy that changes before it is shown is not put to anybody', async () => {
      const trail = await brokenTrail();
      const plan = await lambda.invoke({ action: 'plan-key-policy', trail: trail.name });
      const changed = { ...awsPolicy(trailArn('x', 'us-east-1', OTHER)), Id: 'somebody-else' };
      const Policy = JSON.stringify(changed);
      await new KMSClient(settings()).send(
        new PutKeyPolicyCommand({ KeyId: trail.keyArn ?? '', PolicyName: 'default', Policy }),
      );
      const show = { action: 'show-key-policy', trail: trail.name, plan: payloadOf(plan) };
      assert.match(payloadOf(await lambda.invoke(show)), /RemediationStopped.*not what was approved any more/);
    });

    describe('where the starter is not to be the only approver', () => {
      let strict: Lambda;
      before(async () => {
        strict = await startLambda({
          folder: join(root, 'dist/lambda/repairKeyPolicy'),
          handler: 'index.handler',
          environment: {
            AWS_ENDPOINT_URL: wire.url,
            STARTER_MAY_APPROVE: 'false',
            APPROVERS: [STARTER, OTHER_APPROVER].join(),
          },
        });
      });
      after(() => strict.stop());

      /** What Systems Manager holds of the run, from the approval on. */
      const approvedBy = (Approver: string, ExecutedBy: string | undefined = STARTER): void => {
        const ApproverDecisions = [JSON.stringify({ Approver, ApprovalStatus: 'Approve' })];
        wire.on('ssm', 'GetAutomationExecution', ({ body }) => {
          assert.equal(body.AutomationExecutionId, RUN);
          return ok({
            AutomationExecution: {
              ...(ExecutedBy === '' ? {} : { ExecutedBy }),
              StepExecutions: [{ StepName: 'Approve', Outputs: { ApproverDecisions } }],
            },
          });
        });
      };

      it('another approver is enough', async () => {
        approvedBy(OTHER_APPROVER);
        const steps = await start('RepairKeyPolicy', await brokenTrail(), { by: strict });
        assert.deepEqual([steps.at(-1), writes().length], ['Applied', 1]);
      });

      it('the starter alone is not', async () => {
        approvedBy(STARTER);
        const trail = await brokenTrail();
        await assert.rejects(
          start('RepairKeyPolicy', trail, { by: strict }),
          /nobody but .*ann.*is known to have appr/,
        );
        assert.equal(writes().length, 0);
      });

      it('nobody is asked where the starter is not known', async () => {
        approvedBy(OTHER_APPROVER, '');
        let isAsked = false;
        const approve = async () => {
          isAsked = true;
          return true;
        };
        const trail = await brokenTrail();
        await assert.rejects(start('RepairKeyPolicy', trail, { by: strict, approve }), /who started it is not known/);
        assert.deepEqual([isAsked, writes().length], [false, 0]);
      });

      it('a run that cannot be looked up writes nothing', async () => {
        wire.on('ssm', 'GetAutomationExecution', () => refuse('AccessDeniedException'));
        const trail = await brokenTrail();
        await assert.rejects(start('RepairKeyPolicy', trail, { by: strict }), /ssm:GetAutomationExecution/);
        assert.equal(writes().length, 0);
      });
    });

    it('without approval nothing is written', async () => {
      const trail = await brokenTrail();
      await assert.rejects(
        repair(trail, async () => false),
        /not approved/,
      );
      assert.equal(writes().length, 0);
    });

    it('a policy that changes while it waits for approval is not written', async () => {
      const trail = await brokenTrail();
      const changed = { ...awsPolicy(trailArn('x', 'us-east-1', OTHER)), Id: 'somebody-else' };
      const meanwhile = async () => {
        await new KMSClient(settings()).send(
          new PutKeyPolicyCommand({
            KeyId: trail.keyArn ?? '',
            PolicyName: 'default',
            Policy: JSON.stringify(changed),
          }),
        );
        return true;
      };
      await assert.rejects(repair(trail, meanwhile), /not what was approved any more/);
      assert.equal(writes().length, 0);
    });

    it('a write without an answer is taken back', async () => {
      const trail = await brokenTrail();
      const old = await policyOf(trail.keyArn);
      wire.on('kms', 'PutKeyPolicy', ({ body }) =>
        body.Policy === old ? 'forward' : { status: 500, body: { __type: 'KMSInternalException', message: 'no' } },
      );
      await assert.rejects(repair(trail), /KMSInternalException.*the earlier policy was put back/);
      assert.equal(await policyOf(trail.keyArn), old);
    });

    it('an answer to the write that breaks off: the policy is read back, and written once', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'PutKeyPolicy', () => 'cut');
      assert.deepEqual((await repair(trail)).at(-1), 'Applied');
      assert.equal(writes().length, 1);
      assert.ok((await policyOf(trail.keyArn)).includes(trail.arn));
    });

    it('an answer that breaks off, and somebody else writes: theirs stays', async () => {
      const trail = await brokenTrail();
      const theirs = JSON.stringify({ ...awsPolicy(trail.arn), Id: 'somebody' });
      wire.on('kms', 'PutKeyPolicy', () => 'cut');
      wire.on('kms', 'GetKeyPolicy', () => (writes().length === 0 ? 'forward' : ok({ Policy: theirs })));
      await assert.rejects(repair(trail), /RemediationStopped.*somebody else has changed the same/);
      assert.equal(writes().length, 1);
    });

    const stops = async (trail: Trail, why: RegExp) => {
      await assert.rejects(repair(trail), why);
      assert.equal(writes().length, 0);
    };

    it('a trail that passes starts nothing', async () => {
      await stops(await account.createTrail(`good-${number}`), /fails for/);
    });

    it('an undecided trail starts nothing', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'DescribeKey', () => refuse('AccessDeniedException'));
      await stops(trail, /is undecided/);
    });

    it('a disabled key is not enabled', async () => {
      const trail = await account.createTrail(`disabled-${number}`);
      await account.disableKey(trail.keyArn ?? '');
      await stops(trail, /fails for/);
      assert.equal(wire.calls('kms', 'EnableKey').length, 0);
    });

    it('a Deny is not touched', async () => {
      const name = `denied-${number}`;
      const policy = awsPolicy(trailArn(name));
      const deny = { Sid: 'Stop', Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey*', Resource: '*' };
      await stops(
        await account.createTrail(name, { policy: { ...policy, Statement: [...policy.Statement, deny] } }),
        /Stop|person|Deny/,
      );
    });

    it('what is excepted is left alone', async () => {
      const trail = await brokenTrail(`excepted-${number}`);
      // Documents count for a minute, so that this one needs a function of its own.
      const other = await startLambda({
        folder: join(root, 'dist/lambda/repairKeyPolicy'),
        handler: 'index.handler',
        environment: {
          AWS_ENDPOINT_URL: wire.url,
          RULE_PARAMETERS: JSON.stringify({ exceptionsParameter: EXCEPTIONS }),
        },
      });
      const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      excepted([{ trailArn: trail.arn, checks: ['cloudtrail-can-encrypt'], owner: 'o', reason: 'r', expires }]);
      try {
        const outcome = await other.invoke({ action: 'plan-key-policy', trail: trail.name });
        assert.match(payloadOf(outcome), /RemediationStopped.*fails for/);
      } finally {
        other.stop();
      }
    });

    /** Nobody is asked to approve what would not be applied. */
    const stopsUnasked = async (trail: Trail, why: RegExp) => {
      let asked = false;
      const approve = async () => {
        asked = true;
        return true;
      };
      await assert.rejects(repair(trail, approve), why);
      assert.deepEqual([asked, writes().length], [false, 0]);
    };

    it('a trail of AWS Control Tower is left to it', async () => {
      await stopsUnasked(await brokenTrail('aws-controltower-BaselineCloudTrail'), /AWS Control Tower/);
    });

    it('a trail of another Region that lives by the policy is not shut out', async () => {
      const name = `shared-${number}`;
      const elsewhere = await account.createTrail(name, { region: 'eu-west-1', policy: null });
      const trail = await account.createTrail(name, { policy: awsPolicy(elsewhere.arn) });
      const old = await policyOf(trail.keyArn);
      await repair(trail).catch((error: Error) => assert.match(error.message, /would be shut out/));
      const policy = await policyOf(trail.keyArn);
      assert.ok(policy.includes(elsewhere.arn));
      assert.ok(policy === old || policy.includes(trail.arn));
    });

    it('an earlier policy that cannot be put back: both reasons are told', async () => {
      const trail = await brokenTrail();
      const old = await policyOf(trail.keyArn);
      wire.on('kms', 'PutKeyPolicy', ({ body }) =>
        body.Policy === old
          ? refuse('AccessDeniedException')
          : { status: 500, body: { __type: 'KMSInternalException', message: 'no' } },
      );
      await assert.rejects(
        repair(trail),
        /KMSInternalException.*the earlier policy was not put back: .*kms:PutKeyPolicy/,
      );
    });

    it('a policy that cannot be read again right before the write is not written', async () => {
      const trail = await brokenTrail();
      let isApproved = false;
      let reads = 0;
      wire.on('kms', 'GetKeyPolicy', () => {
        if (!isApproved) return 'forward';
        reads += 1;
        // The first one plans again.
        return reads === 1 ? 'forward' : refuse('AccessDeniedException');
      });
      const approve = async () => {
        isApproved = true;
        return true;
      };
      await assert.rejects(repair(trail, approve), /RemediationStopped.*kms:GetKeyPolicy/);
      assert.equal(writes().length, 0);
    });

    it('a key that CloudFormation deploys is left to it', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'ListResourceTags', () =>
        ok({ Tags: [{ TagKey: 'aws:cloudformation:stack-name', TagValue: 's' }] }),
      );
      await stopsUnasked(trail, /stack `s`/);
    });

    for (const event of [{}, { action: 'delete' }, { action: 'apply-key-policy', trail: 'x', plan: 'y' }])
      it(`an event that is none: ${JSON.stringify(event)}`, async () => {
        const outcome = await lambda.invoke(event);
        assert.match(payloadOf(outcome), /InvalidInvocationError/);
      });
  });

  describe('encryption of a trail', () => {
    const bare = () => account.createTrail(`bare-${number}`, { policy: null });
    const encrypt = async (trail: Trail, policy: object, readers = [READER]) => {
      const key = await account.createKey(policy);
      await start('EnableEncryption', trail, { key, readers });
      return key;
    };
    const stops = async (trail: Trail, policy: object, why: RegExp, readers?: string[]) => {
      await assert.rejects(encrypt(trail, policy, readers), why);
      assert.equal(await keyOf(trail), trail.keyArn ?? undefined);
    };

    it('the key is set once CloudTrail and the reader are proved to be allowed', async () => {
      const trail = await bare();
      const key = await encrypt(trail, awsPolicy(trail.arn));
      assert.equal(await keyOf(trail), key);
    });

    it('a key that does not allow CloudTrail', async () => {
      const trail = await bare();
      await stops(trail, awsPolicy(trailArn('another')), /`cloudtrail-can-encrypt` would not pass/);
    });

    it('a reader that the key policy does not name', async () => {
      const trail = await bare();
      const other = `arn:aws:iam::${OTHER}:role/investigator`;
      await stops(trail, awsPolicy(trail.arn), /investigator` may not decrypt/, [READER, other]);
    });

    it('a reader of whom only IAM knows', async () => {
      const trail = await bare();
      const other = `arn:aws:iam::${ACCOUNT}:role/someone`;
      await stops(trail, awsPolicy(trail.arn), /only if the IAM policies/, [other]);
    });

    it('no reader, and something that is none', async () => {
      const trail = await bare();
      await stops(trail, awsPolicy(trail.arn), /no reader is named/, []);
      await stops(trail, awsPolicy(trail.arn), /accepted is the ARN of an IAM role or user/, ['*']);
    });

    it('a trail that has a key', async () => {
      const trail = await account.createTrail(`good-${number}`);
      await stops(trail, awsPolicy(trail.arn), /`trail-encrypted` does not fail/);
    });

    it('a trail that a landing zone or CloudFormation deploys', async () => {
      const owned = await account.createTrail(`AWSAccelerator-${number}`, { policy: null });
      await stops(owned, awsPolicy(owned.arn), /Landing Zone Accelerator: the change is for its owner/);
      const trail = await bare();
      wire.on('cloudtrail', 'ListTags', () =>
        ok({
          ResourceTagList: [
            { ResourceId: trail.arn, TagsList: [{ Key: 'aws:cloudformation:stack-name', Value: 's' }] },
          ],
        }),
      );
      await stops(trail, awsPolicy(trail.arn), /stack `s`: the change is for its owner/);
    });

    it('a disabled key', async () => {
      const trail = await bare();
      const key = await account.createKey(awsPolicy(trail.arn));
      await account.disableKey(key);
      await assert.rejects(start('EnableEncryption', trail, { key }), /`key-usable` would not pass/);
      assert.equal(await keyOf(trail), undefined);
    });

    it('a key whose policy cannot be read', async () => {
      const trail = await bare();
      wire.on('kms', 'GetKeyPolicy', () => refuse('AccessDeniedException'));
      await stops(trail, awsPolicy(trail.arn), /would not pass/);
    });
  });
});

/** What Lambda answers the invocation with: the function's answer, or its error. */
const payloadOf = (outcome: Awaited<ReturnType<Lambda['invoke']>>): string => {
  if (outcome.ok) return JSON.stringify(outcome.payload);
  const { errorType, errorMessage } = outcome;
  return JSON.stringify({ errorType, errorMessage });
};
