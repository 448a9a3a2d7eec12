import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { InfrastructureError } from '../../src/aws/errors.ts';
import { trailPresence } from '../../src/aws/trailPresence.ts';
import { ACCOUNT, denied, OTHER_ACCOUNT, reach, refused } from './support/answers.ts';

const cloudtrail = mockClient(CloudTrailClient);
const sts = mockClient(STSClient);
const OWN = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/main`;
const THEIRS = OWN.replace(ACCOUNT, OTHER_ACCOUNT);

beforeEach(() => {
  cloudtrail.reset();
  sts.reset();
  sts.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: 'a',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: new Date(Date.now() + 3.6e6),
    },
  });
});

const ask = (trailArn: string, memberRoleName: string | null = null) =>
  trailPresence(createClients(), {
    caller: 'the role of the function',
    reach: reach({ memberRoleName, expected: { accounts: [OTHER_ACCOUNT], organizationId: null } }),
    signal: new AbortController().signal,
  })(trailArn);

it.each([
  ['is there', [{ TrailARN: OWN }], true],
  ['is not there', [], false],
  ['is not there, but another one', [{ TrailARN: `${OWN}-2` }], false],
])('a trail of the own account %s', async (_, trailList, value) => {
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList });
  expect(await ask(OWN)).toEqual({ read: true, value });
  const [call] = cloudtrail.calls();
  expect(call?.args[0].input).toEqual({ trailNameList: [OWN], includeShadowTrails: false });
  expect(await (call?.thisValue as CloudTrailClient | undefined)?.config.region()).toBe('eu-west-1');
});

it('a trail of another account is asked for there, through the role', async () => {
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [] });
  expect(await ask(THEIRS, 'Member')).toEqual({ read: true, value: false });
  expect(sts.calls()[0]?.args[0].input).toMatchObject({ RoleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/Member` });
});

it('without a role nobody is asked: the own account shows only its own trails', async () => {
  expect(await ask(THEIRS)).toMatchObject({
    read: false,
    code: 'denied',
    reason: expect.stringContaining('`memberRoleName` is not set'),
  });
  expect(cloudtrail.calls()).toHaveLength(0);
});

it('a denied question says nothing', async () => {
  cloudtrail.on(DescribeTrailsCommand).rejects(denied('cloudtrail:DescribeTrails'));
  expect(await ask(OWN)).toMatchObject({
    read: false,
    code: 'denied',
    deniedBy: { policy: 'identity', isExplicit: false },
    reason: expect.stringContaining('cloudtrail:DescribeTrails'),
  });
});

it.each([
  ['throttling', () => cloudtrail.on(DescribeTrailsCommand).rejects(refused('ThrottlingException'))],
  ['half an answer', () => cloudtrail.on(DescribeTrailsCommand).resolves({})],
])('%s is an error', async (_, given) => {
  given();
  await expect(ask(OWN)).rejects.toThrow(InfrastructureError);
});
