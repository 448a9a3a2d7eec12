/** What every client is made with. */
export type ClientSettings = ReturnType<typeof settings>;

/** One client a service and Region, kept with its connections for the life of the process. */
export interface AwsClients {
  /** Made when first asked for, with the SDK's own credential chain; AWS_ENDPOINT_URL is honoured by the SDK. */
  get<Client>(Service: new (settings: ClientSettings) => Client, region: string): Client;
}

/** A hanging endpoint costs at most `MAX_ATTEMPTS` times the request timeout, and the SDK's pauses between them. */
const MAX_ATTEMPTS = 4;
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 4_000;

const settings = (region: string) => ({
  region,
  maxAttempts: MAX_ATTEMPTS,
  retryMode: 'standard',
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without it the SDK only logs a warning and waits on.
    throwOnRequestTimeout: true,
  },
  // For S3: one custom endpoint cannot serve a host name for each bucket.
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});

export function createClients(): AwsClients {
  const services = new Map<unknown, Map<string, unknown>>();
  return {
    get(Service, region) {
      const regions = services.get(Service) ?? new Map<string, unknown>();
      services.set(Service, regions);
      const client = (regions.get(region) ?? new Service(settings(region))) as InstanceType<typeof Service>;
      regions.set(region, client);
      return client;
    },
  };
}
