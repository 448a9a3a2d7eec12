import { ConfigServiceClient, SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import type { Access } from '../../aws/access.ts';
import { type Call, InfrastructureError } from '../../aws/errors.ts';
import { required } from '../../aws/required.ts';
import { collectPages } from '../../aws/session.ts';
import { BadInput } from '../errors.ts';
import { type FoundTrail, foundTrail } from './trails.ts';

const QUERY = "SELECT accountId, awsRegion, arn, configuration WHERE resourceType = 'AWS::CloudTrail::Trail'";
/** Results in one page (AWS Config API Reference, SelectAggregateResourceConfig). */
const RESULTS_PER_PAGE = 100;

/**
 * Every trail that a Config aggregator in the caller's account and Region knows, by one query. A trail that is recorded
 * in several accounts or Regions comes from where it lives, if it is recorded there.
 *
 * @throws BadInput when there is no such aggregator; InfrastructureError when it cannot be asked
 */
export async function recordedTrails(
  { session, clients }: Access,
  region: string,
  aggregator: string,
): Promise<readonly FoundTrail[]> {
  const call: Call = {
    service: 'Config',
    operation: 'SelectAggregateResourceConfig',
    permission: 'config:SelectAggregateResourceConfig',
    subject: aggregator,
    region,
  };
  const results = await collectPages(call, async (NextToken) => {
    const answer = await session.ask(call, (options) =>
      clients.get(ConfigServiceClient, region).send(
        new SelectAggregateResourceConfigCommand({
          ConfigurationAggregatorName: aggregator,
          Expression: QUERY,
          Limit: RESULTS_PER_PAGE,
          ...(NextToken && { NextToken }),
        }),
        options,
      ),
    );
    if (!answer.ok && answer.refusal.code === 'NoSuchConfigurationAggregatorException') {
      const where = `account ${session.accountId} in ${region}`;
      throw new BadInput(`\`--aggregator\` is \`${aggregator}\`, which is no Config aggregator of ${where}`);
    }
    const page = session.outputOrThrow(call, answer);
    return { items: required(call, page, 'Results'), next: page.NextToken };
  });
  const recorded = results.map((result) => recordedTrail(result, call));
  return recorded.toSorted((a, b) => Number(b.atHome) - Number(a.atHome)).map(({ trail }) => trail);
}

function recordedTrail(result: string, call: Call): { readonly trail: FoundTrail; readonly atHome: boolean } {
  const { accountId, awsRegion, arn, configuration } = parseResult(result, call);
  // AWS Config spells CloudTrail's members with a small first letter.
  const members = Object.entries(configuration ?? {}).map(([name, value]) => [capitalized(name), value]);
  const trail = foundTrail({ TrailARN: arn, ...Object.fromEntries(members) }, call);
  return { trail, atHome: trail.accountId === accountId && trail.homeRegion === awsRegion };
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

interface Result {
  readonly accountId?: string;
  readonly awsRegion?: string;
  readonly arn?: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

function parseResult(text: string, call: Call): Result {
  try {
    const result: unknown = JSON.parse(text);
    if (typeof result === 'object' && result !== null) return result;
  } catch (error) {
    throw new InfrastructureError(call, 'a result of the query is not JSON', error);
  }
  throw new InfrastructureError(call, 'a result of the query is no JSON object');
}
