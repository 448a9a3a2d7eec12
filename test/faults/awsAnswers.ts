import { ACCOUNT, REGION } from '../e2e/support/account.ts';
import { ok, refuse, unshared, type WireAnswer, type WireRequest } from '../e2e/support/wire.ts';
import type { Estate, EstateKey, EstateTrail } from './estate.ts';

/** One time for all that is told of an estate, so that the same world is told in the same words. */
const NOW = Math.floor(Date.now() / 1_000) - 600;
const LONG_AGO = NOW - 40 * 86_400;

/** Whose credentials signed; sessions of roles carry their account. */
export const signerOf = ({ accessKey }: WireRequest): string => /^ASIA(\d{12})$/.exec(accessKey)?.[1] ?? ACCOUNT;

/** What a request is about, as a part of its name. */
export function subjectOf(request: WireRequest): string {
  const { service, body, form, path } = request;
  const text = (value: unknown): string => (value === undefined ? '' : String(value));
  const page = text(body.Marker ?? body.NextToken);
  const list = (body.trailNameList ?? body.ResourceIdList) as readonly string[] | undefined;
  const about = {
    s3: path.split(/[/?]/)[1],
    sts: form.RoleArn ?? '',
    config: body.ConfigRuleNames === undefined ? signerOf(request) : text((body.ConfigRuleNames as string[])[0]),
    cloudtrail: list?.[0] ?? text(body.Name ?? signerOf(request)),
    kms: text(body.KeyId),
    organizations: signerOf(request),
  }[service];
  return `${about ?? ''}${page === '' ? '' : `#${page}`}`;
}

export const nameOf = (request: WireRequest): string =>
  `${request.service} ${request.operation.replaceAll(' ', '-')} ${subjectOf(request)}`.trim();

/** The names of the requests that reading a trail takes, but for those that list trails. */
export function readsOf({ arn, bucket, key }: EstateTrail): readonly string[] {
  const ofKey =
    key === null
      ? []
      : [
          ...['DescribeKey', 'GetKeyPolicy', 'GetKeyPolicy-AWS_RAM'].map((operation) => `kms ${operation} ${key.arn}`),
          ...key.grants.map((_, page) => `kms ListGrants ${key.arn}${page === 0 ? '' : `#${page}`}`),
        ];
  const ofBucket = ['HeadBucket', 'GetBucketEncryption'].map((operation) => `s3 ${operation} ${bucket}`);
  return [`cloudtrail GetTrailStatus ${arn}`, ...ofBucket, ...ofKey];
}

const missing = (code: string): WireAnswer => refuse(code, 'there is none');

/** What CloudTrail, KMS, S3, STS and Organizations answer about an estate. */
export function answerAbout(estate: Estate, request: WireRequest): WireAnswer {
  const { service, operation, body, form } = request;
  const owner = String(body.KeyId ?? body.Name ?? '').split(':')[4];
  if (owner !== undefined && owner !== signerOf(request)) return refuse('AccessDeniedException', 'not authorized');
  switch (service) {
    case 'cloudtrail': {
      const listed = (body.trailNameList ?? body.ResourceIdList ?? [body.Name]) as readonly string[];
      const trail = estate.trails.find(({ arn }) => listed.includes(arn));
      if (operation === 'DescribeTrails') {
        const shown = body.trailNameList === undefined ? estate.trails.filter(isOf(request)) : trail ? [trail] : [];
        return ok({ trailList: shown.map(describeTrail) });
      }
      if (trail === undefined) return missing('TrailNotFoundException');
      if (operation === 'GetTrailStatus') return ok(statusOf(trail));
      return ok({ ResourceTagList: [{ ResourceId: trail.arn, TagsList: [] }] });
    }
    case 'kms': {
      const key = estate.keys.get(String(body.KeyId));
      return key === undefined || key.kind === 'gone' ? missing('NotFoundException') : answerAboutKey(key, request);
    }
    case 's3':
      if (operation === 'HeadBucket')
        return { status: 200, headers: { 'x-amz-bucket-region': REGION, 'content-type': 'application/xml' }, body: '' };
      return { status: 200, headers: { 'content-type': 'application/xml' }, body: ENCRYPTION };
    case 'sts':
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: stsAnswer(request, form.RoleArn) };
    case 'organizations':
      return missing('AWSOrganizationsNotInUseException');
    default:
      return missing('UnknownOperationException');
  }
}

