import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

// CloudFormation's own tags are left aside: `!Ref X` reads as `X`, and so does `{ Ref: X }`.
const read = (file: string) =>
  parse(readFileSync(file, 'utf8').replace(/\{ Ref: '?([\w:]+)'? \}/g, '$1'), { logLevel: 'error' });
const runbooks = read('deploy/remediation/runbooks.yaml');

describe.each([
  ['template.yaml', 'RemediationRoleArn'],
  ['deploy/conformance-pack.yaml', 'arn:aws:iam::111122223333:role/ROLE_OF_THE_RUNBOOK'],
])('%s', (file, role) => {
  const { Parameters, Resources } = read(file);

  test('has a remediation that a person starts, left out unless a runbook is named', () => {
    expect(Resources.Remediation).toMatchObject({ Condition: 'HasRemediation' });
    expect(Resources.Remediation.Properties).toMatchObject({
      Automatic: false,
      ResourceType: 'AWS::CloudTrail::Trail',
      TargetId: 'RemediationDocument',
      Parameters: {
        TrailName: { ResourceValue: { Value: 'RESOURCE_ID' } },
        AutomationAssumeRole: { StaticValue: { Values: [role] } },
      },
    });
    expect(Parameters.RemediationDocument.Default).toBe('');
  });
});

test('a document without its role, or a role without its document, is refused and not ignored', () => {
  const [{ AssertDescription }] = read('template.yaml').Rules.RemediationIsWhole.Assertions;
  expect(AssertDescription).toBe('RemediationDocument and RemediationRoleArn need each other');
});

const forOrganizations = readdirSync('deploy').filter(
  (file) => file.endsWith('.yaml') && file !== 'conformance-pack.yaml',
);

test('the packs and templates for organizations are all looked at', () =>
  expect(forOrganizations).toEqual(
    expect.arrayContaining(['central.yaml', 'member-role.yaml', 'organization-conformance-pack.yaml']),
  ));

test.each(forOrganizations.map((file) => `deploy/${file}`))(
  '%s carries no remediation, and no role that may write a key policy',
  (file) => expect(readFileSync(file, 'utf8')).not.toMatch(/RemediationConfiguration|kms:PutKeyPolicy/),
);

const documents = (['EnableEncryption', 'RepairKeyPolicy'] as const).map(
  (name) => [name, runbooks.Resources[name]] as const,
);

/** Required inputs (AWS Systems Manager User Guide, "Systems Manager Automation actions reference"). */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'aws:approve': ['Approvers'],
  'aws:branch': ['Choices', 'Default'],
  'aws:executeAutomation': ['DocumentName', 'RuntimeParameters'],
  'aws:executeScript': ['Runtime', 'Handler', 'Script'],
  'aws:invokeLambdaFunction': ['FunctionName', 'InputPayload'],
  'aws:sleep': ['Duration'],
};
const ENDS = {
  EnableEncryption: ['Encrypt', 'Stop'],
  RepairKeyPolicy: ['Applied', 'Stop', 'StopUnshown', 'StopAfterApply'],
} as const;

describe.each(documents)('runbook %s', (document, { Condition, Properties }) => {
  const { parameters, mainSteps } = Properties.Content;

  test('is left out unless its keys are named', () => expect(['Encrypts', 'Repairs']).toContain(Condition));

  test('takes what a remediation hands over, and nothing else', () => {
    expect(Object.keys(parameters)).toEqual(['TrailName', 'AutomationAssumeRole']);
    const pattern = new RegExp(parameters.TrailName.allowedPattern);
    const names = ['main', 'arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/a.b_c-d'];
    expect(names.filter((name) => !pattern.test(name))).toEqual([]);
    expect(['', 'a"b', '{{ x }}', 'a b'].filter((name) => pattern.test(name))).toEqual([]);
  });

  test('first reads live facts, and goes on only where they prove it', () => {
    const [check, branch] = mainSteps;
    expect(check).toMatchObject({ action: 'aws:invokeLambdaFunction', onFailure: 'Abort', maxAttempts: 1 });
    expect(branch).toMatchObject({ action: 'aws:branch', inputs: { Default: 'Stop' } });
    expect(branch.inputs.Choices).toEqual([expect.objectContaining({ StartsWith: '{"proved":"yes"' })]);
  });

  test('each step is one that SSM Automation knows, with what it needs, and leads to one that is there', () => {
    const names: readonly string[] = mainSteps.map(({ name }: { readonly name: string }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, action, inputs, ...others } of mainSteps) {
      expect(name).toMatch(/^[a-zA-Z0-9_]{3,128}$/);
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(NEEDED[action] ?? ['an action that is known']));
      expect(['description', 'isEnd', 'maxAttempts', 'onFailure', 'timeoutSeconds']).toEqual(
        expect.arrayContaining(Object.keys(others)),
      );
      if (action === 'aws:branch')
        expect(names).toEqual(
          expect.arrayContaining([inputs.Default, ...inputs.Choices.map(({ NextStep }: typeof inputs) => NextStep)]),
        );
    }
    // Whatever follows the last branch ends the runbook: nobody falls from one end into the next.
    const ends = mainSteps.filter(({ isEnd }: { readonly isEnd?: boolean }) => isEnd === true);
    expect(ends.map(({ name }: { readonly name: string }) => name)).toEqual(ENDS[document]);
  });

  test('every value that a step is given is a parameter or an answer of an earlier step', () => {
    // AWS Systems Manager User Guide, "Automation system variables".
    const known = new Set([...Object.keys(parameters), 'automation:EXECUTION_ID', 'global:REGION']);
    for (const step of mainSteps) {
      const used = [...JSON.stringify(step).matchAll(/\{\{ ([\w.:]+) \}\}/g)].map(([, value]) => value);
      expect(used.filter((value) => !known.has(value!))).toEqual([]);
      known.add(`${step.name}.Payload`);
    }
  });

  test('no step is tried again by itself', () => {
    const steps: { readonly action: string; readonly maxAttempts?: number }[] = mainSteps;
    const changing = steps.filter(({ action }) => /invokeLambdaFunction|executeAutomation/.test(action));
    expect(changing.map(({ maxAttempts }) => maxAttempts)).toEqual(changing.map(() => 1));
  });
});

