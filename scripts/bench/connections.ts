import { join } from 'node:path';
import { ACCOUNT, REGION, type Trail } from '../../test/e2e/support/account.ts';
import { accountIds, answerAsAws, DEFAULT_REGIONS, trailsOf } from '../../test/e2e/support/aws.ts';
import { cli } from '../../test/e2e/support/cli.ts';
import { type Hosts, startHosts } from '../../test/e2e/support/hosts.ts';
import { startLambda } from '../../test/e2e/support/lambda.ts';
import type { Measurement } from './budget.ts';

const DESCRIPTORS = 1_024;
const ACCOUNTS = 400;

/**
 * Every trail of 17 Regions, and of 400 accounts, within the file descriptors that Lambda gives a function, AWS at its own
 * host names.
 *
 * @param dist what `npm run build` makes
 */
export async function connections(dist: string): Promise<readonly Measurement[]> {
  const hosts = await startHosts();
  try {
    return [...(await scan(hosts, join(dist, 'cli.js'))), await central(hosts, join(dist, 'lambda/centralEvaluation'))];
  } finally {
    hosts.wire.close();
  }
}

async function scan(hosts: Hosts, file: string): Promise<readonly Measurement[]> {
  const trails = trailsOf([ACCOUNT], DEFAULT_REGIONS, 3);
  answerAsAws(hosts.wire, trails);
  const environment = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: REGION,
    ...hosts.environment,
  };
  const options = { file, descriptors: DESCRIPTORS };
  const { stdout } = await cli(['scan', '--all-regions', '--format', 'json'], environment, '', options);
  const { summary } = JSON.parse(stdout) as { readonly summary: { readonly COMPLIANT: number } };
  const what = `scan: ${DEFAULT_REGIONS.length} Regions, ${shown(DESCRIPTORS)} descriptors`;
  const repeated = hosts.repeated();
  return [
    read(`${what}, trails read`, summary.COMPLIANT, trails),
    {
      what: `${what}, connections a host`,
      // A connection that the SDK gave up, on a busy machine, closes while its successor is open already.
      measured: hosts.mostOpenToOne() - repeated,
      limit: 4,
      bound: 'at most',
      unit: '',
      note: `${hosts.mostOpen()} open at once, ${hosts.wire.requests.length} calls, ${repeated} of them repeated`,
    },
  ];
}

async function central(hosts: Hosts, folder: string): Promise<Measurement> {
  hosts.reset();
  const trails = trailsOf(accountIds(ACCOUNTS), [REGION], 1);
  answerAsAws(hosts.wire, trails);
  const parameters = { aggregatorName: 'organization', memberRoleName: 'audit' };
  const environment = { ...hosts.environment, RULE_PARAMETERS: JSON.stringify(parameters) };
  const lambda = await startLambda({ folder, handler: 'index.handler', descriptors: DESCRIPTORS, environment });
  try {
    await lambda.invoke({}, { timeout: 120_000 });
    const evaluated = lambda.logs().match(/"message":"evaluated".*"complianceType":"COMPLIANT"/g) ?? [];
    return {
      ...read(
        `central: ${ACCOUNTS} accounts, ${shown(DESCRIPTORS)} descriptors, trails evaluated`,
        evaluated.length,
        trails,
      ),
      note: `${hosts.mostOpen()} connections open at once, ${hosts.wire.requests.length} calls, peak ${(lambda.peakMemory() / 1_000_000).toFixed(0)} MB`,
    };
  } finally {
    lambda.stop();
  }
}

const read = (what: string, measured: number, { length }: readonly Trail[]): Measurement => ({
  what,
  measured,
  limit: length,
  bound: 'at least',
  unit: '',
});

const shown = (value: number): string => value.toLocaleString('en-US');
