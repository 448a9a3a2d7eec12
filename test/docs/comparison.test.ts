import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { cli } from '../cli/support.ts';

const TEMPLATE = 'docs/examples/comparison.yaml';
const DEPLOYED = ['--account-id', '123456789012', '--region', 'us-east-1'];

interface Trail {
  readonly trailArn: string;
  readonly complianceType: 'COMPLIANT' | 'NON_COMPLIANT';
  readonly findings: readonly { readonly check: string; readonly status: string; readonly severity: string }[];
}

/** By trail: the verdict, and the check that decides it. */
async function verdicts(): Promise<readonly (readonly [string, string, string])[]> {
  const { stdout } = await cli(['check', TEMPLATE, ...DEPLOYED, '--format', 'json']);
  const { trails } = JSON.parse(stdout) as { readonly trails: readonly Trail[] };
  return trails.map(({ trailArn, complianceType, findings }) => {
    const deciding = findings.filter(({ status, severity }) => status === 'fail' && /CRITICAL|HIGH/.test(severity));
    return [trailArn.split('/')[1] ?? '', complianceType, deciding.map(({ check }) => check).join(', ')];
  });
}

const cellsOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );

let found: Awaited<ReturnType<typeof verdicts>>;
beforeAll(async () => {
  found = await verdicts();
});

test('docs/comparison.md says of each trail what `check` says', () => {
  const shown = cellsOf('docs/comparison.md').filter((cells) => cells.length === 5 && cells[0]?.startsWith('`'));
  expect(shown.map(([trail, , , , own]) => `${trail} ${own}`).toSorted()).toEqual(
    found.map(([trail, verdict, check]) => `\`${trail}\` ${verdict}${check && `: \`${check}\``}`).toSorted(),
  );
});

test('and the README the same, in the same order', () => {
  const byTrail = new Map(found.map(([trail, verdict, check]) => [trail, [verdict, check]]));
  const shown = cellsOf('README.md').filter(
    (cells) => cells.length === 6 && /^\W*(PASS|FAIL)\W*$/.test(cells[1] ?? ''),
  );
  const rows = shown.map(([, , , , own = '', why = '']) => [
    own.includes('PASS') ? 'COMPLIANT' : 'NON_COMPLIANT',
    /^`([a-z-]+)`/.exec(why)?.[1] ?? '',
  ]);
  const order = ['working', 'no-key', 'other-account', 'disabled-key', 'open-key'];
  expect(rows).toEqual(order.map((trail) => byTrail.get(trail)));
});

test("AWS Config's managed rule, as it is documented, tells whether a trail names a key", () => {
  const { Resources } = parse(readFileSync(TEMPLATE, 'utf8'), { logLevel: 'error' }) as {
    readonly Resources: Readonly<
      Record<string, { readonly Type: string; readonly Properties: Record<string, string> }>
    >;
  };
  const trails = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudTrail::Trail');
  const shown = new Map(cellsOf('docs/comparison.md').map(([trail = '', config = '']) => [trail, config]));
  for (const { Properties } of trails)
    expect([Properties.TrailName, shown.get(`\`${Properties.TrailName}\``)]).toEqual([
      Properties.TrailName,
      Properties.KMSKeyId === undefined ? 'NON_COMPLIANT' : 'COMPLIANT',
    ]);
});
