import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { parseArn } from '../trail/arn.ts';
import type { Access, Home } from './access.ts';
import { createClients } from './clients.ts';
import { callOf, InfrastructureError } from './errors.ts';
import { required } from './required.ts';
import { startSession } from './session.ts';

/** Attempts where a service says that it is asked too often: a person waits a minute for a verdict rather than go without one. */
const ATTEMPTS_WHEN_THROTTLED = 8;

/** Who asks AWS, and from where. */
export interface Caller {
  readonly own: Access;
  readonly home: Home;
}

/**
 * Finds credentials through the SDK's standard chain and asks STS whose they are.
 *
 * @throws InfrastructureError when there are no credentials or AWS does not take them
 */
export async function callerOf(profile: string | undefined, region: string, signal: AbortSignal): Promise<Caller> {
  const clients = createClients(profile === undefined ? {} : { profile }, null, ATTEMPTS_WHEN_THROTTLED);
  const who = profile === undefined ? 'the credentials' : `profile ${profile}`;
  const call = callOf('STS', 'GetCallerIdentity', who, region);
  const identity = await startSession('', 'the caller', signal).demand(call, (options) =>
    clients.get(STSClient, region).send(new GetCallerIdentityCommand({}), options),
  );
  const [Account, Arn] = [required(call, identity, 'Account'), required(call, identity, 'Arn')];
  const partition = parseArn(Arn)?.partition;
  if (partition === undefined) throw new InfrastructureError(call, `STS answered with \`${Arn}\`, which is no ARN`);
  return {
    own: { session: startSession(Account, Arn, signal), clients },
    home: { accountId: Account, partition, region },
  };
}

/** What the SDK's credential providers throw; none of them is an answer of AWS's. */
const PROVIDER_ERROR = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;

/** The credential provider's own error behind one of `callerOf`; `null`: there were credentials. */
export function missingCredentials(error: unknown): Error | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && PROVIDER_ERROR.test(cause.name) ? cause : null;
}

/** The Region that a profile of the shared configuration files names. */
export async function regionOfProfile(profile: string): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return configFile[profile]?.region ?? credentialsFile[profile]?.region;
}
