// Slow: `npm run quick` leaves it out.
import { globSync, readFileSync } from 'node:fs';
import { changedVerdicts } from '../../../src/cli/redact/changedVerdicts.ts';
import { redacted } from '../../../src/cli/redact/redact.ts';
import { trailCases } from '../../caseFiles.ts';
import { spread } from '../../runs.ts';
import type { TrailCase } from '../../trail/cases.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const changed = (document: unknown) =>
  changedVerdicts(JSON.stringify(document), JSON.stringify(redacted(document)), 's.json', NOW);

/** Their patterns hold a part of an id or of a name, or a name alone: it is no longer part of what stands in its place. */
const PARTS: readonly string[] = [
  'test/cases/slow/slow-policy-40-statements.json',
  'checks/other-trails-excluded.json: source and encryption context are the same trail',
  'checks/policy-well-formed.json: a resource with a wildcard may be this key',
];

const snapshots = globSync([
  'events/snapshots/*.json',
  'test/cases/cli/snapshot.json',
  'test/cases/slow/*.json',
]).sort();
test.each(spread(snapshots, 8))('%s comes to the same verdicts', async (file) => {
  const differing = await changed(JSON.parse(readFileSync(file, 'utf8')));
  expect(differing.length > 0).toBe(PARTS.includes(file));
});

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** What of a case a snapshot holds: its trail, and its policies as texts. */
function snapshotOf({ trailArn = TRAIL, key, policy, policyVersion = '2012-10-17', statements = [] }: TrailCase) {
  const Arn = key?.arn ?? KEY;
  const document = policy ?? { Version: policyVersion, Statement: statements };
  const controls = key?.resourceControlPolicies ?? [];
  return {
    version: 1,
    collectedAt: NOW.toISOString(),
    trails: [
      { Trail: { TrailARN: trailArn, Name: 'main', HomeRegion: 'us-east-1', S3BucketName: 'logs', KmsKeyId: Arn } },
    ],
    keys: [
      {
        KeyMetadata: { Arn, KeyState: 'Enabled', KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT' },
        Policy: typeof document === 'string' ? document : JSON.stringify(document),
        Grants: [],
      },
    ],
    resourceControlPolicies: [{ AccountId: '111111111111', Policies: Array.isArray(controls) ? controls : [] }],
    organizations: [{ AccountId: '111111111111', Id: 'o-exampleorg1' }],
  };
}

const cases = globSync('test/cases/trail/{*,checks/*}.json')
  .sort()
  .flatMap((file) =>
    trailCases<TrailCase>(file.slice(11)).map((row) => [`${file.slice(17)}: ${row.name}`, row] as const),
  )
  .filter(([, { policy, statements }]) => policy !== undefined || statements !== undefined);

test('policies of cases come to the same verdicts', async () => {
  const differing: string[] = [];
  for (const [name, row] of spread(cases, 40)) if ((await changed(snapshotOf(row))).length > 0) differing.push(name);
  expect(cases.length).toBeGreaterThan(400);
  expect(differing.filter((name) => !PARTS.includes(name))).toEqual([]);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
const VARIABLE = '${aws:username}';
const NAMED = {
  version: 1,
  trails: [
    {
      Trail: {
        Name: 'acme-audit',
        TrailARN: 'arn:aws:cloudtrail:eu-west-1:210987654321:trail/acme-audit',
        S3BucketName: 'acme-logs-eu-west-1-210987654321',
        S3KeyPrefix: 'acme/trails',
        KmsKeyId: 'alias/acme-trail',
      },
      Status: {
        Error: {
          Code: 'AccessDenied',
          Message: 'User: arn:aws:sts::210987654321:assumed-role/AcmeReader/jane@acme.example may not read acme-audit',
          Request: {
            Principal: 'arn:aws:iam::210987654321:role/AcmeReader',
            AccountId: '210987654321',
            Action: 'cloudtrail:GetTrailStatus',
            Resource: 'acme-audit',
          },
        },
      },
    },
  ],
  keys: [
    {
      KeyMetadata: {
        Arn: 'arn:aws:kms:eu-west-1:210987654321:key/0a1b2c3d-1111-2222-3333-210987654321',
        KeyState: 'Enabled',
        Description: 'the logs of Acme',
      },
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Id: 'acme policy',
        Statement: [
          {
            Sid: 'AcmeReaders',
            Effect: 'Allow',
            Principal: {
              AWS: ['AROAACMEACMEACMEACME1', 210987654321, `arn:aws:iam::210987654321:role/acme/${VARIABLE}`],
            },
            Action: 'kms:Decrypt',
            Resource: '*',
            Condition: {
              StringLike: {
                'aws:PrincipalOrgPaths': 'o-acmeacmeac/r-acme/ou-acme-acmeacme/*',
                'kms:EncryptionContext:aws:s3:arn':
                  'arn:aws:s3:::acme-logs-*/acme/trails/AWSLogs/*/CloudTrail/eu-west-1/2026/*',
                'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718',
              },
            },
          },
        ],
      }),
      Aliases: ['alias/acme-trail', 'alias/aws/s3'],
      Tags: [{ Key: 'team', Value: 'acme-security' }],
    },
  ],
  accounts: [{ AccountId: '210987654321', Name: 'Acme Production' }],
};

test('nothing is left that tells whose it is, and what the rule reads stays what it was', () => {
  const text = JSON.stringify(redacted(NAMED));
  expect(text).not.toMatch(/acme|jane|210987654321|0a1b2c3d|AROAACME/i);
  const shown = redacted(NAMED) as typeof NAMED;
  const [{ Trail }] = shown.trails as [(typeof NAMED.trails)[0]];
  expect(Trail.TrailARN).toBe(`arn:aws:cloudtrail:eu-west-1:100000000001:trail/${Trail.Name}`);
  const [key] = shown.keys as [(typeof NAMED.keys)[0]];
  expect(key.KeyMetadata.Arn).toMatch(
    /^arn:aws:kms:eu-west-1:100000000001:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  expect(key.Aliases).toEqual([Trail.KmsKeyId, 'alias/aws/s3']);
  const [{ Principal, Condition }] = JSON.parse(key.Policy).Statement;
  expect(Principal.AWS).toEqual([
    'AROA00000000000000001',
    100000000001,
    expect.stringMatching(/^arn:aws:iam::100000000001:role\/\w+\/\$\{aws:username\}$/),
  ]);
  const { 'aws:PrincipalOrgPaths': paths, 'kms:EncryptionContext:aws:s3:arn': files } = Condition.StringLike;
  expect(paths).toBe('o-0000000001/r-0001/ou-0000-00000001/*');
  const prefix = Trail.S3BucketName.slice(0, Trail.S3BucketName.indexOf('eu-west-1'));
  expect(files).toBe(`arn:aws:s3:::${prefix}*/${Trail.S3KeyPrefix}/AWSLogs/*/CloudTrail/eu-west-1/2026/*`);
});

test('is the same each time', () => expect(redacted(NAMED)).toEqual(redacted(NAMED)));
