import { checkOf } from '../../trail/checks/index.ts';
import type { CheckId } from '../../trail/finding.ts';
import { rank } from '../../trail/severity.ts';
import type { RuleParameters } from '../parameters.ts';

/** The checks that ask how the bucket encrypts and whether the key rotates; each asks nothing else that may stay unread. */
const OF_LESSER_FACTS: readonly CheckId[] = ['cloudtrail-can-decrypt', 'key-rotates'];

/**
 * Whether the lesser facts of a trail decide no verdict: then one that stays throttled may be unknown, and the trail has its
 * verdict all the same. Trouble with AWS never makes a verdict, nor hides a failure that would be one.
 */
export const lesserFactsDecideNothing = ({ minimumSeverity }: Pick<RuleParameters, 'minimumSeverity'>): boolean =>
  OF_LESSER_FACTS.map(checkOf).every(
    ({ isDecisive, severity }) => !isDecisive && rank(severity) > rank(minimumSeverity),
  );
