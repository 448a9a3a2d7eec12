import { ownedInWords, ownerByAliases, ownerByName, ownerByTags } from '../../src/trail/owner.ts';

test.each([
  ['aws-controltower-BaselineCloudTrail', 'control-tower'],
  ['AWS-ControlTower-BaselineCloudTrail', 'control-tower'],
  ['AWSAccelerator-Organizations-CloudTrail', 'landing-zone-accelerator'],
  ['main-aws-controltower-', undefined],
  ['AWSAcceleratorTrail', undefined],
  ['main', undefined],
])('a trail that is named %s: %s', (name, by) => expect(ownerByName(name)?.by).toBe(by));

const tag = (key: string, value: string) => ({ key, value });
const STACK_ID = 'arn:aws:cloudformation:us-east-1:111122223333:stack/logging/0a1b2c3d';

test.each([
  ['a stack', [tag('aws:cloudformation:stack-name', 'logging')], 'cloudformation', 'logging'],
  ['its id alone', [tag('aws:cloudformation:stack-id', STACK_ID)], 'cloudformation', 'logging'],
  ['a logical id alone', [tag('aws:cloudformation:logical-id', 'Key')], 'cloudformation', null],
  ['an id that names no stack', [tag('aws:cloudformation:stack-id', 'x')], 'cloudformation', null],
  [
    'a stack of Control Tower',
    [tag('aws:cloudformation:stack-name', 'StackSet-AWSControlTowerBP-BASELINE-CLOUDTRAIL-1')],
    'control-tower',
    'StackSet-AWSControlTowerBP-BASELINE-CLOUDTRAIL-1',
  ],
  [
    'a stack of the Landing Zone Accelerator',
    [tag('aws:cloudformation:stack-name', 'AWSAccelerator-LoggingStack')],
    'landing-zone-accelerator',
    'AWSAccelerator-LoggingStack',
  ],
  [
    'tags of somebody',
    [tag('team', 'aws:cloudformation:'), tag('x-aws:cloudformation:stack-name', 's')],
    undefined,
    undefined,
  ],
  ['no tags', [], undefined, undefined],
] as const)('%s', (_, tags, by, stack) => {
  const owner = ownerByTags(tags);
  expect([owner?.by, owner?.stack]).toEqual([by, stack]);
});

test.each([
  ['alias/accelerator/central-logs/s3/key', 'landing-zone-accelerator'],
  ['alias/accelerator', undefined],
  ['alias/my/accelerator/key', undefined],
])('a key with the alias %s: %s', (alias, by) => expect(ownerByAliases(['alias/x', alias])?.by).toBe(by));

test.each([
  [{ by: 'control-tower', stack: 'AWSControlTowerX' }, 'it belongs to AWS Control Tower'],
  [{ by: 'landing-zone-accelerator', stack: null }, 'it belongs to the Landing Zone Accelerator'],
  [{ by: 'cloudformation', stack: 's' }, 'it is deployed by CloudFormation, stack `s`'],
  [{ by: 'cloudformation', stack: null }, 'it is deployed by CloudFormation'],
  [{ by: 'terraform', stack: null }, 'it is deployed by Terraform'],
] as const)('%o', (owner, words) => expect(ownedInWords('it', owner)).toBe(words));
