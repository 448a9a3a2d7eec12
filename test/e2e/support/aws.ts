import { ACCOUNT, awsPolicy, type Trail } from './account.ts';
import { type AggregatedTrail, queryAnswer } from './aggregator.ts';
import { ok, refuse, type Wire, type WireAnswer, type WireRequest } from './wire.ts';

const ORGANIZATION = 'o-exampleorgid';
const MANAGEMENT = '999999999999';
const ROWS_PER_PAGE = 100;

/** The Regions that no account has to enable. */
export const DEFAULT_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/** Accounts of an organization with these trails and their keys, without moto: everything is as it should be. */
export function answerAsAws(wire: Wire, trails: readonly Trail[]): void {
  const accounts = distinct(trails.map(({ arn }) => accountOf(arn)));
  const regions = distinct(trails.map(({ region }) => region));
  const policyOf = (keyArn: string): string => {
    const users = trails.filter((trail) => trail.keyArn === keyArn).map(({ arn }) => arn);
    return JSON.stringify(awsPolicy(users, accountOf(keyArn)));
  };
  const now = Date.now() / 1_000;

  wire.on('sts', 'GetCallerIdentity', (request) =>
    xml(`<GetCallerIdentityResponse><GetCallerIdentityResult>
    <Arn>arn:aws:iam::${signer(request)}:user/auditor</Arn><Account>${signer(request)}</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`),
  );
  wire.on('sts', 'AssumeRole', ({ form }) =>
    xml(`<AssumeRoleResponse><AssumeRoleResult><Credentials>
    <AccessKeyId>ASIA${accountOf(form.RoleArn ?? '')}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>`),
  );
  wire.on('ec2', 'DescribeRegions', () =>
    xml(`<DescribeRegionsResponse><regionInfo>
    ${regions.map((region) => `<item><regionName>${region}</regionName></item>`).join('')}
    </regionInfo></DescribeRegionsResponse>`),
  );

  wire.on('organizations', 'DescribeOrganization', () =>
    ok({ Organization: { Id: ORGANIZATION, MasterAccountId: MANAGEMENT } }),
  );
  wire.on('organizations', 'ListAccounts', () => ok({ Accounts: accounts.map((Id) => ({ Id, State: 'ACTIVE' })) }));
  wire.on('organizations', 'DescribeAccount', ({ body: { AccountId } }) =>
    ok({
      Account: { Id: AccountId, Arn: `arn:aws:organizations::${MANAGEMENT}:account/${ORGANIZATION}/${AccountId}` },
    }),
  );
  wire.on('organizations', 'ListParents', () => refuse('AccessDeniedException'));

  wire.on(
    'config',
    'SelectAggregateResourceConfig',
    queryAnswer(trails satisfies readonly AggregatedTrail[], ROWS_PER_PAGE),
  );
  wire.on('cloudtrail', 'DescribeTrails', (request) => {
    const here = trails.filter(({ arn, region }) => accountOf(arn) === signer(request) && region === request.region);
    return ok({ trailList: here.map(described) });
  });
  wire.on('cloudtrail', 'GetTrailStatus', () =>
    ok({ IsLogging: true, LatestDeliveryTime: now, LatestDigestDeliveryTime: now, StartLoggingTime: 1_700_000_000 }),
  );
  wire.on('cloudtrail', 'GetEventSelectors', () => ok({ EventSelectors: [] }));
  wire.on('cloudtrail', 'GetEventConfiguration', () => ok({ AggregationConfigurations: [] }));

  wire.on('kms', 'DescribeKey', ({ body: { KeyId } }) => ok({ KeyMetadata: keyMetadata(String(KeyId)) }));
  wire.on('kms', 'GetKeyPolicy', ({ body: { KeyId } }) =>
    ok({ PolicyName: 'default', Policy: policyOf(String(KeyId)) }),
  );
  wire.on('kms', 'GetKeyRotationStatus', () => ok({ KeyRotationEnabled: true }));
  wire.on('kms', 'ListAliases', () => ok({ Aliases: [], Truncated: false }));
  wire.on('kms', 'ListGrants', () => ok({ Grants: [], Truncated: false }));

  // As S3 does: without it Node closes the connection after an answer that has no body.
  const chunked = { 'transfer-encoding': 'chunked' };
  wire.on('s3', 'HeadBucket', ({ region }) => ({
    status: 200,
    headers: { 'x-amz-bucket-region': region, ...chunked },
    body: '',
  }));
  wire.on('s3', 'GetBucketEncryption', () =>
    xml(`<ServerSideEncryptionConfiguration><Rule>
    <ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>
    <BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`),
  );
}

/** So many trails in each Region of each account, where they share a bucket and a key. */
export function trailsOf(accounts: readonly string[], regions: readonly string[], perRegion: number): readonly Trail[] {
  return accounts.flatMap((account) =>
    regions.flatMap((region) =>
      Array.from({ length: perRegion }, (_, index) => ({
        name: `trail-${index}`,
        arn: `arn:aws:cloudtrail:${region}:${account}:trail/trail-${index}`,
        region,
        bucket: `logs-${account}-${region}`,
        keyArn: `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`,
      })),
    ),
  );
}

/** `ACCOUNT` and accounts beside it. */
export const accountIds = (count: number): readonly string[] => [
  ACCOUNT,
  ...Array.from({ length: count - 1 }, (_, index) => String(200_000_000_000 + index)),
];

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
/** Whose credentials signed: `AssumeRole`'s access keys hold the account. */
const signer = ({ accessKey }: WireRequest): string => /\d{12}/.exec(accessKey)?.[0] ?? ACCOUNT;
const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];
const xml = (body: string): WireAnswer => ({ status: 200, headers: { 'content-type': 'text/xml' }, body });

const described = ({ name, arn, region, bucket, keyArn }: Trail) => ({
  Name: name,
  TrailARN: arn,
  HomeRegion: region,
  S3BucketName: bucket,
  KmsKeyId: keyArn,
  IsMultiRegionTrail: false,
  IsOrganizationTrail: false,
  LogFileValidationEnabled: true,
});

const keyMetadata = (arn: string) => ({
  Arn: arn,
  KeyId: arn.split('/')[1],
  AWSAccountId: accountOf(arn),
  KeyState: 'Enabled',
  KeyManager: 'CUSTOMER',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  Origin: 'AWS_KMS',
});
