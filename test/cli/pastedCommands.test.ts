// Slow: `npm run quick` leaves it out.
import { readFileSync } from 'node:fs';
import { spread } from '../runs.ts';
import { fileOf } from '../support/outsideNames.ts';
import { wordsOfEach } from '../support/shell.ts';
import { cli } from './support.ts';

const BASE = JSON.parse(readFileSync('events/snapshots/compliant.json', 'utf8'));
const [KEY] = BASE.keys;
const PUBLIC = { Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
const withMetadata = (members: object) => ({ key: { KeyMetadata: { ...KEY.KeyMetadata, ...members } } });
const withPolicy = (statement: object) => ({ key: { Policy: { Version: '2012-10-17', Statement: [statement] } } });
const foreign = (GrantId: string) => ({
  GrantId,
  GranteePrincipal: 'arn:aws:iam::444455556666:root',
  Operations: ['Decrypt'],
});

const NAMES = [
  '$(touch x)',
  'a; touch x',
  "it's",
  "'; touch x; '",
  '"; touch x; "',
  'a & touch x',
  '> x',
  '# x',
  'a b',
];

interface Estate {
  readonly trail?: object;
  readonly key?: object;
  readonly bucket?: object;
}

/** Trails and keys that fail the checks that tell a command. */
const ESTATES: readonly (readonly [string, (name: string) => Estate])[] = [
  ['no key', () => ({ trail: { KmsKeyId: undefined } })],
  ['a key that is not there', (name) => ({ trail: { KmsKeyId: `alias/${name}` } })],
  ['a disabled key', () => withMetadata({ KeyState: 'Disabled' })],
  ['a dying key', () => withMetadata({ KeyState: 'PendingDeletion' })],
  ['a key without material', () => withMetadata({ KeyState: 'PendingImport' })],
  ['a key of AWS', () => withMetadata({ KeyManager: 'AWS' })],
  ['an asymmetric key', () => withMetadata({ KeySpec: 'RSA_2048' })],
  ['a key that does not rotate', () => ({ key: { KeyRotationEnabled: false } })],
  ['a grant', (name) => ({ key: { Grants: [foreign(name)] } })],
  ['a public policy', () => withPolicy(PUBLIC)],
  ['a policy that lets nobody in', () => withPolicy({ ...PUBLIC, Effect: 'Deny' })],
  ['a bucket elsewhere', () => ({ bucket: { Region: 'eu-west-1' } })],
];

const PASTED = /`(aws [^`]*--region [^`]*|cloudtrail-kms repair [^`]*)`/g;
/** Where a policy is written to, by the shell. */
const INTO_FILE = / > policy\.json$/;

/** What findings tell to paste: each ends at a backtick, which none of the names holds. */
async function commandsFor(snapshot: unknown): Promise<readonly string[]> {
  const parameters = { requireKeyRotation: 'true', allowedKmsKeys: 'arn:aws:kms:*:999999999999:key/*' };
  const given = JSON.stringify({ ...parameters, deliveryEvidenceHours: '0' });
  const file = fileOf(JSON.stringify(snapshot));
  const { stdout } = await cli(['evaluate', '--snapshot', file, '--format', 'json', '--parameters', given]);
  const [trail] = JSON.parse(stdout).trails as readonly { findings: readonly { remediation: string }[] }[];
  return (trail?.findings ?? []).flatMap(({ remediation }) =>
    [...remediation.matchAll(PASTED)].map(([, command = '']) => command.replace(INTO_FILE, '')),
  );
}

describe.each(ESTATES)('%s', (_, estateOf) => {
  it.each(spread(NAMES, 6))('%s', async (name) => {
    const { trail = {}, key = {}, bucket = {} } = estateOf(name);
    const arn = `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`;
    const [entry] = BASE.trails;
    const commands = await commandsFor({
      ...BASE,
      trails: [{ ...entry, Trail: { ...entry.Trail, TrailARN: arn, Name: name, ...trail } }],
      keys: [{ ...KEY, ...key }],
      buckets: [{ ...BASE.buckets[0], ...bucket }],
    });
    expect(commands.length).toBeGreaterThan(0);
    for (const words of wordsOfEach('bash', commands)) {
      const names = words[0] === 'aws' ? 3 : 2;
      expect(words.slice(0, names).join(' ')).toMatch(/^(aws (kms|cloudtrail) [a-z-]+|cloudtrail-kms repair)$/);
      const options = words.slice(names);
      // An option and its value each: no part of a name stands by itself.
      const pairs = options.filter((option) => option !== '...');
      expect(pairs.filter((option, index) => index % 2 === 0 && !/^--[a-z-]+$/.test(option))).toEqual([]);
      if (options.includes('--name')) expect(options).toContain(arn);
      if (options.includes('--trail')) expect(options).toContain(arn);
      if (options.includes('--grant-id')) expect(options).toContain(name);
    }
  });
});