describe('a repair', () => {
  const steps: readonly { readonly name: string; readonly inputs: Readonly<Record<string, unknown>> }[] =
    runbooks.Resources.RepairKeyPolicy.Properties.Content.mainSteps;
  const inputsOf = (step: string) => steps.find(({ name }) => name === step)?.inputs;

  test('is applied only behind an approval, and approved only once it is shown', () =>
    expect(steps.slice(0, 6).map(({ name }) => name)).toEqual([
      'Plan',
      'GoOnOnlyIfProved',
      'Show',
      'AskOnlyIfShown',
      'Approve',
      'Apply',
    ]));

  test('is approved with a reference to the whole policy', () => {
    expect(inputsOf('Approve')?.Message).toContain("StepExecutions[?StepName=='Show'].Outputs.Payload");
    expect(inputsOf('Approve')?.Message).toContain('--automation-execution-id {{ automation:EXECUTION_ID }}');
  });

  test('is planned and applied by a function that can look up who started the run and who approved', () => {
    const execution = '{{ automation:EXECUTION_ID }}';
    expect(inputsOf('Plan')).toMatchObject({ InputPayload: { execution } });
    expect(inputsOf('Apply')).toMatchObject({ InputPayload: { execution } });
    expect(runbooks.Resources.RepairFunction.Properties.Environment.Variables).toMatchObject({
      STARTER_MAY_APPROVE: 'StarterMayApprove',
      APPROVERS: [',', 'Approvers'],
    });
    expect(runbooks.Resources.ReadRuns).toMatchObject({ Condition: 'AsksWhoStarted' });
  });
});

describe('the roles', () => {
  const actions = actionsIn(runbooks.Resources);

  test('only the function may write key policies, and only those that are named', () => {
    expect(actions.filter((action) => action === 'kms:PutKeyPolicy')).toHaveLength(1);
    const [statement] = runbooks.Resources.WriteKeyPolicies.Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({ Action: 'kms:PutKeyPolicy', Resource: 'RepairableKeyArns' });
    expect(statement.Condition.BoolIfExists).toEqual({ 'kms:BypassPolicyLockoutSafetyCheck': 'false' });
  });

  test('every action that can be bound to a resource is bound to one', () => {
    const open = statementsIn(runbooks.Resources).filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(open.flatMap(({ Action }) => Action)).toEqual([
      'cloudtrail:DescribeTrails',
      'kms:ListAliases',
      'organizations:DescribeOrganization',
    ]);
  });

  test('one role is handed on, to Systems Manager alone', () => {
    const [statement, ...others] = statementsIn(runbooks.Resources).filter(({ Action }) =>
      [Action].flat().includes('iam:PassRole'),
    );
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      Resource: 'EncryptionRole.Arn',
      Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    });
  });

  test('the function may make every request that it makes', () => {
    const files = ['write/keyPolicy', 'write/owners', 'read/key', 'read/trail', 'read/trailEvents', 'read/automation'];
    const commands = files.flatMap((file) => {
      const text = readFileSync(`src/aws/${file}.ts`, 'utf8');
      const services = [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)];
      return services.flatMap(([, names = '', service]) =>
        [...names.matchAll(/\b(\w+)Command\b/g)].map(([, name]) => `${service}:${name}`),
      );
    });
    expect(commands).toContain('kms:PutKeyPolicy');
    expect(commands.filter((command) => !actions.includes(command))).toEqual([]);
  });

  test('beside that, one action changes something: it sets the key of a trail', () => {
    const changing = actions.filter(
      (action) => !/:(Describe|Get|List|Assume|Invoke|Pass|Publish|Start|Create)/.test(action),
    );
    expect(changing.toSorted()).toEqual(['cloudtrail:UpdateTrail', 'kms:PutKeyPolicy', 'logs:PutLogEvents']);
    expect(actions.filter((action) => action.startsWith('kms:Create'))).toEqual([]);
  });

  test('no action is a wildcard', () => expect(actions.filter((action) => action.includes('*'))).toEqual([]));

  test.each(['EncryptionRole', 'RepairRole'])('%s is for Automation of this account alone', (name) => {
    const [statement] = runbooks.Resources[name].Properties.AssumeRolePolicyDocument.Statement;
    expect(statement.Principal).toEqual({ Service: 'ssm.amazonaws.com' });
    expect(Object.keys(statement.Condition)).toEqual(['StringEquals', 'ArnLike']);
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** Every statement, however deep it stands. */
function statementsIn(value: unknown): readonly Statement[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'Action' in value ? [value as Statement] : Object.values(value).flatMap(statementsIn);
}

function actionsIn(value: unknown): readonly string[] {
  return statementsIn(value).flatMap(({ Action }) => Action);
}
