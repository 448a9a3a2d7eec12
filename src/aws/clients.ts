import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { KMSClient } from '@aws-sdk/client-kms';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { S3Client } from '@aws-sdk/client-s3';

/** One client a service and Region, kept with its connections for the life of the process. */
export interface AwsClients {
  cloudTrail(region: string): CloudTrailClient;
  config(region: string): ConfigServiceClient;
  kms(region: string): KMSClient;
  s3(region: string): Promise<S3Client>;
  organizations(region: string): Promise<OrganizationsClient>;
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
});

/** Clients with the SDK's own credential chain; AWS_ENDPOINT_URL is honoured by the SDK. */
export function createClients(): AwsClients {
  return {
    cloudTrail: eachRegion((region) => new CloudTrailClient(settings(region))),
    config: eachRegion((region) => new ConfigServiceClient(settings(region))),
    kms: eachRegion((region) => new KMSClient(settings(region))),
    // Loaded when first used: together they are a third of the code that would otherwise be read at every start.
    s3: eachRegion(async (region) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      // One custom endpoint cannot serve a host name for each bucket.
      const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
      return new S3Client({ ...settings(region), forcePathStyle });
    }),
    organizations: eachRegion(async (region) => {
      const { OrganizationsClient } = await import('@aws-sdk/client-organizations');
      return new OrganizationsClient(settings(region));
    }),
  };
}

function eachRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region);
    if (known !== undefined) return known;
    const client = create(region);
    clients.set(region, client);
    return client;
  };
}
