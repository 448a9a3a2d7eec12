import { type Caller, callerOf, missingCredentials, regionOfProfile } from '../../aws/caller.ts';
import { BadInput, CouldNotFinish } from '../errors.ts';
import type { Io } from '../io.ts';

/**
 * Finds credentials through the SDK's standard chain and asks STS whose they are.
 *
 * @throws CouldNotFinish when there are no credentials; InfrastructureError when AWS does not take them
 */
export async function findCaller(profile: string | undefined, region: string, signal: AbortSignal): Promise<Caller> {
  // The SDK is part of this release: which Node its later versions will need is no matter of whoever runs this one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return callerOf(profile, region, signal).catch((error: unknown) => {
    const cause = missingCredentials(error);
    if (cause === null) throw error;
    const where =
      profile === undefined ? 'no AWS credentials were found' : `profile \`${profile}\` gives no AWS credentials`;
    const advice =
      'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with `aws sso login`, or name another --profile';
    throw new CouldNotFinish(`${where} (${cause.message}): ${advice}`, { cause });
  });
}

/**
 * The Region to start from: that of a profile named on the command line, or else of the environment, or else of the
 * standard profile.
 *
 * @throws BadInput when none of them names one
 */
export async function startingRegion(profile: string | undefined, env: Io['env']): Promise<string> {
  const region =
    (profile === undefined ? undefined : await regionOfProfile(profile)) ||
    env.AWS_REGION ||
    env.AWS_DEFAULT_REGION ||
    (await regionOfProfile(env.AWS_PROFILE || 'default'));
  if (region) return region;
  throw new BadInput('no Region is known: give `--regions`, set AWS_REGION, or give the profile a region');
}
