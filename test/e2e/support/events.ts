import { ACCOUNT, REGION, type Trail } from './account.ts';

/** The events that AWS Config sends ("Example Events for AWS Config Rules"). */

export const RULE_ARN = `arn:aws:config:${REGION}:${ACCOUNT}:config-rule/config-rule-i9y8j9`;
export const CAPTURED_AT = '2026-11-20T09:00:00.000Z';
export const NOTIFIED_AT = '2026-11-20T10:00:00.000Z';

export interface EventOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly eventLeftScope?: boolean;
  readonly resultToken?: string;
}

export function event(invokingEvent: unknown, options: EventOptions = {}) {
  return {
    version: '1.0',
    invokingEvent: typeof invokingEvent === 'string' ? invokingEvent : JSON.stringify(invokingEvent),
    ruleParameters: JSON.stringify(options.parameters ?? {}),
    resultToken: options.resultToken ?? 'the-result-token',
    eventLeftScope: options.eventLeftScope ?? false,
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    configRuleArn: RULE_ARN,
    configRuleName: 'cloudtrail-kms-rule',
    configRuleId: 'config-rule-i9y8j9',
    accountId: ACCOUNT,
  };
}

export function changed(trail: Trail, item: Readonly<Record<string, unknown>> = {}, options?: EventOptions) {
  const configurationItem = {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: CAPTURED_AT,
    configurationStateId: 1763629200000,
    awsAccountId: ACCOUNT,
    configurationItemStatus: 'OK',
    resourceType: 'AWS::CloudTrail::Trail',
    resourceId: trail.name,
    resourceName: trail.name,
    ARN: trail.arn,
    awsRegion: trail.region,
    configurationStateMd5Hash: '',
    configuration: configuration(trail),
    supplementaryConfiguration: {},
    tags: {},
    ...item,
  };
  const invokingEvent = {
    configurationItemDiff: { changedProperties: {}, changeType: 'UPDATE' },
    configurationItem,
    notificationCreationTime: NOTIFIED_AT,
    messageType: 'ConfigurationItemChangeNotification',
    recordVersion: '1.3',
  };
  return event(invokingEvent, options);
}

export const scheduled = (options?: EventOptions) =>
  event(
    {
      awsAccountId: ACCOUNT,
      notificationCreationTime: NOTIFIED_AT,
      messageType: 'ScheduledNotification',
      recordVersion: '1.0',
    },
    options,
  );

export function oversized(trail: Trail) {
  const configurationItemSummary = {
    changeType: 'UPDATE',
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: CAPTURED_AT,
    configurationStateId: 1763629200000,
    awsAccountId: ACCOUNT,
    configurationItemStatus: 'OK',
    resourceType: 'AWS::CloudTrail::Trail',
    resourceId: trail.name,
    resourceName: trail.name,
    ARN: trail.arn,
    awsRegion: trail.region,
    configurationStateMd5Hash: '',
  };
  return event({
    configurationItemSummary,
    messageType: 'OversizedConfigurationItemChangeNotification',
    recordVersion: '1.0',
  });
}

export const snapshotDelivered = () =>
  event({ messageType: 'ConfigurationSnapshotDeliveryCompleted', awsAccountId: ACCOUNT, recordVersion: '1.1' });

/** The item as GetResourceConfigHistory answers: other names, and documents as strings. */
export const historyItem = (trail: Trail) => ({
  version: '1.3',
  accountId: ACCOUNT,
  configurationItemCaptureTime: Date.parse(CAPTURED_AT) / 1000,
  configurationItemStatus: 'OK',
  configurationStateId: '1763629200000',
  arn: trail.arn,
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: trail.name,
  resourceName: trail.name,
  awsRegion: trail.region,
  configuration: JSON.stringify(configuration(trail)),
  supplementaryConfiguration: {},
});

function configuration(trail: Trail) {
  return {
    name: trail.name,
    s3BucketName: trail.bucket,
    includeGlobalServiceEvents: true,
    isMultiRegionTrail: false,
    homeRegion: trail.region,
    trailARN: trail.arn,
    logFileValidationEnabled: true,
    hasCustomEventSelectors: false,
    hasInsightSelectors: false,
    isOrganizationTrail: false,
    ...(trail.keyArn === null ? {} : { kmsKeyId: trail.keyArn }),
  };
}
