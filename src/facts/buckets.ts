import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { type BucketEncryption, type BucketFacts, type Reading, read, unread } from '../trail/facts.ts';
import { type BucketEntry, type ErrorMember, isErrorMember, type Member } from './members.ts';
import { isError, type Meaning, readingOf, unreadError } from './readings.ts';

export function bucketFacts(entry: BucketEntry, parsePolicy = parseKeyPolicy): BucketFacts {
  const { Name } = entry;
  const whole: ErrorMember | null = entry.Error ? { Error: entry.Error } : null;
  const ofBucket: Meaning = (error) =>
    isError(error, 'NotFound', 'NoSuchBucket') ? unread('not-found', `the bucket \`${Name}\` does not exist`) : null;
  const what = `the Region of bucket \`${Name}\``;
  return {
    region: readingOf(entry.Region ?? whole, what, 's3:HeadBucket', (name: string) => name, ofBucket),
    encryption: encryptionOf(entry, whole, ofBucket),
    ...(Boolean(entry.Policy) && { policy: policyOf(entry.Policy, Name, parsePolicy) }),
  };
}

/** S3 answers NoSuchBucketPolicy where there is none. */
function policyOf(
  policy: Member<unknown>,
  name: string,
  parsePolicy: (document: unknown) => KeyPolicyParse,
): Reading<KeyPolicyParse | null> {
  if (isErrorMember(policy) && isError(policy.Error, 'NoSuchBucketPolicy')) return read(null);
  return readingOf(policy, `the policy of bucket \`${name}\``, 's3:GetBucketPolicy', parsePolicy);
}

function encryptionOf(entry: BucketEntry, whole: ErrorMember | null, meaning: Meaning): Reading<BucketEncryption> {
  const permission = 's3:GetEncryptionConfiguration';
  const algorithm = entry.SSEAlgorithm ?? whole;
  const bucketKey = entry.BucketKeyEnabled ?? whole;
  if (isErrorMember(algorithm)) return unreadError(algorithm.Error, permission, meaning);
  if (isErrorMember(bucketKey)) return unreadError(bucketKey.Error, permission, meaning);
  if (algorithm === null && bucketKey === null) {
    return unread('not-told', `the snapshot does not hold the default encryption of bucket \`${entry.Name}\``);
  }
  // A Bucket Key that is on without a named algorithm counts as one: only `aws:kms` makes use of it.
  return read({ algorithm: algorithm ?? (bucketKey ? 'aws:kms' : null), bucketKeyEnabled: bucketKey });
}
