import { GetKeyPolicyCommand, type KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms';
import type { AwsClientStub } from 'aws-sdk-client-mock';
import type { Reach } from '../../../src/aws/accounts.ts';
import { createClients } from '../../../src/aws/clients.ts';
import { awsPorts, type Binding } from '../../../src/aws/ports.ts';
import { trailNamed } from '../../rule/facts.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const ALIAS_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/trail`;
export const FOREIGN_KEY_ARN = `arn:aws:kms:eu-west-1:${OTHER_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

export const trail = trailNamed('main', { kmsKeyId: KEY_ARN });

export const HOME = { accountId: ACCOUNT, partition: 'aws', region: 'us-east-1' };

/** From the function's account, with roles or a list of accounts. */
export const reach = (members: Partial<Reach> = {}): Reach => ({
  home: HOME,
  memberRoleName: null,
  keyReaderRoleName: null,
  externalId: null,
  expected: { accounts: [], organizationId: null },
  ...members,
});

/** Live ports over the SDK's real clients, whose sending the test mocks. */
export function ports(binding: Partial<Binding> = {}, clients = createClients()) {
  return awsPorts(clients, {
    accountId: ACCOUNT,
    region: 'us-east-1',
    configRuleName: 'cloudtrail-kms-rule',
    resultToken: 'token',
    readRotation: false,
    readResourceControlPolicies: false,
    aggregatorName: null,
    reach: reach(),
    caller: 'the role of the function',
    signal: new AbortController().signal,
    ...binding,
  });
}

/** What KMS answers to the calls that a test says nothing about. */
export function answerPlainly(kms: AwsClientStub<KMSClient>): void {
  kms.on(ListGrantsCommand).resolves({ Grants: [] });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
}

/** An error as the SDK throws it for a service's answer. */
export function refused(name: string, message = '', status = 400, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status, attempts: 1 },
    $response: { statusCode: status, headers },
  });
}

/** What GetKeyPolicy is asked for, and what KMS answers for a key that is not shared through AWS RAM. */
export const OF_RAM = { PolicyName: 'AWS_RAM' } as const;
export const UNSHARED = refused('NotFoundException', 'no such policy exists');

/** As AWS words a denied request. */
export function denied(permission: string, because = 'no identity-based policy allows it'): Error {
  return refused(
    'AccessDeniedException',
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/rule/1 is not authorized to perform: ${permission} on resource: x because ${because}`,
  );
}

/** A connection that never answered. */
export function unanswered(): Error {
  return Object.assign(new Error('socket did not answer in time'), {
    name: 'TimeoutError',
    $metadata: { attempts: 4 },
  });
}
