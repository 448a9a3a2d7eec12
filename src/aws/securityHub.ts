import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { type Sleep, sleep } from '../rule/evaluate/sendEvaluations.ts';
import type { Home } from './access.ts';
import type { AwsClients } from './clients.ts';
import { callOf, InfrastructureError } from './errors.ts';
import { required } from './required.ts';
import { collectPages, startSession } from './session.ts';

/** Findings in one call of BatchImportFindings, and in one page of GetFindings (AWS Security Hub API Reference). */
const FINDINGS_PER_CALL = 100;
/** Calls for one batch before the import fails. */
const ATTEMPTS_PER_BATCH = 4;
/** Before the second attempt, in milliseconds; doubled before each further one. */
const FIRST_PAUSE = 200;
/** Findings that an error names. */
const FINDINGS_NAMED = 3;

/** A finding in AWS Security Finding Format, as far as the import itself looks at it. */
export interface ImportableFinding {
  readonly Id: string;
  readonly ProductArn: string;
}

/** Security Hub in the function's own account and Region. */
export interface FindingStore {
  /**
   * Imports or updates findings. What Security Hub refuses is sent again.
   *
   * @throws InfrastructureError when some stay refused, or Security Hub is not enabled; the other batches have been sent by then
   */
  importFindings(findings: readonly ImportableFinding[]): Promise<void>;
  /** Ids of the findings of a generator that are not archived. */
  openFindingIds(generatorId: string): Promise<readonly string[]>;
}

/** What imports findings. */
interface FindingStoreBinding {
  readonly home: Home;
  /** How to name the principal of the clients where AWS's messages do not. */
  readonly caller: string;
  /** Aborts when the invocation's time is nearly up. */
  readonly signal: AbortSignal;
}

/** The default product of an account, by which its own findings come in (AWS Security Hub User Guide, "BatchImportFindings"). */
const productArnOf = ({ partition, region, accountId }: Home): string =>
  `arn:${partition}:securityhub:${region}:${accountId}:product/${accountId}/default`;

/** @param clients with the function's own credentials: findings are imported in its own account alone */
export function findingStore(clients: AwsClients, binding: FindingStoreBinding, pause: Sleep = sleep): FindingStore {
  const { home } = binding;
  const session = startSession(home.accountId, binding.caller, binding.signal);
  const productArn = productArnOf(home);
  const hub = () => clients.get(SecurityHubClient, home.region);

  const sendOnce = async (batch: readonly ImportableFinding[]): Promise<readonly Refused[]> => {
    const call = callOf('SecurityHub', 'BatchImportFindings', productArn, home.region);
    const answer = await session.demand(call, (options) =>
      hub().send(new BatchImportFindingsCommand({ Findings: batch as AwsSecurityFinding[] }), options),
    );
    const FailedCount = required(call, answer, 'FailedCount');
    const { FailedFindings = [] } = answer;
    const refused = batch.flatMap((finding): readonly Refused[] => {
      const failed = FailedFindings.find(({ Id }) => Id === finding.Id);
      return failed === undefined ? [] : [{ finding, why: `${failed.ErrorCode}: ${failed.ErrorMessage}` }];
    });
    if (refused.length < FailedCount)
      throw new InfrastructureError(call, `Security Hub refused ${FailedCount} findings and did not name them all`);
    return refused;
  };

  const sendBatch = async (batch: readonly ImportableFinding[]): Promise<readonly Refused[]> => {
    let refused = await sendOnce(batch);
    for (let attempt = 1; attempt < ATTEMPTS_PER_BATCH && refused.length > 0; attempt += 1) {
      await pause(FIRST_PAUSE * 2 ** (attempt - 1));
      refused = await sendOnce(refused.map(({ finding }) => finding));
    }
    return refused;
  };

  return {
    async importFindings(findings) {
      const refused: Refused[] = [];
      for (let start = 0; start < findings.length; start += FINDINGS_PER_CALL) {
        refused.push(...(await sendBatch(findings.slice(start, start + FINDINGS_PER_CALL))));
      }
      if (refused.length === 0) return;
      const named = refused.slice(0, FINDINGS_NAMED).map(({ finding, why }) => `${finding.Id} (${why})`);
      throw new InfrastructureError(
        callOf('SecurityHub', 'BatchImportFindings', productArn, home.region),
        `${refused.length} of ${findings.length} findings were refused ${ATTEMPTS_PER_BATCH} times: ${named.join(', ')}`,
      );
    },
    openFindingIds(generatorId) {
      const call = callOf('SecurityHub', 'GetFindings', productArn, home.region);
      const equals = (Value: string) => [{ Value, Comparison: 'EQUALS' as const }];
      return collectPages(call, async (NextToken) => {
        const page = await session.demand(call, (options) =>
          hub().send(
            new GetFindingsCommand({
              Filters: {
                GeneratorId: equals(generatorId),
                ProductArn: equals(productArn),
                AwsAccountId: equals(home.accountId),
                RecordState: equals('ACTIVE'),
              },
              MaxResults: FINDINGS_PER_CALL,
              ...(NextToken && { NextToken }),
            }),
            options,
          ),
        );
        const items = required(call, page, 'Findings').map((finding) => required(call, finding, 'Id'));
        return { items, next: page.NextToken };
      });
    },
  };
}

interface Refused {
  readonly finding: ImportableFinding;
  readonly why: string;
}
