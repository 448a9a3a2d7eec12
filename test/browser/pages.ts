import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Output } from '../../src/cli/output.ts';
import { run } from '../../src/cli/program.ts';

const samples = join(__dirname, '../../events/snapshots');
const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-kms-pages-'));

/** Removes every page that was made. */
export const removePages = (): void => rmSync(folder, { recursive: true, force: true });

interface Snapshot {
  readonly version: 1;
  readonly trails: readonly object[];
  readonly keys?: readonly object[];
  readonly buckets?: readonly object[];
}

/** A sample snapshot whose trails and keys have names of their own, so that several fit into one estate. */
function sample(file: string, suffix: string): Snapshot {
  const name = file.replace('.json', '');
  const written = readFileSync(join(samples, file), 'utf8')
    .replaceAll(/trail\/([\w-]+)/g, (_, trail: string) => `trail/${trail === 'main' ? name : trail}${suffix}`)
    .replaceAll(/key\/[0-9a-f-]{36}/g, (key) => `${key}-${name}${suffix}`)
    .replaceAll(/alias\/[\w-]+/g, (alias) => `${alias}-${name}${suffix}`)
    .replaceAll(/"KeyId": *"([0-9a-f-]{36})"/g, `"KeyId":"$1-${name}${suffix}"`);
  return JSON.parse(written);
}

/** Every sample `times` over, as one snapshot. */
export function estate(times: number): Snapshot {
  const files = readdirSync(samples).filter((file) => file.endsWith('.json'));
  const all = Array.from({ length: times }, (_, time) =>
    files.map((file) => sample(file, time === 0 ? '' : `-${time}`)),
  );
  const snapshots = all.flat();
  return {
    version: 1,
    trails: snapshots.flatMap(({ trails }) => trails),
    keys: snapshots.flatMap(({ keys = [] }) => keys),
    buckets: snapshots.flatMap(({ buckets = [] }) => buckets),
  };
}

function write(name: string, content: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** What the command line itself prints of a snapshot. */
async function printed(name: string, snapshot: object, [command, ...options]: readonly string[]): Promise<string> {
  const input = write(`${name}.json`, snapshot);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = text(stdout);
  const io = {
    stdin: Readable.from([]),
    stdout: new Output(stdout),
    stderr: new Output(stderr),
    env: {},
    now: () => new Date('2026-11-20T10:30:00Z'),
  };
  const code = await run([command ?? '', '--snapshot', input, ...options], io);
  if (code > 1) throw new Error(`${command} ended with ${code}: ${String(stderr.read())}`);
  stdout.end();
  return output;
}

/** Writes the HTML report of a snapshot, or that of its repair; gives its place. */
export async function pageOf(
  name: string,
  snapshot: object,
  command: readonly string[] = ['evaluate'],
): Promise<string> {
  const output = join(folder, `${name}.html`);
  writeFileSync(output, await printed(name, snapshot, [...command, '--format', 'html']));
  return output;
}

const region = (name: string | null, status: string, trails: number | null, reason: string | null = null) => ({
  region: name,
  status,
  trails,
  reason,
});

/** Every sample `times` over, with all that an auditor asks about: coverage, names of accounts, exceptions, a baseline. */
export async function audited(times: number): Promise<readonly [snapshot: object, command: readonly string[]]> {
  const denied = { ...region(null, 'failed', null), deniedBy: 'a service control policy' };
  const all = estate(times);
  const prod = [
    region('us-east-1', 'read', all.trails.length),
    region('eu-west-1', 'failed', null, 'AccessDenied: not authorized'),
    region('ap-east-1', 'skipped', null),
  ];
  const snapshot = {
    ...all,
    collectedAt: '2026-11-20T10:00:00.000Z',
    accounts: [{ AccountId: '111122223333', Name: 'prod' }],
    coverage: {
      accounts: [
        { accountId: '111122223333', name: 'prod', regions: prod },
        { accountId: '444455556666', name: null, regions: [denied] },
        { accountId: '777788889999', name: 'empty', regions: [region('us-east-1', 'read', 0)] },
      ],
    },
  };
  const arn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/';
  const [excepted, other] = [
    {
      trailArn: `${arn}unencrypted*`,
      checks: ['trail-encrypted'],
      owner: 'security@example.com',
      reason: 'moves',
      ticket: 'SEC-1',
      expires: '2027-01-31',
    },
    { trailArn: `${arn}none`, owner: 'ops', reason: 'old', expires: '2026-12-01' },
  ];
  const exceptions = write('exceptions.json', { version: 1, exceptions: [excepted, other] });
  const before = JSON.parse(await printed('before', snapshot, ['evaluate', '--format', 'json']));
  const fixed = before.trails.find(({ standing }: { standing: string }) => standing === 'compliant');
  fixed.standing = 'non-compliant';
  before.trails.push({ ...fixed, trailArn: `${arn}gone` });
  const baseline = write('baseline.json', before);
  return [snapshot, ['evaluate', '--exceptions', exceptions, '--baseline', baseline]];
}

/** Names that somebody chose to do harm; the refusal to read one key is 10 KB long. */
export function hostileEstate(): Snapshot {
  const markup = '<script>document.title="taken over"</script>';
  const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const trail = (name: string, keyArn: string) => ({
    Trail: {
      Name: name,
      TrailARN: `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`,
      HomeRegion: 'us-east-1',
      S3BucketName: 'logs',
      KmsKeyId: keyArn,
    },
  });
  const statement = (sid: string, source: string) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:GenerateDataKey*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceArn': source } },
  });
  const described = (arn: string) => ({
    Arn: arn,
    KeyId: arn.slice(arn.indexOf('/') + 1),
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
  });
  const statements = [
    statement(markup, 'arn:aws:cloudtrail:*:444455556666:trail/*'),
    statement('right\u202eto\u200fleft', '<img src=x onerror=alert(1)>'),
    statement('\u05d0\u05d1\u05d2', '"><svg onload=alert(2)>'),
  ];
  const unread = { Error: { Code: 'AccessDeniedException', Message: 'annotation '.repeat(1000) } };
  return {
    version: 1,
    trails: [trail('main', key), trail('unread', `${key}-2`)],
    keys: [
      { KeyMetadata: described(key), Policy: { Version: '2012-10-17', Statement: statements } },
      { KeyMetadata: described(`${key}-2`), Policy: unread },
    ],
  };
}
