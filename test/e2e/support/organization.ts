import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, type Account, accountAt, REGION, type Trail } from './account.ts';
import { changed, type EventOptions } from './events.ts';
import type { WireRequest } from './wire.ts';

/** The accounts of an organization, beside the function's own. */
export const MEMBER = '222222222222';
export const MANAGEMENT = '333333333333';
export const LOG_ARCHIVE = '444444444444';

/** Another account of moto: an assumed role's session works in the account of the role. */
export async function accountOf(motoUrl: string, accountId: string): Promise<Account> {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const { Credentials } = await new STSClient({ region: REGION, endpoint: motoUrl, credentials }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/admin`, RoleSessionName: 'test' }),
  );
  return accountAt(motoUrl, {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
}

/** `service` → whose credentials signed its requests: `account/role`, or `function`. */
export async function signers(
  motoUrl: string,
  requests: readonly WireRequest[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const names = new Map<string, Set<string>>();
  for (const { service, accessKey } of requests) {
    const signer = await signerOf(motoUrl, accessKey);
    names.set(service, (names.get(service) ?? new Set()).add(signer));
  }
  return Object.fromEntries([...names].map(([service, found]) => [service, [...found].sort()]));
}

/** moto knows whose session an access key belongs to. */
async function signerOf(motoUrl: string, accessKeyId: string): Promise<string> {
  // Lambda's own variables hold this one.
  if (accessKeyId === 'ASIAEXAMPLE') return 'function';
  const credentials = { accessKeyId, secretAccessKey: 'secret', sessionToken: 'token' };
  const sts = new STSClient({ region: REGION, endpoint: motoUrl, credentials });
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const [, accountId, role] = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(Arn) ?? [];
  return accountId === undefined ? Arn : `${accountId}/${role}`;
}

/** A change of a trail, as AWS Config sends it for a rule of another account. */
export function changedIn(accountId: string, trail: Trail, options: EventOptions = {}, isOrganizationTrail = false) {
  const event = changed(trail, { awsAccountId: accountId }, options);
  const invoking = JSON.parse(event.invokingEvent);
  invoking.configurationItem.configuration.isOrganizationTrail = isOrganizationTrail;
  return {
    ...event,
    invokingEvent: JSON.stringify(invoking),
    accountId,
    configRuleArn: event.configRuleArn.replace(ACCOUNT, accountId),
  };
}
