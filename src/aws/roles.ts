import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Access, Home } from './access.ts';
import type { AwsClients, Credentials } from './clients.ts';
import { callOf, describeDenial, describeError, InfrastructureError, isDenied } from './errors.ts';
import { keptWith } from './kept.ts';
import { memoize } from './memo.ts';
import { required } from './required.ts';
import { startSession } from './session.ts';

/** As the session shows in the CloudTrail events of the account that is read. */
const SESSION_NAME = 'cloudtrail-kms-rule';
/** Credentials that end sooner than this are renewed before they are used again, in milliseconds. */
const RENEWED_BEFORE_END = 5 * 60_000;
/** The shortest session that STS hands out, for an answer that does not say when it ends. */
const SHORTEST_SESSION = 15 * 60_000;

interface Assumed {
  readonly credentials: Credentials;
  /** Milliseconds since 1970. */
  readonly end: number;
}

/** The role cannot be used: it is not there, it does not trust the function, or the function may not assume it. */
export interface Refused {
  readonly refused: string;
}

const keptSessions = keptWith(() => new Map<string, Assumed>());

/**
 * Assumes roles with the function's own credentials, at the Region's own STS endpoint. A session is kept until shortly
 * before its end, beyond the invocation.
 *
 * @param home the function's own access, which signs AssumeRole
 */
export function roleAssumer(
  home: Access,
  place: Home,
  externalId: string | null,
  signal: AbortSignal,
): (arn: string) => Promise<Access | Refused> {
  const kept = keptSessions(home.clients);
  const assume = (arn: string) => assumeRole(home, place.region, arn, externalId);

  return memoize(async (arn): Promise<Access | Refused> => {
    const [, , , , accountId = ''] = arn.split(':');
    const known = kept.get(arn);
    let assumed = known;
    if (assumed === undefined || endsSoon(assumed)) {
      const answer = await assume(arn);
      if ('refused' in answer) return answer;
      kept.set(arn, answer);
      assumed = answer;
    }
    return accessThrough(home.clients, accountId, arn, assumed, signal, async () => {
      const answer = await assume(arn);
      if ('refused' in answer)
        throw new InfrastructureError(callOf('STS', 'AssumeRole', arn, place.region), answer.refused);
      kept.set(arn, answer);
      return answer;
    });
  });
}

function accessThrough(
  clients: AwsClients,
  accountId: string,
  arn: string,
  first: Assumed,
  signal: AbortSignal,
  assumeAgain: () => Promise<Assumed>,
): Access {
  let assumed = first;
  let renewing: Promise<void> | null = null;
  // Requests at the same time share one renewal.
  const renew = (): Promise<void> => {
    renewing ??= assumeAgain()
      .then((next) => {
        assumed = next;
      })
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };
  const session = startSession(accountId, arn, signal, {
    current: () => assumed,
    refresh: async () => {
      if (endsSoon(assumed)) await renew();
    },
    replace: async (refused) => {
      if (refused === assumed) await renew();
    },
  });
  return {
    session,
    clients: { get: (Service, region) => clients.as(assumed.credentials).get(Service, region), as: clients.as },
  };
}

const endsSoon = ({ end }: Assumed): boolean => end - Date.now() < RENEWED_BEFORE_END;

async function assumeRole(
  { session, clients }: Access,
  region: string,
  arn: string,
  externalId: string | null,
): Promise<Assumed | Refused> {
  const call = callOf('STS', 'AssumeRole', arn, region);
  const answer = await session.ask(call, (options) =>
    clients.get(STSClient, region).send(
      new AssumeRoleCommand({
        RoleArn: arn,
        RoleSessionName: SESSION_NAME,
        ...(externalId !== null && { ExternalId: externalId }),
      }),
      options,
    ),
  );
  // STS does not tell a role that is not there from one that does not trust the caller.
  if (!answer.ok && isDenied(answer.refusal)) {
    return {
      refused: `${describeDenial(call, answer.refusal, session.caller)}, or the role is missing or does not trust it`,
    };
  }
  // Asking again changes nothing: the role's account has to turn STS on in this Region.
  if (!answer.ok && answer.refusal.code === 'RegionDisabledException')
    return { refused: describeError(answer.refusal.error) };
  const given = required(call, session.outputOrThrow(call, answer), 'Credentials');
  return {
    credentials: {
      accessKeyId: required(call, given, 'AccessKeyId'),
      secretAccessKey: required(call, given, 'SecretAccessKey'),
      sessionToken: required(call, given, 'SessionToken'),
    },
    end: given.Expiration?.getTime() ?? Date.now() + SHORTEST_SESSION,
  };
}
