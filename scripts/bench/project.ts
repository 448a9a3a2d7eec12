import { checkProject } from '../../src/iac/project/checkProject.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { type Measurement, processorTime } from './budget.ts';

const TEMPLATES = 1_000;
/** So many times fewer: four times the work may take little more than four times the time. */
const FEWER = 4;
const RUNS = 3;

/** `check` on one project: half of the templates hold a key and export it, the others import one for a trail. */
export function project(): readonly Measurement[] {
  const few = least(TEMPLATES / FEWER);
  const many = least(TEMPLATES);
  const what = `check: ${TEMPLATES.toLocaleString('en-US')} templates, each trail with another file's key`;
  return [
    { what: `${what}, processor time`, measured: many / 1_000, limit: 6, bound: 'at most', unit: ' s' },
    {
      what: `${what}, against a ${FEWER}th of them`,
      measured: many / few,
      limit: 1.6 * FEWER,
      bound: 'at most',
      unit: ' times',
    },
  ];
}

const least = (count: number): number =>
  Math.min(...Array.from({ length: RUNS }, () => processorTime(() => checkTemplates(count))));

function checkTemplates(count: number): void {
  const given = Array.from({ length: count / 2 }, (_, at) => at).flatMap((at) => [
    givenTemplate(`/${at}/key.json`, keyTemplate(at)),
    givenTemplate(`/${at}/trail.json`, trailTemplate(at)),
  ]);
  const files = checkProject(given, {
    parameters: parseParameters({ whenUndecided: 'COMPLIANT' }),
    exceptions: [],
    deployment: { accountId: null, region: null, parameters: {} },
    asOf: new Date('2026-11-20T10:30:00Z'),
  });
  const trails = files.flatMap(({ checked }) => checked.flatMap((one) => one.trails));
  const good = trails.filter(({ standing }) => standing === 'compliant').length;
  if (good !== count / 2) throw new Error(`${good} trails are compliant, and ${count / 2} should be`);
}

const givenTemplate = (path: string, document: unknown) => ({
  source: readSource(JSON.stringify(document), path),
  path,
});

const nameOf = (at: number) => ({ 'Fn::Sub': `keys-${at}-\${AWS::Region}` });

const keyTemplate = (at: number) => ({
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } },
              Action: 'kms:*',
              Resource: '*',
            },
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudtrail.amazonaws.com' },
              Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
      },
    },
  },
  Outputs: { Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] }, Export: { Name: nameOf(at) } } },
});

const trailTemplate = (at: number) => ({
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: {
        TrailName: `trail-${at}`,
        S3BucketName: { Ref: 'Bucket' },
        IsLogging: true,
        KMSKeyId: { 'Fn::ImportValue': nameOf(at) },
      },
    },
  },
});
