import packageJson from '../../../package.json' with { type: 'json' };
import type { Home } from '../../aws/access.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { type FindingStore, findingStore } from '../../aws/securityHub.ts';
import { asffFinding, GENERATOR, trailOfFindingId } from '../../report/asff.ts';
import { trailReport } from '../../report/trailReport.ts';
import type { CentralRun, Publisher } from '../../rule/central/centralRun.ts';
import { type AskForTrail, vanishedTrails } from '../../rule/central/vanishedTrails.ts';
import type { UnexaminedResource, Verdict } from '../../rule/evaluate/evaluation.ts';
import { unexamined } from '../../rule/evaluate/unexamined.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { CheckId } from '../../trail/finding.ts';

/** What an import needs beside the verdicts. */
export interface ImportOptions {
  /** The function's account, which imports; a trail's own account shows in the finding's resources. */
  readonly home: Home;
  /** The rule parameter `securityHubExclude`. */
  readonly excluded: readonly CheckId[];
  readonly now: Date;
}

const GONE = 'the trail is not there any more';

/** The store of Lambda's own account. Loaded with its SDK client only where the deployment wants findings. */
export const storeOf = (clients: AwsClients, home: Home, caller: string, signal: AbortSignal): FindingStore =>
  findingStore(clients, { home, caller, signal });

/**
 * A finding a trail. A replica has none: its trail's finding comes from where the trail lives. That of a trail which is only
 * looked at no more stays as it is: archived as passed is a verdict.
 *
 * Of the same trail evaluated twice at one time, the finding is the same, so that a retry changes nothing.
 */
export function findingsOf(verdicts: readonly Verdict[], { home, excluded, now }: ImportOptions) {
  const importer = { accountId: home.accountId, region: home.region };
  const { version } = packageJson;
  return verdicts.flatMap((verdict) => {
    // Security Hub is told of trails alone.
    if (verdict.trail?.eventDataStore !== undefined) return [];
    if (verdict.trail !== null) {
      const { decidedBy = [], trail } = verdict;
      return asffFinding(trailReport(verdict), { observedAt: trail.asOf, version, importer }, { decidedBy, excluded });
    }
    const trailArn = verdict.isGone ? ownTrailArn(verdict, home) : null;
    if (trailArn === null) return [];
    return asffFinding({ ...trailReport(verdict), trailArn }, { observedAt: now, version, importer });
  });
}

/** The ARN of a trail that lived where it was reported; `null` for a replica. */
function ownTrailArn({ trailArn, accountId, region, resourceId }: UnexaminedResource, home: Home): string | null {
  const arn = trailArn ?? `arn:${home.partition}:cloudtrail:${region}:${accountId}:trail/${resourceId}`;
  const identity = trailIdentity(arn);
  return identity?.accountId === accountId && identity.homeRegion === region ? arn : null;
}

/** What archiving takes beside the store. */
interface ArchiveOptions {
  readonly ask: AskForTrail;
  /** Says that a finding stays open. */
  readonly warn: (message: string, data: object) => void;
}

/** Imports the verdicts of a central run as they are reached, and archives the findings of trails that are gone. */
export function findingPublisher(
  store: FindingStore,
  options: ImportOptions,
  { ask, warn }: ArchiveOptions,
): Publisher {
  return {
    publish: (verdicts) =>
      store.importFindings(
        findingsOf(
          verdicts.map(({ verdict }) => verdict),
          options,
        ),
      ),
    async finish(run) {
      if (!tellsWhatIsGone(run)) return;
      const there = new Set([...run.evaluated, ...run.unevaluated.map(({ trailArn }) => trailArn)]);
      const open = (await store.openFindingIds(GENERATOR)).flatMap((id) => trailOfFindingId(id) ?? []);
      const missing = open.filter((trailArn) => !there.has(trailArn));
      const listed = [...there].filter((arn) => arn === null || trailIdentity(arn) !== null).length;
      const task = { listed, areDeleted: run.task.trailsWereDeleted === true };
      const { gone, unread, trouble } = await vanishedTrails([...new Set(missing)], task, ask);
      await store.importFindings(findingsOf(gone.flatMap(goneTrail), options));
      for (const trail of unread)
        warn('the finding stays open: the trail is listed no more, and nobody can ask for it', trail);
      if (trouble !== null) throw trouble;
    },
  };
}

/** Only a run over every trail, none of them unnamed, shows by its silence that a trail is gone. */
function tellsWhatIsGone({ task, unevaluated, organizationTrailsUnread }: CentralRun): boolean {
  if (task.key !== null || task.organizationTrailsOnly || organizationTrailsUnread !== null) return false;
  return unevaluated.every(({ trailArn }) => trailArn !== null);
}

function goneTrail(trailArn: string): readonly UnexaminedResource[] {
  const identity = trailIdentity(trailArn);
  if (identity === null) return [];
  const { name, accountId, homeRegion } = identity;
  return [unexamined({ resourceId: name, trailArn, accountId, region: homeRegion, isGone: true }, GONE)];
}
