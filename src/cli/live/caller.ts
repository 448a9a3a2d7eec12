import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { Access, Home } from '../../aws/access.ts';
import { createClients } from '../../aws/clients.ts';
import { type Call, InfrastructureError } from '../../aws/errors.ts';
import { required } from '../../aws/required.ts';
import { startSession } from '../../aws/session.ts';
import { parseArn } from '../../trail/arn.ts';
import { BadInput, CouldNotFinish } from '../errors.ts';
import type { Io } from '../io.ts';

/** Who asks AWS, and from where. */
export interface Caller {
  readonly own: Access;
  readonly home: Home;
}

/**
 * Finds credentials through the SDK's standard chain and asks STS whose they are.
 *
 * @throws CouldNotFinish when there are no credentials or AWS does not take them
 */
export async function findCaller(profile: string | undefined, region: string, signal: AbortSignal): Promise<Caller> {
  // The SDK is part of this release: which Node its later versions will need is no matter of whoever runs this one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const clients = createClients(profile === undefined ? {} : { profile });
  const call: Call = {
    service: 'STS',
    operation: 'GetCallerIdentity',
    permission: 'sts:GetCallerIdentity',
    subject: profile === undefined ? 'the credentials' : `profile ${profile}`,
    region,
  };
  const identity = await startSession('', 'the caller', signal)
    .demand(call, (options) => clients.get(STSClient, region).send(new GetCallerIdentityCommand({}), options))
    .catch((error: unknown) => {
      throw withoutCredentials(error, profile);
    });
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

function withoutCredentials(error: unknown, profile: string | undefined): unknown {
  const { cause } = error as { cause?: unknown };
  if (!(cause instanceof Error) || !PROVIDER_ERROR.test(cause.name)) return error;
  const where =
    profile === undefined ? 'no AWS credentials were found' : `profile \`${profile}\` gives no AWS credentials`;
  const advice =
    'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with `aws sso login`, or name another --profile';
  return new CouldNotFinish(`${where} (${cause.message}): ${advice}`, { cause });
}

/**
 * The Region to start from: that of a profile named on the command line, or else of the environment, or else of the
 * standard profile.
 *
 * @throws BadInput when none of them names one
 */
export async function startingRegion(profile: string | undefined, env: Io['env']): Promise<string> {
  const region =
    (profile === undefined ? undefined : await regionOf(profile)) ||
    env.AWS_REGION ||
    env.AWS_DEFAULT_REGION ||
    (await regionOf(env.AWS_PROFILE || 'default'));
  if (region) return region;
  throw new BadInput('no Region is known: give `--regions`, set AWS_REGION, or give the profile a region');
}

async function regionOf(profile: string): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return configFile[profile]?.region ?? credentialsFile[profile]?.region;
}
