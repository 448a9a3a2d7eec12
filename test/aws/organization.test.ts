import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { ACCOUNT, denied, OTHER_ACCOUNT, ports, refused } from './support/answers.ts';

const organizations = mockClient(OrganizationsClient);
beforeEach(() => organizations.reset());

describe('organizationId', () => {
  it('is asked for once', async () => {
    organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-exampleorgid' } });
    const live = ports();
    expect(await live.organizationId(ACCOUNT)).toEqual({ read: true, value: 'o-exampleorgid' });
    await live.organizationId(ACCOUNT);
    expect(organizations.calls()).toHaveLength(1);
  });

  it('is null where the account belongs to none', async () => {
    organizations.on(DescribeOrganizationCommand).rejects(refused('AWSOrganizationsNotInUseException'));
    expect(await ports().organizationId(ACCOUNT)).toEqual({ read: true, value: null });
  });

  it('is unread where it is denied', async () => {
    organizations.on(DescribeOrganizationCommand).rejects(denied('organizations:DescribeOrganization'));
    expect(await ports().organizationId(ACCOUNT)).toMatchObject({
      read: false,
      code: 'denied',
      reason: expect.stringContaining(`lacks organizations:DescribeOrganization on account ${ACCOUNT}`),
    });
  });

  it('is never asked for another account', async () => {
    expect(await ports().organizationId(OTHER_ACCOUNT)).toMatchObject({ read: false });
    expect(organizations.calls()).toHaveLength(0);
  });

  it('throws on throttling', async () => {
    organizations.on(DescribeOrganizationCommand).rejects(refused('TooManyRequestsException', 'slow down'));
    await expect(ports().organizationId(ACCOUNT)).rejects.toThrow('TooManyRequestsException: slow down');
  });
});
