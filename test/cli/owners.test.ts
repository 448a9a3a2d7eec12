import { readFileSync } from 'node:fs';
import { cli } from './support.ts';

const SNAPSHOT = JSON.parse(readFileSync('events/snapshots/wrong-account.json', 'utf8')) as {
  readonly trails: readonly { readonly Trail: Readonly<Record<string, unknown>> }[];
  readonly keys: readonly Readonly<Record<string, unknown>>[];
};
const STACK = [{ Key: 'aws:cloudformation:stack-name', Value: 'logging' }];
const KEY_STACK = [{ TagKey: 'aws:cloudformation:stack-name', TagValue: 'logging' }];

const given = (ofTrail: object, ofKey: object = {}, name = 'main'): string =>
  JSON.stringify({
    ...SNAPSHOT,
    trails: SNAPSHOT.trails.map((entry) => ({ ...entry, ...ofTrail })),
    keys: SNAPSHOT.keys.map((key) => ({ ...key, ...ofKey })),
  }).replaceAll('trail/main', `trail/${name}`);

const json = async (command: string, stdin: string): Promise<{ code: number; report: unknown }> => {
  const { code, stdout } = await cli([command, '--snapshot', '-', '--format', 'json'], { stdin });
  return { code, report: JSON.parse(stdout) };
};

describe('who deploys a trail, in a report and in a plan', () => {
  test.each<[string, string, string | null, RegExp | null]>([
    ['nobody', given({}), null, null],
    [
      'Control Tower, by name',
      given({}, {}, 'aws-controltower-BaselineCloudTrail'),
      'control-tower',
      /landing zone's settings/,
    ],
    [
      'the Landing Zone Accelerator, by name',
      given({}, {}, 'AWSAccelerator-Organizations-CloudTrail'),
      'landing-zone-accelerator',
      /configuration repository/,
    ],
    [
      'the Landing Zone Accelerator, by an alias of the key',
      given({}, { Aliases: ['alias/accelerator/central-logs/s3/key'] }),
      'landing-zone-accelerator',
      /configuration repository/,
    ],
    ['a stack, by the tags of the trail', given({ Tags: STACK }), 'cloudformation', /the trail .* stack `logging`/],
    ['a stack, by the tags of the key', given({}, { Tags: KEY_STACK }), 'cloudformation', /the key .* stack `logging`/],
    [
      'a stack, by tags as AWS Config has them',
      given({ Tags: { 'aws:cloudformation:stack-name': 'logging' } }),
      'cloudformation',
      /stack `logging`/,
    ],
    ['other tags', given({ Tags: [{ Key: 'team', Value: 'security' }] }, { Tags: [] }), null, null],
    ['tags that nobody could read', given({ Tags: { Error: { Code: 'AccessDenied', Message: 'no' } } }), null, null],
  ])('%s', async (_, stdin, owner, reason) => {
    expect((await json('evaluate', stdin)).report).toMatchObject({ trails: [{ owner }] });
    const { code, report } = await json('repair', stdin);
    const [plan] = (report as { plans: readonly Record<string, unknown>[] }).plans;
    expect(plan?.policy).toMatchObject({ Statement: expect.anything() });
    if (reason === null) expect(plan).toMatchObject({ status: 'repaired', reason: null });
    else {
      expect([code, plan?.status, plan?.commands]).toEqual([1, 'handed-over', []]);
      expect(plan?.reason).toMatch(reason);
      expect(plan?.reason).toContain('the change is for its owner');
    }
  });

  test('what deploys a file is its owner, and its remedies are changes of the file', async () => {
    const template = JSON.stringify({
      Resources: {
        Trail: {
          Type: 'AWS::CloudTrail::Trail',
          Properties: { TrailName: 'aws-controltower-x', IsLogging: true, S3BucketName: 'logs' },
        },
      },
    });
    const { stdout } = await cli(['check', '-', '--format', 'json'], { stdin: template });
    const [trail] = (JSON.parse(stdout) as { trails: readonly { owner: string; findings: readonly unknown[] }[] })
      .trails;
    expect(trail?.owner).toBe('cloudformation');
    expect(JSON.stringify(trail?.findings)).toContain('set `KMSKeyId` of `Trail`');
    expect(JSON.stringify(trail?.findings)).not.toContain('Control Tower');
  });

  test('the report for a person names the owner', async () => {
    const { stdout } = await cli(['evaluate', '--snapshot', '-'], { stdin: given({}, { Tags: KEY_STACK }) });
    expect(stdout).toContain('owner CloudFormation\n');
  });

  test('tags that are none are bad input', async () => {
    const { code, stderr } = await cli(['evaluate', '--snapshot', '-'], { stdin: given({ Tags: 'x' }) });
    expect(code).toBe(2);
    expect(stderr).toContain('`trails[0].Tags` must be a list of tags');
  });
});