const isOf =
  (request: WireRequest) =>
  ({ accountId, isOrganization }: EstateTrail): boolean =>
    accountId === signerOf(request) || (isOrganization === true && request.body.includeShadowTrails === true);

const describeTrail = ({ name, arn, bucket, key, isOrganization = false }: EstateTrail) => ({
  Name: name,
  TrailARN: arn,
  HomeRegion: REGION,
  S3BucketName: bucket,
  IsMultiRegionTrail: false,
  IsOrganizationTrail: isOrganization,
  LogFileValidationEnabled: true,
  HasInsightSelectors: false,
  ...(key === null ? {} : { KmsKeyId: key.arn }),
});

/** CloudTrail cannot deliver with a key that shuts it out. */
const SHUT_OUT: ReadonlySet<string> = new Set(['foreign', 'disabled', 'managed', 'gone']);

function statusOf({ kind }: EstateTrail) {
  if (SHUT_OUT.has(kind)) return { IsLogging: true, LatestDeliveryTime: LONG_AGO, LatestDeliveryError: 'AccessDenied' };
  return { IsLogging: true, LatestDeliveryTime: NOW, LatestDigestDeliveryTime: NOW };
}

function answerAboutKey(key: EstateKey, { operation, body }: WireRequest): WireAnswer {
  switch (operation) {
    case 'DescribeKey':
      return ok({ KeyMetadata: metadataOf(key) });
    case 'GetKeyPolicy':
      return ok({ PolicyName: 'default', Policy: key.policy });
    case 'GetKeyPolicy AWS_RAM':
      return unshared;
    case 'PutKeyPolicy':
      key.policy = String(body.Policy);
      return ok('');
    case 'GetKeyRotationStatus':
      return ok({ KeyRotationEnabled: true });
    case 'ListAliases':
      return ok({ Aliases: [], Truncated: false });
    case 'ListResourceTags':
      return ok({ Tags: [], Truncated: false });
    case 'ListGrants': {
      const page = Number(body.Marker ?? 0);
      const more = page + 1 < key.grants.length ? { NextMarker: String(page + 1) } : {};
      return ok({ Grants: key.grants[page] ?? [], Truncated: 'NextMarker' in more, ...more });
    }
    default:
      return missing('UnknownOperationException');
  }
}

const metadataOf = ({ arn, kind }: EstateKey) => ({
  Arn: arn,
  KeyId: arn.split('/')[1],
  AWSAccountId: arn.split(':')[4],
  KeyState: kind === 'disabled' ? 'Disabled' : 'Enabled',
  Enabled: kind !== 'disabled',
  KeyManager: kind === 'managed' ? 'AWS' : 'CUSTOMER',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  Origin: 'AWS_KMS',
  MultiRegion: false,
});

const ENCRYPTION =
  '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>' +
  '</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>';

function stsAnswer(request: WireRequest, roleArn: string | undefined): string {
  const wrapped = (name: string, inner: string) =>
    `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${inner}</${name}Result></${name}Response>`;
  if (roleArn === undefined) {
    const account = signerOf(request);
    const who = `<Arn>arn:aws:iam::${account}:user/caller</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account>`;
    return wrapped('GetCallerIdentity', who);
  }
  const accessKey = `ASIA${roleArn.split(':')[4]}`;
  const end = new Date(Date.now() + 3_600_000).toISOString();
  return wrapped(
    'AssumeRole',
    `<Credentials><AccessKeyId>${accessKey}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
      `<SessionToken>token</SessionToken><Expiration>${end}</Expiration></Credentials>`,
  );
}
