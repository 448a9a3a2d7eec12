import { CHECKS } from '../trail/checks/index.ts';
import type { CheckId } from '../trail/finding.ts';

const TITLES: ReadonlyMap<CheckId, string> = new Map(CHECKS.map(({ id, title }) => [id, title]));

/** The sentence that holds when a check passes. */
export const titleOf = (check: CheckId): string => TITLES.get(check) ?? check;
