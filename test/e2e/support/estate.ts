import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, type AwsCredentials, accountAt, awsPolicy, type Trail, trailArn } from './account.ts';
import { cli, type Outcome } from './cli.ts';
import { startMoto } from './moto.ts';
import { startWire, type Wire } from './wire.ts';

export const OTHER = '444455556666';
export const ROLE = 'audit/Reader';
export const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
export const BOTH = ['--accounts', `${ACCOUNT},${OTHER}`, '--role-name', ROLE];
export const EVERYWHERE = ['--regions', REGIONS.join(','), ...BOTH];

export interface Report {
  readonly trails: readonly {
    readonly trailArn: string;
    readonly complianceType: string;
    readonly annotation: string;
    readonly findings: readonly { readonly check: string; readonly status: string; readonly message: string }[];
  }[];
}

export interface Reported extends Outcome {
  readonly report: Report;
}

/** Trails in three Regions and two accounts of moto, and the built command line before them. */
export interface Estate {
  readonly wire: Wire;
  readonly folder: string;
  /** With the own account's credentials, and us-east-1. */
  readonly environment: Readonly<Record<string, string>>;
  readonly trails: Readonly<Record<'good' | 'ireland' | 'bare' | 'other' | 'wrong', Trail>>;
  /** The verdict that each trail deserves, by ARN. */
  readonly expected: Readonly<Record<string, string>>;
  json(args: readonly string[]): Promise<Reported>;
  /** Collects into a file, and evaluates that file where nothing can be asked. */
  collected(args: readonly string[]): Promise<Reported & { readonly collect: Outcome; readonly snapshot: Snapshot }>;
  close(): void;
}

/** As far as the tests look into it. */
export interface Snapshot {
  readonly trails: readonly {
    readonly Trail: { readonly TrailARN: string };
    readonly Status: { readonly IsLogging: boolean };
  }[];
  readonly keys: readonly {
    readonly KeyArn: string;
    readonly KeyMetadata: { readonly Arn: string };
    readonly Policy: string | { readonly Error: { readonly Code: string } };
    readonly [member: string]: unknown;
  }[];
  readonly buckets: readonly { readonly Name: string }[];
}

export async function openEstate(): Promise<Estate> {
  const moto = await startMoto();
  const wire = await startWire(moto.port);
  const folder = mkdtempSync(join(tmpdir(), 'scan-'));
  const trails = await createTrails(`http://127.0.0.1:${moto.port}`);
  const environment = {
    AWS_ENDPOINT_URL: wire.url,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
  };
  return {
    wire,
    folder,
    environment,
    trails,
    expected: {
      [trails.good.arn]: 'COMPLIANT',
      [trails.ireland.arn]: 'COMPLIANT',
      [trails.bare.arn]: 'NON_COMPLIANT',
      [trails.other.arn]: 'COMPLIANT',
      [trails.wrong.arn]: 'NON_COMPLIANT',
    },
    json: async (args) => reported(await cli([...args, '--format', 'json'], environment)),
    async collected(args) {
      const file = join(folder, 'snapshot.json');
      const collect = await cli(['collect', ...args, '--output', file], environment);
      const evaluated = await cli(['evaluate', '--snapshot', file, '--format', 'json'], {});
      return { ...reported(evaluated), collect, snapshot: JSON.parse(readFileSync(file, 'utf8')) };
    },
    close() {
      wire.close();
      moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const reported = (outcome: Outcome): Reported => ({ ...outcome, report: JSON.parse(outcome.stdout) as Report });

async function createTrails(endpoint: string): Promise<Estate['trails']> {
  const own = accountAt(endpoint);
  const other = accountAt(endpoint, await assumed(endpoint));
  const policy = (name: string, region: string, account: string) => ({
    region,
    policy: awsPolicy(trailArn(name, region, account), account),
  });
  return {
    good: await own.createTrail('good', policy('good', 'us-east-1', ACCOUNT)),
    ireland: await own.createTrail('ireland', policy('ireland', 'eu-west-1', ACCOUNT)),
    bare: await own.createTrail('bare', { region: 'ap-southeast-2', policy: null }),
    other: await other.createTrail('other', policy('other', 'us-east-1', OTHER)),
    wrong: await other.createTrail('wrong', {
      region: 'eu-west-1',
      policy: awsPolicy(trailArn('wrong', 'eu-west-1', ACCOUNT), OTHER),
    }),
  };
}

async function assumed(endpoint: string): Promise<AwsCredentials> {
  const sts = new STSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
  const RoleArn = `arn:aws:iam::${OTHER}:role/${ROLE}`;
  const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'setup' }));
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

/** The verdicts of a report by trail. */
export const verdicts = ({ trails }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(trails.map(({ trailArn: arn, complianceType }) => [arn, complianceType]));

/**
 * moto delivers whenever it is asked: what it delivered when differs between two scans. And the repair that a remedy names
 * starts from where its trail was read.
 */
export const timeless = (report: Report): unknown =>
  JSON.parse(
    JSON.stringify(report)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
      .replaceAll(/cloudtrail-kms repair [^`]*/g, 'cloudtrail-kms repair'),
  );
