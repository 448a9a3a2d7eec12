import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { type Access, homeOf } from '../../aws/access.ts';
import { createClients } from '../../aws/clients.ts';
import { deadlineAfter } from '../../aws/deadline.ts';
import { awsPorts } from '../../aws/ports.ts';
import { startSession } from '../../aws/session.ts';
import { ownerOfTrail } from '../../aws/write/owners.ts';
import { checkEncryption } from '../../remediate/encryptionPrecheck.ts';
import { planKeyPolicyRepair, RemediationStopped, readLiveTrails } from '../../remediate/remediation.ts';
import { textsOf } from '../../remediate/steps.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { ruleParameters } from '../shared/ruleParameters.ts';
import { readSettings } from '../shared/settings.ts';
import { keepHeapSmall } from '../shared/smallHeap.ts';
import { requireOtherApprover } from './otherApprover.ts';
import { digestOf, planAnswer, shownPlan } from './repairAnswer.ts';
import { parseRepairRequest } from './repairRequest.ts';
import { refuseForeign, refuseOtherPlan, type Scene, writePlan } from './repairWrite.ts';

keepHeapSmall();
const logger = new Logger({ serviceName: 'cloudtrail-kms-repair' });
const clients = createClients();

/** A runbook goes on only after an answer that starts with this member: what Lambda says of an error does not. */
const PROVED = { proved: 'yes' } as const;
/**
 * The Lambda function behind the runbooks: it checks whether a trail can be encrypted, plans the repair of a key policy,
 * shows it whole, or applies the plan that was approved. Facts are read live each time.
 *
 * @throws RemediationStopped and everything else that keeps the runbook from going on: its step fails, and it ends
 */
export async function handler(event: unknown, context: Context): Promise<unknown> {
  logger.addContext(context);
  clients.startInvocation();
  const deadline = deadlineAfter(context.getRemainingTimeInMillis());
  try {
    const request = parseRepairRequest(event);
    // A delivery settles what is not known for a verdict; it proves nothing that a change could rest on.
    const parameters = { ...parseParameters(ruleParameters(process.env)), deliveryEvidenceHours: 0 };
    const settings = readSettings(process.env);
    const { expected, externalId, readResourceControlPolicies } = settings;
    const home = homeOf(context.invokedFunctionArn);
    const caller = `the role of ${context.invokedFunctionArn}`;
    const access: Access = { session: startSession(home.accountId, caller, deadline.signal), clients };
    await requireOtherApprover(request, settings, access, home.region);
    const readPorts = () =>
      awsPorts(clients, {
        accountId: home.accountId,
        region: home.region,
        configRuleName: null,
        resultToken: '',
        readRotation: parameters.requireKeyRotation,
        readResourceControlPolicies,
        aggregatorName: null,
        caller,
        // Keys of other accounts are neither read nor written: no role for that is shipped.
        reach: { home, memberRoleName: null, keyReaderRoleName: null, externalId, expected },
        signal: deadline.signal,
      });
    const ports = readPorts();
    const live = await readLiveTrails(request.trail, ports, parameters);
    if (request.action === 'check-encryption') {
      const owner = await ownerOfTrail(access, live.subject.trail.arn);
      if (owner !== null) throw new RemediationStopped(`${owner}: the change is for its owner`);
      checkEncryption(live, await ports.key(request.key, live.subject.trail), request.readers, parameters);
      logger.info('the trail can be encrypted', { trail: live.subject.trail.arn, key: request.key });
      return { ...PROVED, trailArn: live.subject.trail.arn, keyArn: request.key };
    }
    const plan = planKeyPolicyRepair(live, parameters);
    const scene: Scene = {
      access,
      parameters,
      exceptions: live.exceptions,
      readPorts,
      remaining: () => context.getRemainingTimeInMillis(),
      clock: { now: Date.now, wait: async (milliseconds) => sleep(milliseconds) },
    };
    if (request.action === 'plan-key-policy') {
      // Nobody is asked to approve what will not be applied.
      await refuseForeign(plan, access);
      const { keyArn, trailArns, edits, work } = plan;
      logger.info('planned', { keyArn, trailArns, edits, ...(work === null ? {} : textsOf(work)) });
      return { ...PROVED, ...planAnswer(plan) };
    }
    const digest = { approved: request.digest, actual: digestOf(plan) };
    if (request.action === 'show-key-policy') {
      refuseOtherPlan(digest);
      return { ...PROVED, ...shownPlan(plan) };
    }
    const outcome = await writePlan(plan, digest, scene);
    logger.info('applied', { ...outcome });
    return { ...PROVED, ...outcome };
  } catch (error) {
    logger.error('the runbook stops', { error });
    throw error;
  } finally {
    deadline.clear();
  }
}
