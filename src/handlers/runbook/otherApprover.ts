import type { Access } from '../../aws/access.ts';
import { refuseStarterAlone, starterOf } from '../../remediate/approval.ts';
import { InvalidInvocationError } from '../../rule/errors.ts';
import type { Settings } from '../shared/settings.ts';
import type { RepairRequest } from './repairRequest.ts';

/** The runbook's step in which people approve. */
const APPROVAL = 'Approve';

/**
 * Where somebody else than the starter has to approve: before anybody is asked, the starter has to be known; before
 * anything is written, somebody else has to have approved.
 *
 * @throws RemediationStopped; InfrastructureError where the run cannot be read
 */
export async function requireOtherApprover(
  request: RepairRequest,
  { starterMayApprove, approvers }: Settings,
  access: Access,
  region: string,
): Promise<void> {
  const isAsked = request.action === 'plan-key-policy' || request.action === 'apply-key-policy';
  if (starterMayApprove || !isAsked) return;
  if (request.execution === null)
    throw new InvalidInvocationError('execution', 'is missing, accepted is the id of the automation execution');
  // Systems Manager's client is loaded where it is asked alone.
  const { readAutomation } = await import('../../aws/read/automation.ts');
  const run = await readAutomation(access, region, request.execution, APPROVAL);
  if (request.action === 'plan-key-policy') starterOf(run);
  else refuseStarterAlone(run, approvers);
}
