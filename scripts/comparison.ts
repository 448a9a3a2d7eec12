// Makes the account of docs/examples/comparison.yaml in moto, whose CloudFormation knows no trails (docs/comparison.md).
import { readFileSync } from 'node:fs';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateKeyCommand, DisableKeyCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parse } from 'yaml';

// moto's own.
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
}
/** As much of a key, a trail and a bucket as the template has. */
interface Properties {
  readonly BucketName?: string;
  readonly KeyPolicy?: object;
  readonly EnableKeyRotation?: boolean;
  readonly Enabled?: boolean;
  readonly TrailName?: string;
  readonly KMSKeyId?: string;
  readonly IsMultiRegionTrail?: boolean;
  readonly EnableLogFileValidation?: boolean;
}

const text = readFileSync('docs/examples/comparison.yaml', 'utf8')
  .replaceAll(/\$\{AWS::AccountId\}/g, ACCOUNT)
  .replaceAll(/\$\{AWS::Region\}/g, REGION);
// The tags are left aside: `!GetAtt Key.Arn` reads as `Key.Arn`.
const { Resources } = parse(text, { logLevel: 'error' }) as Template;
const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

const kms = new KMSClient({ region: REGION });
const cloudtrail = new CloudTrailClient({ region: REGION });

const Bucket = Resources.LogBucket?.Properties.BucketName;
await new S3Client({ region: REGION, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));

const keyArns = new Map<string | undefined, string | undefined>();
for (const [name, { Properties }] of ofType('AWS::KMS::Key')) {
  const Policy = JSON.stringify(Properties.KeyPolicy);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: 'ENCRYPT_DECRYPT', Policy }));
  const KeyId = KeyMetadata?.KeyId;
  if (Properties.EnableKeyRotation) await kms.send(new EnableKeyRotationCommand({ KeyId }));
  if (Properties.Enabled === false) await kms.send(new DisableKeyCommand({ KeyId }));
  keyArns.set(`${name}.Arn`, KeyMetadata?.Arn);
}

for (const [, { Properties }] of ofType('AWS::CloudTrail::Trail')) {
  const { TrailName: Name, KMSKeyId, IsMultiRegionTrail, EnableLogFileValidation } = Properties;
  const KmsKeyId = keyArns.get(KMSKeyId);
  const settings = { Name, S3BucketName: Bucket, KmsKeyId, IsMultiRegionTrail, EnableLogFileValidation };
  await cloudtrail.send(new CreateTrailCommand(settings));
  await cloudtrail.send(new StartLoggingCommand({ Name }));
  console.log(`${Name}: ${KmsKeyId ?? 'no key'}`);
}
