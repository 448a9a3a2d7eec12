import { bucketFacts } from '../facts/buckets.ts';
import { describeEventDataStores } from '../facts/eventDataStores.ts';
import { organizationId } from '../facts/organizations.ts';
import { trailEvents } from '../facts/trailEvents.ts';
import { describeTrail, trailStatus } from '../facts/trails.ts';
import type { RulePorts } from '../rule/ports.ts';
import { read, unread } from '../trail/facts.ts';
import type { Access } from './access.ts';
import { type Accounts, accountsOf, type Reach } from './accounts.ts';
import type { AwsClients } from './clients.ts';
import { memoize, once } from './memo.ts';
import { namedAggregator } from './namedAggregator.ts';
import { startSession } from './session.ts';

/** What the ports are bound to: one invocation of the rule, and the function that serves it. */
export interface Binding {
  /** The account that owns the rule. */
  readonly accountId: string;
  /** The rule's Region. */
  readonly region: string;
  readonly configRuleName: string | null;
  readonly resultToken: string;
  /** Whether GetKeyRotationStatus is worth a call. */
  readonly readRotation: boolean;
  /** Whether what decides no verdict is unread where AWS throttles it to the last attempt; left out: an error. */
  readonly throttledIsUnread?: boolean;
  /** Whether event data stores are listed beside the trails; left out: they are not. */
  readonly evaluateEventDataStores?: boolean;
  /** Whether AWS Organizations is asked for resource control policies. */
  readonly readResourceControlPolicies: boolean;
  /** The Config aggregator in the function's account that is asked for keys that cannot be read live. */
  readonly aggregatorName: string | null;
  /** How to name the principal of the clients where AWS's messages do not. */
  readonly caller: string;
  readonly reach: Reach;
  /** Aborts when the time to read and evaluate is up. */
  readonly signal: AbortSignal;
  /** Abort when the time to list what was reported before is up, and the time to report; left out: `signal`. */
  readonly listingSignal?: AbortSignal;
  readonly reportingSignal?: AbortSignal;
}

/**
 * The rule's ports over live AWS. Facts are read once an invocation, clients and roles' sessions are kept between
 * invocations.
 *
 * A service's reader is loaded, with its SDK client, when it is first needed.
 *
 * @param clients with the function's own credentials
 */
export function awsPorts(clients: AwsClients, binding: Binding): RulePorts {
  const { reach, region, signal, listingSignal = signal, reportingSignal = signal } = binding;
  const accountsUntil = (end: AbortSignal): Accounts => {
    const home: Access = { session: startSession(reach.home.accountId, binding.caller, end), clients };
    return accountsOf(home, binding.accountId, reach, end);
  };
  const accounts = accountsUntil(signal);
  const own = accounts.home;

  const configUntil = (end: AbortSignal) =>
    once(async () => {
      const access = await (end === signal ? accounts : accountsUntil(end)).rule();
      return (await import('./readers.ts')).configRecords(access, binding);
    });
  const history = configUntil(signal);
  const earlierResults = configUntil(listingSignal);
  const results = configUntil(reportingSignal);
  const trails = once(() => import('./readers.ts'));
  const bucket = memoize(async (placeAndName) => {
    const [accountId = '', partition = '', homeRegion = '', name = ''] = placeAndName.split(' ');
    const [{ readBucket }, access] = await Promise.all([import('./readers.ts'), inAccountOf(accounts, accountId)]);
    return bucketFacts(await readBucket(access, { name, partition }, homeRegion, binding.throttledIsUnread));
  });
  const organization = memoize(async (accountId) => {
    const entry = await accounts.any(accountId, reach.home.partition);
    const { readOrganization, organizationNotRead } = await import('./organizations.ts');
    return organizationId(
      'access' in entry
        ? await readOrganization(entry.access, region)
        : organizationNotRead(own, accountId, entry.closed, region),
    );
  });
  const policies = once(async () => (await import('./organizations.ts')).resourceControlPolicyReader(own, reach.home));
  const keys = once(async () => {
    const { aggregatorName, readRotation, throttledIsUnread = false, readResourceControlPolicies } = binding;
    return (await import('./readers.ts')).keyReader(accounts, {
      readRotation,
      throttledIsUnread,
      organizationId: organization,
      policies: readResourceControlPolicies ? async (accountId) => (await policies())(accountId) : null,
      recordedItem:
        aggregatorName === null
          ? null
          : async (key) => (await import('./readers.ts')).keyItem(own, namedAggregator(reach, aggregatorName), key),
    });
  });

  return {
    listTrails: async () => (await (await trails()).listTrails(await accounts.rule(), region)).map(describeTrail),
    ...(binding.evaluateEventDataStores === true && {
      listEventDataStores: async () => {
        const { listEventDataStores } = await import('./read/eventDataStores.ts');
        const listed = await listEventDataStores(await accounts.rule(), region, reach.home.partition);
        return describeEventDataStores(listed);
      },
    }),
    trailStatus: async (trail) => {
      const { readTrailStatus, statusNotRead } = await trails();
      const entry = await accounts.member(trail.accountId);
      // CloudTrail shows an organization trail to every member, and any other trail to its own account alone.
      if ('closed' in entry && trail.isOrganization === false)
        return trailStatus(statusNotRead(own, trail, entry.closed), trail.accountId);
      const access = 'access' in entry ? entry.access : await accounts.rule();
      return trailStatus(await readTrailStatus(access, trail), trail.accountId);
    },
    trailEvents: async (trail) => {
      const { readTrailEvents, trailEventsNotRead } = await import('./readers.ts');
      const entry = await accounts.member(trail.accountId);
      if ('closed' in entry && trail.isOrganization === false)
        return trailEvents(trailEventsNotRead(own, trail, entry.closed));
      return trailEvents(await readTrailEvents('access' in entry ? entry.access : await accounts.rule(), trail));
    },
    bucket: async ({ bucketName, accountId, partition, homeRegion }) =>
      bucketName === null
        ? unread('not-told', 'the trail names no bucket')
        : read(await bucket(`${accountId} ${partition} ${homeRegion} ${bucketName}`)),
    key: async (reference, trail) => (await keys()).key(reference, trail),
    organizationId: organization,
    configurationItem: async (summary) => (await history()).configurationItem(summary),
    reportedResources: async () => (await earlierResults()).reportedResources(),
    putEvaluations: async (evaluations) => (await results()).putEvaluations(evaluations),
    exceptionDocuments: async (parameter) => {
      // An event of an account that is not expected is refused before anything is read.
      await accounts.rule();
      return (await import('./exceptionDocuments.ts')).readExceptionDocuments(own, reach.home, parameter);
    },
    now: () => new Date(),
    deadline: signal,
  };
}

/**
 * What reads the trails of an account: a role there, or else the rule's account, to which CloudTrail shows organization
 * trails too.
 */
async function inAccountOf(accounts: Accounts, accountId: string): Promise<Access> {
  const entry = await accounts.member(accountId);
  return 'access' in entry ? entry.access : accounts.rule();
}
