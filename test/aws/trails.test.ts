import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { ACCOUNT, denied, KEY_ARN, ports, refused, trail } from './support/answers.ts';

const cloudTrail = mockClient(CloudTrailClient);
beforeEach(() => cloudTrail.reset());

const described = { Name: 'main', TrailARN: trail.arn, HomeRegion: 'us-east-1', S3BucketName: 'logs' };

describe('listTrails', () => {
  it('leaves shadow trails to the service and repetitions out', async () => {
    const other = { ...described, Name: 'other', TrailARN: trail.arn.replace('main', 'other') };
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList: [described, other, described] });
    const trails = await ports().listTrails();
    expect(trails.map(({ name }) => name)).toEqual(['main', 'other']);
    expect(cloudTrail.commandCalls(DescribeTrailsCommand)[0]?.args[0].input).toEqual({ includeShadowTrails: false });
  });

  it('brings every member to its own name', async () => {
    cloudTrail.on(DescribeTrailsCommand).resolves({
      trailList: [
        {
          ...described,
          KmsKeyId: KEY_ARN,
          S3KeyPrefix: '',
          IsMultiRegionTrail: true,
          IsOrganizationTrail: false,
          LogFileValidationEnabled: true,
          HasInsightSelectors: false,
          HasCustomEventSelectors: false,
        },
      ],
    });
    expect(await ports().listTrails()).toEqual([{ ...trail, hasCustomEventSelectors: false }]);
  });

  it('takes a missing member as not known, and a missing key as no key', async () => {
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList: [{ TrailARN: trail.arn }] });
    expect(await ports().listTrails()).toEqual([
      {
        ...trail,
        kmsKeyId: null,
        bucketName: null,
        isMultiRegion: null,
        isOrganization: null,
        logFileValidation: null,
        hasInsightSelectors: null,
        hasCustomEventSelectors: null,
      },
    ]);
  });

  it('is an error when it is denied, and names the permission', async () => {
    cloudTrail.on(DescribeTrailsCommand).rejects(denied('cloudtrail:DescribeTrails'));
    await expect(ports().listTrails()).rejects.toThrow(/assumed-role\/rule\/1 lacks cloudtrail:DescribeTrails/);
  });

  it('is an error when a trail has no ARN', async () => {
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList: [{ Name: 'main' }] });
    await expect(ports().listTrails()).rejects.toThrow('a trail without a usable ARN: `main`');
  });
});

const NOTHING = {
  isLogging: true,
  latestDeliveryTime: null,
  latestDeliveryError: null,
  latestDigestDeliveryTime: null,
  latestDigestDeliveryError: null,
  startedLoggingAt: null,
  isOwners: null,
};

describe('trailStatus', () => {
  it('asks by ARN in the home Region', async () => {
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    await ports().trailStatus({ ...trail, homeRegion: 'ap-south-1' });
    const [call] = cloudTrail.commandCalls(GetTrailStatusCommand);
    expect(call?.args[0].input).toEqual({ Name: trail.arn });
    expect(await (call!.thisValue as CloudTrailClient).config.region()).toBe('ap-south-1');
  });

  it.each([
    [
      'healthy',
      {
        IsLogging: true,
        LatestDeliveryTime: new Date(0),
        LatestDeliveryError: '',
        LatestDigestDeliveryTime: new Date(1000),
        StartLoggingTime: new Date(2000),
        TimeLoggingStarted: '2026-01-01T00:00:00Z',
      },
      {
        ...NOTHING,
        latestDeliveryTime: new Date(0),
        latestDigestDeliveryTime: new Date(1000),
        startedLoggingAt: new Date(2000),
      },
    ],
    [
      'when logging began as text alone, and an attempt that is no delivery',
      {
        IsLogging: true,
        TimeLoggingStarted: '2026-01-01T00:00:00Z',
        LatestDeliveryAttemptTime: '2026-11-20T10:00:00Z',
      },
      { ...NOTHING, startedLoggingAt: new Date('2026-01-01T00:00:00Z') },
    ],
    ['when logging began as no time', { IsLogging: true, TimeLoggingStarted: 'long ago' }, NOTHING],
    [
      'failing',
      { IsLogging: true, LatestDeliveryError: 'AccessDenied', LatestDigestDeliveryError: 'KMS.DisabledException' },
      { ...NOTHING, latestDeliveryError: 'AccessDenied', latestDigestDeliveryError: 'KMS.DisabledException' },
    ],
  ])('%s', async (_, answer, value) => {
    cloudTrail.on(GetTrailStatusCommand).resolves(answer);
    expect(await ports().trailStatus(trail)).toEqual({ read: true, value });
  });

  it.each([
    [
      'denied',
      denied('cloudtrail:GetTrailStatus'),
      'denied',
      `arn:aws:sts::${ACCOUNT}:assumed-role/rule/1 lacks cloudtrail:GetTrailStatus on ${trail.arn} (no identity-based policy allows it)`,
    ],
    ['gone', refused('TrailNotFoundException'), 'not-found', 'CloudTrail finds the trail no more'],
  ])('%s is unread', async (_, error, code, reason) => {
    cloudTrail.on(GetTrailStatusCommand).rejects(error);
    expect(await ports().trailStatus(trail)).toMatchObject({ read: false, code, reason });
  });

  it('an organization trail tells whether its owner asked', async () => {
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    const theirs = { ...trail, isOrganization: true };
    expect(await ports().trailStatus(theirs)).toMatchObject({ value: { isOwners: true } });
    const elsewhere = { ...theirs, accountId: '999988887777' };
    expect(await ports().trailStatus(elsewhere)).toMatchObject({ value: { isOwners: false } });
  });

  it('throttled is an error', async () => {
    cloudTrail.on(GetTrailStatusCommand).rejects(refused('ThrottlingException', 'Rate exceeded'));
    await expect(ports().trailStatus(trail)).rejects.toThrow(/CloudTrail GetTrailStatus .* ThrottlingException/);
  });
});
