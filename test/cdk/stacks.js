/** Stacks as people write them with the CDK: the good ones, and each mistake that its constructs let happen. */
import { CfnCondition, CfnParameter, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

const CLOUDTRAIL = new iam.ServicePrincipal('cloudtrail.amazonaws.com');

const arnOf = (scope, resourceName, more = {}) =>
  Stack.of(scope).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName, ...more });

/** The statements that AWS publishes, for one trail. */
function allowTrail(key, trailName) {
  const conditions = { StringEquals: { 'aws:SourceArn': arnOf(key, trailName) } };
  const everywhere = arnOf(key, '*', { region: '*' });
  const context = { StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': everywhere } };
  for (const [sid, actions, more] of [
    ['Encrypt', ['kms:GenerateDataKey*'], context],
    ['Describe', ['kms:DescribeKey'], {}],
  ]) {
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        actions,
        resources: ['*'],
        principals: [CLOUDTRAIL],
        conditions: { ...conditions, ...more },
      }),
    );
  }
  return key;
}

const newKey = (scope, props = {}) => new kms.Key(scope, 'Key', { enableKeyRotation: true, ...props });

const newTrail = (scope, props = {}, id = 'Trail') =>
  new cloudtrail.Trail(scope, id, { trailName: 'audit', enableFileValidation: true, ...props });

const stack = (build) => (scope, id, props) => {
  const made = new Stack(scope, id, props);
  build(made);
  return made;
};

/** Stacks that need no other one, by the name of their template. */
export const ALONE = {
  Good: stack((scope) => newTrail(scope, { encryptionKey: allowTrail(newKey(scope), 'audit') })),
  Unencrypted: stack((scope) => newTrail(scope)),
  // The construct for trails leaves the key's policy alone.
  NobodyAllowed: stack((scope) => newTrail(scope, { encryptionKey: newKey(scope) })),
  OtherTrailAllowed: stack((scope) => newTrail(scope, { encryptionKey: allowTrail(newKey(scope), 'audit-2') })),
  GrantedByMethod: stack((scope) => {
    const key = newKey(scope);
    key.grantEncryptDecrypt(CLOUDTRAIL);
    newTrail(scope, { encryptionKey: key });
  }),
  OpenToAll: stack((scope) => {
    const key = allowTrail(newKey(scope), 'audit');
    key.grantDecrypt(new iam.AnyPrincipal());
    newTrail(scope, { encryptionKey: key });
  }),
  Disabled: stack((scope) =>
    newTrail(scope, { encryptionKey: allowTrail(newKey(scope, { enabled: false }), 'audit') }),
  ),
  Asymmetric: stack((scope) => {
    const props = { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.ENCRYPT_DECRYPT, enableKeyRotation: false };
    newTrail(scope, { encryptionKey: allowTrail(newKey(scope, props), 'audit') });
  }),
  AliasElsewhere: stack((scope) =>
    newTrail(scope, { encryptionKey: kms.Alias.fromAliasName(scope, 'Key', 'alias/audit') }),
  ),
  ArnElsewhere: stack((scope) => {
    const arn = 'arn:aws:kms:eu-west-1:444455556666:key/0f3c9d7e-1b1a-4d55-8c0e-2a9b6f1d7e31';
    newTrail(scope, { encryptionKey: kms.Key.fromKeyArn(scope, 'Key', arn) });
  }),
  Organization: stack((scope) => {
    newTrail(scope, {
      isOrganizationTrail: true,
      orgId: 'o-a1b2c3d4e5',
      encryptionKey: allowTrail(newKey(scope), 'audit'),
    });
  }),
  TwoTrails: stack((scope) => {
    const key = allowTrail(newKey(scope), 'audit');
    newTrail(scope, { encryptionKey: key });
    newTrail(scope, { trailName: 'data', encryptionKey: key }, 'DataTrail');
  }),
  // Not made by constructs: what has the name of its CloudFormation type, a condition and a parameter.
  ByCondition: stack((scope) => {
    const stage = new CfnParameter(scope, 'Stage', { type: 'String', allowedValues: ['dev', 'prod'] });
    const isProd = new CfnCondition(scope, 'IsProd', { expression: Fn.conditionEquals(stage.valueAsString, 'prod') });
    const key = allowTrail(newKey(scope), 'audit');
    const bucket = new s3.Bucket(scope, 'Logs');
    new cloudtrail.CfnTrail(scope, 'Trail', {
      trailName: 'audit',
      isLogging: true,
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      s3BucketName: bucket.bucketName,
      kmsKeyId: Fn.conditionIf(isProd.logicalId, key.keyArn, Fn.ref('AWS::NoValue')).toString(),
    });
  }),
};

/** A stack that exports its key, and one that imports it. */
export function crossStack(scope, id, allowed, props) {
  const owner = new Stack(scope, `${id}Key`, props);
  const key = allowTrail(newKey(owner), allowed);
  newTrail(new Stack(scope, `${id}Trail`, props), { encryptionKey: key });
}

/** A stack whose key is in a nested one, and one whose trail is. */
export function nested(scope, props) {
  const keyInside = new Stack(scope, 'KeyInside', props);
  newTrail(keyInside, { encryptionKey: allowTrail(newKey(new NestedStack(keyInside, 'Keys')), 'audit') });
  const trailInside = new Stack(scope, 'TrailInside', props);
  newTrail(new NestedStack(trailInside, 'Trails'), { encryptionKey: newKey(trailInside) });
}

/** The same stack in two stages, each with the account that it is for; the key of one names the other's account. */
export function staged(scope) {
  for (const [id, account] of [
    ['Test', '111122223333'],
    ['Prod', '444455556666'],
  ]) {
    const stage = new Stage(scope, id, { env: { account, region: 'eu-west-1' } });
    const made = new Stack(stage, 'Audit');
    const key = newKey(made);
    const principals = [CLOUDTRAIL];
    const sourceArn = `arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit`;
    const conditions = { StringEquals: { 'aws:SourceArn': sourceArn } };
    const actions = ['kms:GenerateDataKey*', 'kms:DescribeKey'];
    key.addToResourcePolicy(new iam.PolicyStatement({ actions, resources: ['*'], principals, conditions }));
    newTrail(made, { encryptionKey: key });
  }
}
