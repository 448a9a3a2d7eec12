import { CHECKS } from '../trail/checks/index.ts';
import type { CheckId } from '../trail/finding.ts';

const DOCUMENTS = new Map(CHECKS.map((check) => [check.id, check]));

/** The sentence that holds when a check passes. */
export const titleOf = (check: CheckId): string => DOCUMENTS.get(check)?.title ?? check;

/** What a person does when a check fails, whatever the trail. */
export const documentedRemedy = (check: CheckId): string => DOCUMENTS.get(check)?.remediation ?? '';
