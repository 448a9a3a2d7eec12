/** Which accounts and Regions were asked for, and what came of it. */
export interface Coverage {
  readonly accounts: readonly CoveredAccount[];
}

export interface CoveredAccount {
  readonly accountId: string;
  /** `null`: not known. */
  readonly name: string | null;
  readonly regions: readonly CoveredRegion[];
}

export interface CoveredRegion {
  /** `null`: none of the account, which could not be entered. */
  readonly region: string | null;
  /** `skipped`: the account has not opted in to the Region. */
  readonly status: 'read' | 'failed' | 'skipped';
  /** Trails that live there; `null` where nobody could look. */
  readonly trails: number | null;
  /** Why it was not read, in AWS's words where there are some. */
  readonly reason: string | null;
  /** The policy above the reader's permissions that closes the place, such as `a service control policy`. */
  readonly deniedBy?: string | undefined;
}

/** An account with one of its places. */
export interface CoveredPlace extends CoveredRegion {
  readonly accountId: string;
  readonly name: string | null;
}

/** What a person has to know of a coverage. */
export interface CoverageSummary {
  readonly accounts: number;
  /** Places that were read. */
  readonly read: number;
  readonly unread: readonly CoveredPlace[];
  /** Accounts of which every place was read, and in which no trail lives. */
  readonly withoutTrail: readonly Pick<CoveredAccount, 'accountId' | 'name'>[];
}

export function summarizeCoverage({ accounts }: Coverage): CoverageSummary {
  const places = accounts.flatMap(({ accountId, name, regions }) =>
    regions.map((place): CoveredPlace => ({ accountId, name, ...place })),
  );
  return {
    accounts: accounts.length,
    read: places.filter(({ status }) => status === 'read').length,
    unread: places.filter(({ status }) => status !== 'read'),
    withoutTrail: accounts.filter(({ regions }) =>
      regions.every(({ status, trails }) => status === 'read' && trails === 0),
    ),
  };
}

/** What came of a place that was not read: `failed`, `denied by a service control policy`, `not enabled`. */
export function outcomeOf({ status, deniedBy }: CoveredRegion): string {
  if (deniedBy !== undefined) return `denied by ${deniedBy}`;
  return status === 'skipped' ? 'not enabled' : status;
}
