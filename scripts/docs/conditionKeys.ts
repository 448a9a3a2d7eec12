import type { Carried } from '../../src/trail/conditionKeys/carried.ts';
import { CONDITION_KEYS } from '../../src/trail/conditionKeys/table.ts';
import { table } from './tables.ts';

/** What requests to a KMS key carry of each condition key. */
export const conditionKeysTable = (): string =>
  table(
    ['condition key', "CloudTrail's requests", 'the requests of principals', 'operations', 'source'],
    CONDITION_KEYS.map(({ name, actions, cloudTrail, principal, source }) => [
      `\`${name}\``,
      inWords(cloudTrail),
      inWords(principal),
      actions === undefined ? 'all' : actions.map((action) => `\`${action.slice('kms:'.length)}\``).join(', '),
      source,
    ]),
  );

function inWords(carried: Carried): string {
  return 'words' in carried ? `${carried.is}: ${carried.words}` : carried.is;
}
