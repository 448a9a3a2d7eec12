import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  activeAccounts,
  addPermissionCommands,
  isBroad,
  resourcePolicy,
  sizeOf,
  statementsOf,
  wholePolicy,
} from '../../scripts/resourcePolicy.ts';

const ARN = 'arn:aws:lambda:us-east-1:999900001111:function:cloudtrail-kms-rule';
const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

test.each([
  ['one account', 1, 1, false],
  ['sixty accounts', 60, 60, false],
  ['sixty-one accounts', 61, 1, true],
  ['a thousand accounts', 1_000, 1, true],
])('%s', (_, given, statements, broad) => {
  const policy = resourcePolicy(ARN, accounts(given));
  expect(policy.Statement).toHaveLength(statements);
  expect(isBroad(policy)).toBe(broad);
  expect(sizeOf(policy)).toBeLessThanOrEqual(20_480);
  expect(new Set(policy.Statement.map(({ Sid }) => Sid)).size).toBe(statements);
});

test('a statement names the account whose rules may invoke', () => {
  expect(resourcePolicy(ARN, ['444455556666', '111122223333', '444455556666']).Statement).toEqual([
    expect.objectContaining({
      Sid: 'Config111122223333',
      Principal: { Service: 'config.amazonaws.com' },
      Resource: ARN,
      Condition: { StringEquals: { 'AWS:SourceAccount': '111122223333' } },
    }),
    expect.objectContaining({ Sid: 'Config444455556666' }),
  ]);
});

test('the broad form is bound to the partition, the Region and the rules', () => {
  const [statement] = resourcePolicy(
    ARN.replace('aws:', 'aws-cn:').replace('us-east-1', 'cn-north-1'),
    accounts(61),
  ).Statement;
  expect(statement?.Condition).toEqual({
    ArnLike: { 'AWS:SourceArn': 'arn:aws-cn:config:cn-north-1:*:config-rule/*' },
  });
});

test.each([
  ['an account id of eleven digits', ARN, ['11112222333'], '`11112222333` is no account id'],
  ['no account', ARN, [], 'no account is given'],
  ['$LATEST', `${ARN}:$LATEST`, accounts(1), 'names $LATEST'],
  ['a name', 'cloudtrail-kms-rule', accounts(1), 'is no ARN of a function'],
  ['more than a policy holds', `${ARN}:${'a'.repeat(128)}`, accounts(60), 'bytes, accepted are 20480'],
])('refuses %s', (_, functionArn, given, message) => {
  expect(() => resourcePolicy(functionArn, given)).toThrow(message);
});

test('commands, with the alias apart', () => {
  expect(addPermissionCommands(resourcePolicy(`${ARN}:live`, ['444455556666']))).toEqual([
    'aws lambda add-permission --region us-east-1 --function-name cloudtrail-kms-rule --qualifier live --statement-id Config444455556666 --action lambda:InvokeFunction --principal config.amazonaws.com --source-account 444455556666',
  ]);
  expect(addPermissionCommands(resourcePolicy(ARN, accounts(61)))[0]).toContain(
    "--source-arn 'arn:aws:config:us-east-1:*:config-rule/*'",
  );
});

