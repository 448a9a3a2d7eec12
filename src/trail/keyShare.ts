/** Whom a share lets use the key: for which actions only the policy tells that AWS RAM writes. `null`: not known. */
export interface KeyShare {
  /** As the file names it. */
  readonly name: string;
  /** Account ids, ARNs of principals, organizations and organizational units, service principals. */
  readonly principals: readonly string[] | null;
  /** Accounts for which services may act by it; empty: any. */
  readonly sources: readonly string[] | null;
  /** Whether it takes accounts outside the organization. */
  readonly allowsExternal: boolean | null;
}
