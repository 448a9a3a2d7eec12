import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AutomationRun } from '../../remediate/approval.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';

/**
 * What AWS Systems Manager holds of one run of a runbook.
 *
 * @param approval the name of the step in which people approve
 * @throws InfrastructureError when it cannot be read, also where that is denied
 */
export async function readAutomation(
  { session, clients }: Access,
  region: string,
  executionId: string,
  approval: string,
): Promise<AutomationRun> {
  const call = callOf('SSM', 'GetAutomationExecution', executionId, region);
  const answer = await session.demand(call, (options) =>
    clients
      .get(SSMClient, region)
      .send(new GetAutomationExecutionCommand({ AutomationExecutionId: executionId }), options),
  );
  const {
    ExecutedBy,
    ParentAutomationExecutionId,
    StepExecutions = [],
  } = required(call, answer, 'AutomationExecution');
  const step = StepExecutions.find(({ StepName }) => StepName === approval);
  return {
    startedBy: ExecutedBy ?? null,
    isNested: ParentAutomationExecutionId !== undefined,
    decisions: step?.Outputs?.ApproverDecisions ?? [],
  };
}
