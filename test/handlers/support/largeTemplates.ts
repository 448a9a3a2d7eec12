/** Templates that are costly to judge: the tests ask what is said of them, the benchmark how long it takes. */

export const TRAIL = 'AWS::CloudTrail::Trail';
export const KEY = 'AWS::KMS::Key';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Open to all, and for CloudTrail. */
export const openPolicy = (Sid: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Sid, Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
    },
  ],
});

const key = (index: number) =>
  [`Key${index}`, { Type: KEY, Properties: { KeyPolicy: openPolicy(`Open${index}`) } }] as const;
const trail = (index: number) =>
  [`Trail${index}`, { Type: TRAIL, Properties: { S3BucketName: 'b', KMSKeyId: { Ref: 'Key0' } } }] as const;

/** Keys that are open to all. */
export const openKeys = (count: number) => ({ Resources: Object.fromEntries(numbers(count).map(key)) });

/** Trails on one key. */
export const trailsOnOneKey = (count: number) => ({
  Resources: Object.fromEntries([key(0), ...numbers(count).map(trail)]),
});

const openStatement = (index: number) => ({
  Effect: index % 5 === 0 ? 'Deny' : 'Allow',
  Principal: { AWS: { Ref: `P${index % 60}` } },
  Action: 'kms:*',
  Resource: '*',
  Condition: {
    StringLike: { 'aws:PrincipalArn': [{ Ref: `P${(index + 1) % 60}` }, `arn:aws:iam::*:role/a*b${index}`] },
    ArnLike: { 'aws:SourceArn': { 'Fn::Sub': `arn:aws:cloudtrail:*:\${P${(index + 3) % 60}}:trail/x` } },
  },
});

/** Sixty trails whose keys' policies are made of sixty parameters without values. */
export const VERY_OPEN = {
  Parameters: Object.fromEntries(numbers(60).map((index) => [`P${index}`, { Type: 'String' }])),
  Resources: Object.fromEntries(
    numbers(60).flatMap((index) => [
      [
        `K${index}`,
        { Type: KEY, Properties: { KeyPolicy: { Statement: numbers(20).map((at) => openStatement(index + at)) } } },
      ],
      [`T${index}`, { Type: TRAIL, Properties: { TrailName: { Ref: `P${index}` }, KMSKeyId: { Ref: `K${index}` } } }],
    ]),
  ),
};
