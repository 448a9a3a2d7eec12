import type { TrailCase } from '../cases.ts';

type Loose = Readonly<Record<string, unknown>>;

/** A partition, and a Region and another partition and Region that a policy may name by mistake. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly otherPartition: string;
  readonly otherRegion: string;
}

const place = (partition: string, region: string, otherPartition: string, otherRegion: string): Place => ({
  partition,
  region,
  otherPartition,
  otherRegion,
});

export const PLACES: readonly Place[] = [
  place('aws', 'us-east-1', 'aws-us-gov', 'eu-west-1'),
  place('aws-cn', 'cn-north-1', 'aws', 'cn-northwest-1'),
  place('aws-us-gov', 'us-gov-west-1', 'aws', 'us-gov-east-1'),
  place('aws-iso', 'us-iso-east-1', 'aws-iso-b', 'us-iso-west-1'),
  place('aws-iso-b', 'us-isob-east-1', 'aws', 'us-isob-west-1'),
  place('aws-eusc', 'eusc-de-east-1', 'aws', 'eu-central-1'),
];

export const ACCOUNT = '111111111111';
export const OTHER = '222222222222';
export const SERVICE = 'cloudtrail.amazonaws.com';
export const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';
export const S3_CONTEXT = 'kms:EncryptionContext:aws:s3:arn';
export const ENCRYPT = 'Allow CloudTrail to encrypt logs';

export const trailArn = ({ partition, region }: Place, name = 'main'): string =>
  `arn:${partition}:cloudtrail:${region}:${ACCOUNT}:trail/${name}`;

/** The policy that AWS publishes for a trail, by Sid. */
export function published(at: Place): Readonly<Record<string, Loose>> {
  const service = { Effect: 'Allow', Principal: { Service: SERVICE }, Resource: '*' };
  const anyTrail = `arn:${at.partition}:cloudtrail:*:${ACCOUNT}:trail/*`;
  return {
    'Enable IAM User Permissions': {
      Effect: 'Allow',
      Principal: { AWS: [`arn:${at.partition}:iam::${ACCOUNT}:root`] },
      Action: 'kms:*',
      Resource: '*',
    },
    [ENCRYPT]: {
      ...service,
      Action: 'kms:GenerateDataKey*',
      Condition: { StringEquals: { 'aws:SourceArn': trailArn(at) }, StringLike: { [CONTEXT]: anyTrail } },
    },
    'Allow CloudTrail to describe key': {
      ...service,
      Action: 'kms:DescribeKey',
      Condition: { StringEquals: { 'aws:SourceArn': trailArn(at) } },
    },
    'Allow principals in the account to decrypt log files': {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Decrypt', 'kms:ReEncryptFrom'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': ACCOUNT }, StringLike: { [CONTEXT]: anyTrail } },
    },
  };
}

/** What is changed in the published policy: members of the statement that lets CloudTrail encrypt, and what stands beside. */
export interface Change {
  /** Laid over the statement; `undefined` takes a member out. */
  readonly encrypt?: Loose;
  readonly without?: readonly string[];
  /** A Deny by its Sid. */
  readonly deny?: Readonly<Record<string, Loose>>;
  readonly control?: Readonly<Record<string, Loose>>;
  readonly version?: string;
  readonly isOrganization?: boolean;
  /** Another Sid for the statement that lets CloudTrail encrypt. */
  readonly sid?: string;
  readonly trailName?: string;
}

export function faulty(at: Place, change: Change): TrailCase {
  const { encrypt, without, deny, control, version, isOrganization, sid = ENCRYPT, trailName } = change;
  const all = { ...published(at), ...denying(deny) };
  const kept = Object.entries(all).filter(([sid]) => !without?.includes(sid));
  const statements = kept.map(([Sid, members]) =>
    Sid === ENCRYPT ? { Sid: sid, ...members, ...encrypt } : { Sid, ...members },
  );
  const controls = Object.entries(denying(control)).map(([Sid, members]) => ({ Sid, ...members }));
  return {
    name: '',
    expect: {},
    trailArn: trailArn(at, trailName),
    trail: { isOrganization: isOrganization ?? false },
    organizationId: isOrganization ? 'o-a1b2c3d4e5' : null,
    policy: JSON.parse(JSON.stringify({ Version: version ?? '2012-10-17', Statement: statements })),
    key: {
      resourceControlPolicies: controls.length === 0 ? [] : [{ Version: '2012-10-17', Statement: controls }],
    },
  };
}

const denying = (given: Change['deny'] = {}): Readonly<Record<string, Loose>> =>
  Object.fromEntries(
    Object.entries(given).map(([sid, members]) => [
      sid,
      { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', ...members },
    ]),
  );
