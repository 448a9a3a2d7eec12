import { aroundAttempts, aroundRequests } from './middleware.ts';
import { whenItsTurn } from './requestLimit.ts';
import { type UsageMeter, watchRequests } from './requestUsage.ts';
import { type RetryStrategy, standardRetries } from './retries.ts';
import { everyRequest, REQUESTS_A_HOST_AND_ROLE, Turns } from './turns.ts';

/** Temporary credentials of a role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Whose requests they are; without either what the SDK's own credential chain finds. */
export interface Identity {
  readonly credentials?: Credentials;
  /** Of the shared configuration files; for the command line. */
  readonly profile?: string;
}

/** What every client is made with. */
export type ClientSettings = ReturnType<typeof settings> & Identity & { readonly retryStrategy: RetryStrategy };

/** One client a service and Region, kept for the life of the process. */
export interface AwsClients {
  /**
   * Made when first asked for, with the SDK's own credential chain unless `as` gave others; AWS_ENDPOINT_URL is honoured
   * by the SDK.
   */
  get<Client>(Service: new (settings: ClientSettings) => Client, region: string): Client;
  /** The same clients with the credentials of a role. */
  as(credentials: Credentials): AwsClients;
}

/** The clients of the process's own credentials. */
export interface OwnClients extends AwsClients {
  /** Gives every client, those of roles too, its full quota of retries again. */
  startInvocation(): void;
}

/** A hanging endpoint costs `MAX_ATTEMPTS` times the request timeout, and the SDK's pauses; a whole request: requestLimit.ts. */
const MAX_ATTEMPTS = 4;
const TIMEOUTS = {
  connectionTimeout: 1_000,
  requestTimeout: 4_000,
  // The other one ends with the headers of the answer: a body that stops half-way would be waited for without end.
  socketTimeout: 4_000,
  // Without it the SDK only logs a warning and waits on.
  throwOnRequestTimeout: true,
};
/** Roles whose clients are kept beside those at work: a central function meets hundreds, and each client takes memory. */
const ROLES_KEPT = 16;

/** Loaded with the first request. The SDK takes such a function, which its clients' types do not say. */
const requestHandler = (async () => {
  const { httpAgent, httpsAgent } = await import('./firstRequest.ts');
  return { ...TIMEOUTS, httpAgent, httpsAgent };
}) as object as Record<string, unknown>;

const settings = (region: string) => ({
  region,
  maxAttempts: MAX_ATTEMPTS,
  requestHandler,
  // For S3: one custom endpoint cannot serve a host name for each bucket.
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});

/**
 * Clients with the SDK's own credential chain, which may start from a profile.
 *
 * @param meter counts the requests of these clients, and of those with a role's credentials
 * @param whenThrottled attempts where a service says that it is asked too often
 */
export function createClients(
  profile: Pick<Identity, 'profile'> = {},
  meter: Pick<UsageMeter, 'record'> | null = null,
  whenThrottled = MAX_ATTEMPTS,
): OwnClients {
  let invocations = 0;
  const roles = new Map<Credentials, ClientsOfOne>();
  const as = (credentials: Credentials): AwsClients => {
    const clients = roles.get(credentials) ?? clientsOf({ credentials });
    // Used last, so dropped last.
    roles.delete(credentials);
    roles.set(credentials, clients);
    for (const [role, { atWork, close }] of roles) {
      if (roles.size <= ROLES_KEPT || role === credentials) break;
      if (atWork()) continue;
      roles.delete(role);
      close();
    }
    return clients;
  };
  const clientsOf = (identity: Identity): ClientsOfOne =>
    clientsWith(identity, as, meter, () => standardRetries(MAX_ATTEMPTS, () => invocations, whenThrottled));
  return Object.assign(clientsOf(profile), {
    startInvocation: () => {
      invocations += 1;
    },
  });
}

/** The clients of one identity. */
interface ClientsOfOne extends AwsClients {
  /** Whether one of them has a request at work. */
  atWork(): boolean;
  close(): void;
}

function clientsWith(
  identity: Identity,
  as: AwsClients['as'],
  meter: Pick<UsageMeter, 'record'> | null,
  retries: () => RetryStrategy,
): ClientsOfOne {
  const services = new Map<unknown, Map<string, unknown>>();
  let requests = 0;
  return {
    get(Service, region) {
      const regions = services.get(Service) ?? new Map<string, unknown>();
      services.set(Service, regions);
      const made = () => {
        const client = new Service({ ...settings(region), retryStrategy: retries(), ...identity });
        aroundRequests(client, (request) => {
          requests += 1;
          return request().finally(() => {
            requests -= 1;
          });
        });
        const turns = new Turns(REQUESTS_A_HOST_AND_ROLE);
        // An attempt waits here, where no time limit counts yet.
        aroundAttempts(client, (attempt) =>
          whenItsTurn((taken) => turns.take(() => everyRequest.take(taken)), attempt),
        );
        if (meter !== null) watchRequests(client, meter);
        return client;
      };
      const client = (regions.get(region) ?? made()) as InstanceType<typeof Service>;
      regions.set(region, client);
      return client;
    },
    as,
    atWork: () => requests > 0,
    close: () => {
      for (const client of [...services.values()].flatMap((regions) => [...regions.values()])) {
        (client as { destroy?: () => void }).destroy?.();
      }
    },
  };
}
