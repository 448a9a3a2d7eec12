import * as v from 'valibot';
import type { TrailDescription } from '../trail/facts.ts';
import { quote } from './quote.ts';
import { flag, type InputError, optionalText, parseWith } from './schema.ts';

const trailSchema = v.object(
  {
    trailARN: optionalText,
    name: optionalText,
    homeRegion: optionalText,
    kmsKeyId: optionalText,
    s3BucketName: optionalText,
    s3KeyPrefix: optionalText,
    isMultiRegionTrail: flag,
    isOrganizationTrail: flag,
    logFileValidationEnabled: flag,
    hasInsightSelectors: flag,
  },
  'a JSON object',
);

const MEMBERS = Object.keys(trailSchema.entries);

/** The members as AWS::CloudTrail::Trail's configuration spells them, and as DescribeTrails does. */
const SPELLINGS = {
  configuration: MEMBERS,
  api: MEMBERS.map((member) => member.charAt(0).toUpperCase() + member.slice(1)),
} as const;

/** The ARN of a trail: partition, home Region, owner, name. */
const TRAIL_ARN = /^arn:(aws[a-z-]*):cloudtrail:([a-z0-9-]+):(\d{12}):trail\/([^/:]+)$/;

/** How to read a trail: where it stands, for error messages, and what an unreadable one throws. */
export interface TrailSource {
  readonly member: string;
  readonly error: InputError;
}

/**
 * A trail from the `configuration` of an AWS::CloudTrail::Trail item. Members that are missing are unknown.
 *
 * @param arn the item's own ARN, for a configuration without `trailARN`
 * @throws what `source.error` makes of a trail whose ARN cannot be known or of a member of the wrong type
 */
export function describeConfiguredTrail(
  configuration: unknown,
  arn: string | null,
  source: TrailSource,
): TrailDescription {
  return describe(configuration, 'configuration', arn, source);
}

/**
 * A trail as DescribeTrails and GetTrail return it. Members that are missing are unknown.
 *
 * @throws what `source.error` makes of a trail whose ARN cannot be known or of a member of the wrong type
 */
export function describeApiTrail(trail: unknown, source: TrailSource): TrailDescription {
  return describe(trail, 'api', null, source);
}

function describe(
  input: unknown,
  spelling: keyof typeof SPELLINGS,
  itemArn: string | null,
  { member, error }: TrailSource,
): TrailDescription {
  const spelled = (name: string): string => SPELLINGS[spelling][MEMBERS.indexOf(name)] ?? name;
  const named: InputError = (path, problem) => {
    const name = path.slice(member.length + 1);
    return error(name === '' ? member : `${member}.${spelled(name)}`, problem);
  };
  const trail = parseWith(trailSchema, respell(input, SPELLINGS[spelling]), member, named);
  const arn = trail.trailARN ?? itemArn;
  if (arn === null) throw named(`${member}.trailARN`, 'is missing');
  const [, partition, region, accountId, name] = TRAIL_ARN.exec(arn) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined || name === undefined)
    throw named(`${member}.trailARN`, `is ${quote(arn)}, accepted is the ARN of a trail`);
  return {
    arn,
    name: trail.name ?? name,
    partition,
    accountId,
    homeRegion: trail.homeRegion ?? region,
    kmsKeyId: trail.kmsKeyId,
    bucketName: trail.s3BucketName,
    keyPrefix: trail.s3KeyPrefix,
    isMultiRegion: trail.isMultiRegionTrail,
    isOrganization: trail.isOrganizationTrail,
    logFileValidation: trail.logFileValidationEnabled,
    hasInsightSelectors: trail.hasInsightSelectors,
  };
}

/** The members under the configuration's spelling; what is no object stays as it is, for the schema to refuse. */
function respell(input: unknown, spelling: readonly string[]): unknown {
  if (typeof input !== 'object' || input === null || spelling === MEMBERS) return input;
  const given = input as Readonly<Record<string, unknown>>;
  return Object.fromEntries(MEMBERS.map((member, index) => [member, given[spelling[index] ?? member]]));
}
