import { readFileSync } from 'node:fs';
import { cli } from './support.ts';

const SNAPSHOT = JSON.parse(readFileSync('events/snapshots/compliant.json', 'utf8')) as {
  readonly trails: readonly object[];
  readonly keys: readonly object[];
};
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ROLE = 'arn:aws:sts::111122223333:assumed-role/Reader/1';

const denied = (how: string) => ({
  Error: {
    Code: 'AccessDeniedException',
    Message: `User: ${ROLE} is not authorized to perform: kms:GetKeyPolicy on resource: ${KEY} ${how}`,
    Request: { Principal: ROLE, AccountId: '111122223333', Action: 'kms:GetKeyPolicy', Resource: KEY },
  },
});

interface Found {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remediation: string;
}

test.each([
  [
    'with an explicit deny in a service control policy',
    /^Exempt the reading role from the service control policy .* management account/,
  ],
  [
    'because no service control policy allows the kms:GetKeyPolicy action',
    /^Exempt the reading role from the service control policy/,
  ],
  [
    'with an explicit deny in a resource control policy',
    /^Exempt the reading role from the resource control policy .* management account/,
  ],
  ['with an explicit deny in a permissions boundary', /^Allow it in the permissions boundary/],
  ['because no session policy allows the kms:GetKeyPolicy action', /^Allow it in the session policy/],
  ['with an explicit deny in a VPC endpoint policy', /^Allow it in the policy of the VPC endpoint/],
  ['with an explicit deny in a resource-based policy', /^Exempt the reading role from the Deny statement/],
  ['because no identity-based policy allows the kms:GetKeyPolicy action', /^Let the rule read/],
  ['because no resource-based policy allows the kms:GetKeyPolicy action', /^Let the rule read/],
])('a key policy that nobody could read, %s', async (how, remedy) => {
  const stdin = JSON.stringify({
    ...SNAPSHOT,
    trails: SNAPSHOT.trails.map((trail) => ({ ...trail, Status: null })),
    keys: SNAPSHOT.keys.map((key) => ({ ...key, Policy: denied(how) })),
  });
  const { stdout } = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin });
  const [trail] = (JSON.parse(stdout) as { trails: readonly { findings: readonly Found[] }[] }).trails;
  const found = trail?.findings.find(({ check }) => check === 'cloudtrail-can-encrypt');
  expect(found?.status).toBe('unknown');
  expect(found?.message).toContain(how.replace(/^(?:with|because) /, ''));
  expect(found?.remediation).toMatch(remedy);
  // The statement that admits the reader helps where a statement is what is missing.
  expect(found?.message.includes('LetTheTrailRuleRead')).toBe(how.startsWith('because no resource-based'));
  const { stdout: plan } = await cli(['repair', '--snapshot', '-', '--format', 'json'], { stdin });
  expect(plan).toContain('"status":"declined"');
});