describe('the whole policy', () => {
  const OTHER = { Sid: 'stack-ConfigMayInvoke-1', Effect: 'Allow' };

  test.each([
    ['one account', 1, undefined, 'ConfigAccounts'],
    ['1,300 accounts', 1_300, undefined, 'ConfigAccounts'],
    ['1,300 accounts of an organization', 1_300, 'o-exampleorgid', 'ConfigAccounts'],
    ['10,000 accounts', 10_000, undefined, 'ConfigEveryAccount'],
    ['10,000 accounts of an organization', 10_000, 'o-exampleorgid', 'ConfigOrganization'],
  ])('has one statement for %s', (_, count, organization, sid) => {
    const policy = wholePolicy(ARN, accounts(count), organization === undefined ? {} : { organization });
    expect(policy.Statement.map(({ Sid }) => Sid)).toEqual([sid]);
    expect(sizeOf(policy)).toBeLessThanOrEqual(20_480);
    expect(isBroad(policy)).toBe(sid === 'ConfigEveryAccount');
  });

  test('names accounts once, or the organization', () => {
    const { Statement } = wholePolicy(ARN, ['444455556666', '111122223333', '444455556666']);
    expect(Statement[0]?.Condition).toEqual({
      StringEquals: { 'AWS:SourceAccount': ['111122223333', '444455556666'] },
    });
    const ofAll = wholePolicy(ARN, accounts(10_000), { organization: 'o-exampleorgid' }).Statement[0];
    expect(ofAll?.Condition).toEqual({ StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } });
  });

  test('keeps what others put there, and nothing of a former run', () => {
    const former = [
      ...accounts(2).map((id) => `Config${id}`),
      'ConfigAccounts',
      'ConfigOrganization',
      'ConfigEveryAccount',
    ];
    const Policy = JSON.stringify({ Statement: [OTHER, ...former.map((Sid) => ({ Sid }))] });
    const kept = statementsOf(JSON.stringify({ Policy, RevisionId: 'r' }));
    expect(wholePolicy(ARN, accounts(1), { kept }).Statement).toEqual([
      OTHER,
      expect.objectContaining({ Sid: 'ConfigAccounts' }),
    ]);
  });

  test.each([
    ['no organization', { organization: 'example' }, '`example` is no organization id'],
    ['too much of others', { kept: [{ Sid: 'a'.repeat(20_480) }] }, 'bytes, accepted are 20480'],
  ])('refuses %s', (_, options, message) => {
    expect(() => wholePolicy(ARN, accounts(1), options)).toThrow(message);
  });

  test.each([
    ['no JSON', '{', '`--current` is not JSON'],
    ['another answer', '{}', '`--current` is not JSON'],
    ['a policy that is none', '{"Policy":"{}"}', '`--current` is not the JSON of `aws lambda get-policy`'],
  ])('refuses as the policy as it is: %s', (_, text, message) => {
    expect(() => statementsOf(text)).toThrow(message);
  });
});

test('only active accounts of the organization', () => {
  const Accounts = [
    { Id: '111122223333', Status: 'ACTIVE' },
    { Id: '444455556666', Status: 'SUSPENDED' },
    { Id: '777788889999', Status: 'ACTIVE', State: 'PENDING_CLOSURE' },
  ];
  expect(activeAccounts(JSON.stringify({ Accounts }))).toEqual(['111122223333']);
  expect(() => activeAccounts('{}')).toThrow('list-accounts');
  expect(() => activeAccounts('{')).toThrow('is not JSON');
});

describe('the script', () => {
  const script = join(__dirname, '../../scripts/functionPolicy.ts');
  const node = join(__dirname, '../../node_modules/.bin/node');

  it('reads the organization from standard input', () => {
    const input = JSON.stringify({ Accounts: [{ Id: '444455556666', Status: 'ACTIVE' }] });
    const output = execFileSync(node, [script, '--function', ARN], { input, encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(output).Statement).toHaveLength(1);
  });

  it('says where the code is the only boundary', () => {
    const { stdout, stderr, status } = spawnSync(
      node,
      [script, '--function', ARN, '--format', 'commands', '--accounts', accounts(61).join(',')],
      { encoding: 'utf8' },
    );
    expect([status, stdout.trim().split('\n').length]).toEqual([0, 1]);
    expect(stderr).toContain('EXPECTED_ACCOUNTS or EXPECTED_ORGANIZATION is the only boundary (docs/threat-model.md)');
  });

  it('ends with 2 on bad input, in one line', () => {
    const { stderr, status } = spawnSync(node, [script, '--function', ARN, '--accounts', '1'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, '`1` is no account id, accepted are twelve digits\n']);
  });
});
