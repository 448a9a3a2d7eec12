import { BatchImportFindingsCommand, GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { findingStore, type ImportableFinding } from '../../src/aws/securityHub.ts';
import { ACCOUNT, denied, HOME, refused } from './support/answers.ts';

const hub = mockClient(SecurityHubClient);
const PRODUCT = `arn:aws:securityhub:us-east-1:${ACCOUNT}:product/${ACCOUNT}/default`;
const finding = (Id: string): ImportableFinding => ({ Id, ProductArn: PRODUCT });
const pauses: number[] = [];
const store = () =>
  findingStore(
    createClients(),
    { home: HOME, caller: 'the role of the function', signal: new AbortController().signal },
    async (milliseconds) => {
      pauses.push(milliseconds);
    },
  );
const sent = () => hub.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings ?? []);
const taken = { FailedCount: 0, SuccessCount: 1, FailedFindings: [] };
const partly = (...ids: string[]) => ({
  FailedCount: ids.length,
  SuccessCount: 1,
  FailedFindings: ids.map((Id) => ({ Id, ErrorCode: 'InternalFailure', ErrorMessage: 'try again' })),
});

beforeEach(() => {
  hub.reset();
  pauses.length = 0;
});

it('imports a hundred findings a call', async () => {
  hub.on(BatchImportFindingsCommand).resolves(taken);
  await store().importFindings(Array.from({ length: 201 }, (_, index) => finding(`f${index}`)));
  expect(sent().map(({ length }) => length)).toEqual([100, 100, 1]);
});

it('asks nothing where there is nothing to import', async () => {
  await store().importFindings([]);
  expect(hub.calls()).toHaveLength(0);
});

it('sends again what was refused, and only that', async () => {
  hub.on(BatchImportFindingsCommand).resolvesOnce(partly('b', 'c')).resolvesOnce(partly('c')).resolves(taken);
  await store().importFindings([finding('a'), finding('b'), finding('c')]);
  expect(sent().map((batch) => batch.map(({ Id }) => Id))).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
  expect(pauses).toEqual([200, 400]);
});

it('fails on what stays refused, after the other batches have been sent', async () => {
  hub.on(BatchImportFindingsCommand).callsFake(({ Findings }) => {
    const named = (Findings as ImportableFinding[]).some(({ Id }) => Id === 'f3');
    return named ? partly('f3') : taken;
  });
  const all = Array.from({ length: 101 }, (_, index) => finding(`f${index}`));
  await expect(store().importFindings(all)).rejects.toThrow(
    `SecurityHub BatchImportFindings for \`${PRODUCT}\` in us-east-1 failed: 1 of 101 findings were refused 4 times: f3 (InternalFailure: try again)`,
  );
  expect(sent().map(({ length }) => length)).toEqual([100, 1, 1, 1, 1]);
});

it.each([
  ['none', partly()],
  ['one', partly('a')],
])('fails where Security Hub counts two failures and names %s', async (_, answer) => {
  hub.on(BatchImportFindingsCommand).resolves({ ...answer, FailedCount: 2 });
  await expect(store().importFindings([finding('a'), finding('b')])).rejects.toThrow(
    'refused 2 findings and did not name them all',
  );
});

it.each([
  ['is not enabled', refused('InvalidAccessException', 'Account is not subscribed to AWS Security Hub', 401)],
  ['denies the import', denied('securityhub:BatchImportFindings')],
  ['throttles', refused('TooManyRequestsException', 'slow down', 429)],
])('fails where Security Hub %s', async (_, error) => {
  hub.on(BatchImportFindingsCommand).rejects(error);
  await expect(store().importFindings([finding('a')])).rejects.toMatchObject({ name: 'InfrastructureError' });
});

it('reads the ids of open findings of its own product, page by page', async () => {
  hub
    .on(GetFindingsCommand)
    .resolvesOnce({ Findings: [{ Id: 'a' } as never], NextToken: 'more' })
    .resolves({ Findings: [{ Id: 'b' } as never] });
  await expect(store().openFindingIds('cloudtrail-kms-rule')).resolves.toEqual(['a', 'b']);
  expect(hub.commandCalls(GetFindingsCommand)[1]?.args[0].input).toEqual({
    Filters: {
      GeneratorId: [{ Value: 'cloudtrail-kms-rule', Comparison: 'EQUALS' }],
      ProductArn: [{ Value: PRODUCT, Comparison: 'EQUALS' }],
      AwsAccountId: [{ Value: ACCOUNT, Comparison: 'EQUALS' }],
      RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }],
    },
    MaxResults: 100,
    NextToken: 'more',
  });
});
