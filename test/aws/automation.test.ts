import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { readAutomation } from '../../src/aws/read/automation.ts';
import { startSession } from '../../src/aws/session.ts';
import { ACCOUNT, denied } from './support/answers.ts';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

const signal = new AbortController().signal;
const read = () =>
  readAutomation(
    { session: startSession(ACCOUNT, 'the caller', signal), clients: createClients() },
    'us-east-1',
    'e-1',
    'Approve',
  );
const STARTER = 'arn:aws:iam::111122223333:user/ann';

it('a run tells who started it, and what its approving step tells', async () => {
  const ApproverDecisions = ['{"Approver":"bob"}'];
  ssm.on(GetAutomationExecutionCommand).resolves({
    AutomationExecution: {
      ExecutedBy: STARTER,
      StepExecutions: [{ StepName: 'Plan' }, { StepName: 'Approve', Outputs: { ApproverDecisions } }],
    },
  });
  expect(await read()).toEqual({ startedBy: STARTER, isNested: false, decisions: ApproverDecisions });
  expect(ssm.commandCalls(GetAutomationExecutionCommand)[0]?.args[0].input).toEqual({ AutomationExecutionId: 'e-1' });
});

it('a run that tells nothing, of another automation', async () => {
  ssm.on(GetAutomationExecutionCommand).resolves({ AutomationExecution: { ParentAutomationExecutionId: 'e-0' } });
  expect(await read()).toEqual({ startedBy: null, isNested: true, decisions: [] });
});

it('a run that may not be read is an error that names the permission', async () => {
  ssm.on(GetAutomationExecutionCommand).rejects(denied('ssm:GetAutomationExecution'));
  await expect(read()).rejects.toThrow(/ssm:GetAutomationExecution/);
});
