import { readFileSync } from 'node:fs';
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

test.each(['deploy/organization-conformance-pack.yaml', 'deploy/organization-rule.yaml', 'deploy/central.yaml'])(
  '%s carries no remediation, and no role that may write a key policy',
  (file) => expect(readFileSync(file, 'utf8')).not.toMatch(/RemediationConfiguration|kms:PutKeyPolicy/),
);

const documents = ['EnableEncryption', 'RepairKeyPolicy'].map((name) => [name, runbooks.Resources[name]] as const);

describe.each(documents)('runbook %s', (_, { Condition, Properties }) => {
  const { parameters, mainSteps } = Properties.Content;

  test('is left out unless its keys are named', () => expect(['Encrypts', 'Repairs']).toContain(Condition));

  test('takes what a remediation hands over, and nothing else', () =>
    expect(Object.keys(parameters)).toEqual(['TrailName', 'AutomationAssumeRole']));

  test('first reads live facts, and goes on only where they prove it', () => {
    const [check, branch] = mainSteps;
    expect(check).toMatchObject({ action: 'aws:invokeLambdaFunction', onFailure: 'Abort', maxAttempts: 1 });
    expect(branch).toMatchObject({ action: 'aws:branch', inputs: { Default: 'Stop' } });
    expect(branch.inputs.Choices).toEqual([expect.objectContaining({ StartsWith: '{"proved":"yes"' })]);
  });

  test('no step is tried again by itself', () => {
    const steps: { readonly action: string; readonly maxAttempts?: number }[] = mainSteps;
    const changing = steps.filter(({ action }) => /invokeLambdaFunction|executeAutomation/.test(action));
    expect(changing.map(({ maxAttempts }) => maxAttempts)).toEqual(changing.map(() => 1));
  });
});

test('a repair is applied only behind an approval', () => {
  const steps: { readonly name: string }[] = runbooks.Resources.RepairKeyPolicy.Properties.Content.mainSteps;
  const names = steps.map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(['Plan', 'GoOnOnlyIfProved', 'Approve', 'Apply']);
});

describe('the roles', () => {
  const actions = actionsIn(runbooks.Resources);

  test('only the function may write key policies, and only those that are named', () => {
    expect(actions.filter((action) => action === 'kms:PutKeyPolicy')).toHaveLength(1);
    const [statement] = runbooks.Resources.WriteKeyPolicies.Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({ Action: 'kms:PutKeyPolicy', Resource: 'RepairableKeyArns' });
    expect(statement.Condition.BoolIfExists).toEqual({ 'kms:BypassPolicyLockoutSafetyCheck': 'false' });
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

/** Every action of every statement, however deep it stands. */
function actionsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { Action = [], ...others } = value as { Action?: string | string[] };
  return [...[Action].flat(), ...Object.values(others).flatMap(actionsIn)];
}
