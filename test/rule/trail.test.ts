import { InvalidInvocationError } from '../../src/rule/errors.ts';
import { whyNotApplicable, whyReplica } from '../../src/rule/event/applicability.ts';
import { readConfigurationItem } from '../../src/rule/event/configurationItem.ts';
import { describeConfiguredTrail } from '../../src/rule/event/describeTrail.ts';
import { ACCOUNT, REGION, trailNamed } from './facts.ts';

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';

describe('describeConfiguredTrail', () => {
  test('a whole configuration', () => {
    const configuration = {
      cloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:x:*',
      hasCustomEventSelectors: false,
      owner: null,
      hasInsightSelectors: true,
      homeRegion: 'us-east-1',
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: true,
      isOrganizationTrail: false,
      kmsKeyId: 'alias/trail',
      logFileValidationEnabled: true,
      name: 'main',
      s3BucketName: 'logs',
      s3KeyPrefix: 'prefix',
      trailARN: ARN,
    };
    expect(describeConfiguredTrail(configuration, null)).toEqual({
      arn: ARN,
      name: 'main',
      partition: 'aws',
      accountId: '111122223333',
      homeRegion: 'us-east-1',
      kmsKeyId: 'alias/trail',
      bucketName: 'logs',
      keyPrefix: 'prefix',
      isMultiRegion: true,
      isOrganization: false,
      logFileValidation: true,
      hasInsightSelectors: true,
      hasCustomEventSelectors: false,
      owner: null,
    });
  });

  test.each([
    ['nothing but the ARN', { trailARN: ARN }, null],
    ['an old item: only its own ARN', {}, ARN],
    [
      'empty text and null are missing',
      { trailARN: ARN, kmsKeyId: '', s3KeyPrefix: null, name: '', homeRegion: '' },
      null,
    ],
  ])('what is missing is unknown: %s', (_, configuration, itemArn) => {
    expect(describeConfiguredTrail(configuration, itemArn)).toEqual({
      arn: ARN,
      name: 'main',
      partition: 'aws',
      accountId: '111122223333',
      homeRegion: 'us-east-1',
      kmsKeyId: null,
      bucketName: null,
      keyPrefix: null,
      isMultiRegion: null,
      isOrganization: null,
      logFileValidation: null,
      hasInsightSelectors: null,
      hasCustomEventSelectors: null,
      owner: null,
    });
  });

  test.each([
    ['aws', 'us-east-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso-b', 'us-isob-east-1'],
  ])('partition %s', (partition, region) => {
    const trailARN = `arn:${partition}:cloudtrail:${region}:111122223333:trail/a.b_c-d`;
    expect(describeConfiguredTrail({ trailARN }, null)).toMatchObject({
      partition,
      homeRegion: region,
      name: 'a.b_c-d',
    });
  });

  const member = 'configurationItem.configuration';
  test.each([
    ['no ARN at all', {}, `\`${member}.trailARN\` is missing`],
    ['a name for the ARN', { trailARN: 'main' }, `\`${member}.trailARN\` is \`main\`, accepted is the ARN of a trail`],
    [
      'another ARN',
      { trailARN: 'arn:aws:s3:::logs' },
      `\`${member}.trailARN\` is \`arn:aws:s3:::logs\`, accepted is the ARN of a trail`,
    ],
    [
      'a key that is no text',
      { trailARN: ARN, kmsKeyId: {} },
      `\`${member}.kmsKeyId\` is \`{}\`, accepted is a string`,
    ],
    [
      'a flag that is text',
      { trailARN: ARN, isOrganizationTrail: 'no' },
      `\`${member}.isOrganizationTrail\` is \`no\`, accepted is true or false`,
    ],
  ])('refuses %s', (_, configuration, message) => {
    expect(() => describeConfiguredTrail(configuration, null)).toThrow(InvalidInvocationError);
    expect(() => describeConfiguredTrail(configuration, null)).toThrow(message);
  });
});

describe('readConfigurationItem', () => {
  test('an item as GetResourceConfigHistory returns it', () => {
    const item = {
      version: '1.3',
      accountId: ACCOUNT,
      configurationItemCaptureTime: new Date('2026-11-20T10:00:00Z'),
      configurationItemStatus: 'ResourceDiscovered',
      configurationStateId: '1732096800000',
      configurationItemMD5Hash: '',
      arn: ARN,
      resourceType: 'AWS::CloudTrail::Trail',
      resourceId: 'main',
      awsRegion: REGION,
      configuration: JSON.stringify({ trailARN: ARN }),
      supplementaryConfiguration: {},
    };
    expect(readConfigurationItem(item, 'configurationItem')).toEqual({
      resourceType: 'AWS::CloudTrail::Trail',
      resourceId: 'main',
      arn: ARN,
      accountId: ACCOUNT,
      region: REGION,
      status: 'ResourceDiscovered',
      captureTime: new Date('2026-11-20T10:00:00Z'),
      stateId: '1732096800000',
      configuration: { trailARN: ARN },
    });
  });
});

describe('whyNotApplicable', () => {
  const item = {
    resourceType: 'AWS::CloudTrail::Trail',
    resourceId: 'main',
    arn: ARN,
    accountId: ACCOUNT,
    region: REGION,
    captureTime: new Date(0),
    stateId: null,
  };

  test.each([
    ['OK', false, {}, null],
    ['ResourceDiscovered', false, {}, null],
    ['OK', true, {}, 'the trail left the scope of the rule'],
    ['OK', true, null, 'the trail left the scope of the rule'],
    ['OK', false, null, "the trail's item carries no configuration"],
    ['ResourceDeleted', false, null, 'the trail was deleted'],
    ['ResourceDeleted', true, {}, 'the trail was deleted'],
    ['ResourceDeletedNotRecorded', false, {}, 'the trail was deleted, and AWS Config does not record trails here'],
    ['ResourceNotRecorded', false, {}, 'AWS Config does not record trails here'],
    ['Strange', false, {}, "the status of the trail's item is `Strange`"],
  ])('%s, left scope %s, configuration %j', (status, leftScope, configuration, why) => {
    expect(whyNotApplicable({ ...item, status, configuration }, leftScope)).toBe(why);
  });

  test('a summary has no configuration to miss', () => {
    expect(whyNotApplicable({ ...item, status: 'OK' }, false)).toBeNull();
  });
});

describe('whyReplica', () => {
  test.each([
    ['at home', {}, null],
    [
      'a shadow Region',
      { homeRegion: 'eu-west-1' },
      "replica: the trail's home Region is eu-west-1, where it is to be evaluated",
    ],
    [
      'a member account of the organization',
      { accountId: '999988887777' },
      'replica: the trail belongs to account 999988887777 in us-east-1 and is to be evaluated there',
    ],
  ])('%s', (_, members, why) => {
    expect(whyReplica(trailNamed('main', members), ACCOUNT, REGION)).toBe(why);
  });
});
