import type { Resource, Template } from './template.ts';

/** Properties of the AWS CloudFormation Template Reference, by type. */
const PROPERTIES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'AWS::CloudTrail::Trail':
      'AdvancedEventSelectors AggregationConfigurations CloudWatchLogsLogGroupArn CloudWatchLogsRoleArn EnableLogFileValidation EventSelectors IncludeGlobalServiceEvents InsightSelectors IsLogging IsMultiRegionTrail IsOrganizationTrail KMSKeyId S3BucketName S3KeyPrefix SnsTopicName Tags TrailName',
    'AWS::CloudTrail::EventDataStore':
      'AdvancedEventSelectors BillingMode ContextKeySelectors FederationEnabled FederationRoleArn IngestionEnabled InsightSelectors InsightsDestination KmsKeyId MaxEventSize MultiRegionEnabled Name OrganizationEnabled RetentionPeriod Tags TerminationProtectionEnabled',
    'AWS::KMS::Key':
      'BypassPolicyLockoutSafetyCheck Description EnableKeyRotation Enabled KeyPolicy KeySpec KeyUsage MultiRegion Origin PendingWindowInDays RotationPeriodInDays Tags',
    'AWS::KMS::ReplicaKey': 'Description Enabled KeyPolicy PendingWindowInDays PrimaryKeyArn Tags',
    'AWS::KMS::Alias': 'AliasName TargetKeyId',
  }).map(([type, names]) => [type, names.split(' ')]),
);

/** Names that other interfaces of AWS have for a property. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['kmskey', 'KMSKeyId'],
  ['kmskeyarn', 'KMSKeyId'],
  ['kmsmasterkeyid', 'KMSKeyId'],
  ['policy', 'KeyPolicy'],
  ['keyid', 'TargetKeyId'],
]);

interface Misspelt {
  readonly given: string;
  readonly meant: string;
}

/** Properties that the type does not have, each with the one that is meant and missing. */
export function misspeltIn({ type, properties }: Resource): readonly Misspelt[] {
  const known = PROPERTIES.get(type);
  if (known === undefined) return [];
  const missing = known.filter((name) => !Object.hasOwn(properties, name));
  return Object.keys(properties).flatMap((given) => {
    if (known.includes(given) || given.startsWith('Fn::')) return [];
    const meant = missing.find((name) => isMeant(plain(given), name));
    return meant === undefined ? [] : [{ given, meant }];
  });
}

export const misspeltInWords = ({ given, meant }: Misspelt, { type }: Resource): string =>
  `\`${given}\` is no property of \`${type}\`, \`${meant}\` is meant`;

/** What is to be told of every resource whose properties are known here. */
export const misspeltNotes = ({ resources }: Template): readonly string[] =>
  [...resources.values()].flatMap((resource) =>
    misspeltIn(resource).map((one) => `in \`Resources.${resource.id}\` ${misspeltInWords(one, resource)}`),
  );

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const isMeant = (given: string, name: string): boolean =>
  plain(ELSEWHERE.get(given) ?? '') === plain(name) || isNear(given, plain(name));

/** Whether two names differ by one letter that is left out, put in or another, or by two that changed places. */
function isNear(one: string, other: string): boolean {
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  const shortest = Math.min(one.length, other.length) - from;
  let end = 0;
  while (end < shortest && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = (name: string): string => name.slice(from, name.length - end);
  const [a, b] = [middle(one), middle(other)];
  return (a.length < 2 && b.length < 2) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]);
}
