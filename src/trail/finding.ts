import type { FindingOf } from './check.ts';
import type { CheckId } from './checks/index.ts';

export type { ChangeName, Since } from './changes.ts';
export type { CheckOptions, Evidence, FindingStatus } from './check.ts';
export type { CheckId } from './checks/index.ts';
export type { Severity } from './severity.ts';

/** What one check says of one trail. */
export type Finding = FindingOf<CheckId>;
