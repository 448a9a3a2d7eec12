import { type UsageMeter, watchRequests } from './requestUsage.ts';

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
export type ClientSettings = ReturnType<typeof settings> & Identity;

/** One client a service and Region, kept with its connections for the life of the process. */
export interface AwsClients {
  /**
   * Made when first asked for, with the SDK's own credential chain unless `as` gave others; AWS_ENDPOINT_URL is honoured
   * by the SDK.
   */
  get<Client>(Service: new (settings: ClientSettings) => Client, region: string): Client;
  /** The same clients with the credentials of a role. */
  as(credentials: Credentials): AwsClients;
}

/** A hanging endpoint costs at most `MAX_ATTEMPTS` times the request timeout, and the SDK's pauses between them. */
const MAX_ATTEMPTS = 4;
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 4_000;
/** Roles whose clients are kept: a central function meets hundreds, and each client takes memory. */
const ROLES_KEPT = 16;

const settings = (region: string) => ({
  region,
  maxAttempts: MAX_ATTEMPTS,
  retryMode: 'standard',
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The other one ends with the headers of the answer: a body that stops half-way would be waited for without end.
    socketTimeout: REQUEST_TIMEOUT_MS,
    // Without it the SDK only logs a warning and waits on.
    throwOnRequestTimeout: true,
  },
  // For S3: one custom endpoint cannot serve a host name for each bucket.
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});

/**
 * Clients with the SDK's own credential chain, which may start from a profile.
 *
 * @param meter counts the requests of these clients, and of those with a role's credentials
 */
export function createClients(
  profile: Pick<Identity, 'profile'> = {},
  meter: Pick<UsageMeter, 'record'> | null = null,
): AwsClients {
  const roles = new Map<Credentials, AwsClients>();
  const as = (credentials: Credentials): AwsClients => {
    const clients = roles.get(credentials) ?? clientsWith({ credentials }, as, meter);
    // Used last, so dropped last.
    roles.delete(credentials);
    roles.set(credentials, clients);
    const [oldest] = roles.keys();
    if (roles.size > ROLES_KEPT && oldest !== undefined) roles.delete(oldest);
    return clients;
  };
  return clientsWith(profile, as, meter);
}

function clientsWith(identity: Identity, as: AwsClients['as'], meter: Pick<UsageMeter, 'record'> | null): AwsClients {
  const services = new Map<unknown, Map<string, unknown>>();
  return {
    get(Service, region) {
      const regions = services.get(Service) ?? new Map<string, unknown>();
      services.set(Service, regions);
      const made = () => {
        const client = new Service({ ...settings(region), ...identity });
        if (meter !== null && client instanceof Object) watchRequests(client, meter);
        return client;
      };
      const client = (regions.get(region) ?? made()) as InstanceType<typeof Service>;
      regions.set(region, client);
      return client;
    },
    as,
  };
}
