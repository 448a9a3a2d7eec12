import type { CheckId } from '../../trail/finding.ts';
import type { StatementId } from './statements.ts';

/** What makes calls: `scan` and `collect`, what `repair --apply` and `verify` add to them, the Lambda function of the rule. */
export type PermissionHolder = 'scan' | 'repair' | 'rule' | 'verify';

/** One call that is made, and what it takes. */
export interface Permission {
  /** As `callOf` names them. */
  readonly service: string;
  readonly operation: string;
  /** The IAM permission. */
  readonly action: string;
  /** The statement of a least policy that holds it; `null`: AWS answers without it. */
  readonly statement: StatementId | null;
  readonly callers: readonly PermissionHolder[];
  /** Without a needed one trails cannot be listed, or nothing is proved of one; what an optional one leaves unknown. */
  readonly need: 'needed' | { readonly unknown: readonly CheckId[]; readonly effect?: string };
  /** When the call is made; left out: always. */
  readonly when?: When;
  /** It changes something, so that it cannot be tried. */
  readonly writes?: true;
}

/** When a call is made that is not always made, in words that follow "where". */
export const WHEN = {
  'a-key': 'a trail names a key',
  'all-regions': '`--all-regions` is given, or a Region does not answer',
  organization: '`--organization` is given',
  roles: 'other accounts are entered through a role',
  aggregator: 'an aggregator is named',
  'bare-items': 'an aggregator is asked for the item of one trail or key',
  aliases: 'a trail names its key by an alias, or a policy looks at `kms:ResourceAliases`',
  paths: 'a policy looks at `kms:EncryptionContext:aws:s3:arn`',
  'bucket-policy': '`--read bucket-policy` is given',
  'key-events': '`--read key-events` is given',
  'log-group': '`--read log-group` is given',
  topic: '`--read topic` is given',
  'event-data-stores': '`--read event-data-stores` is given',
  'stores-of-rule': '`EvaluateEventDataStores` is on: on schedule, and after a change of a key',
  'previous-keys': '`--read previous-keys` is given',
  'look-ups': '`--read key-events`, `--read history` or `--read previous-keys` is given; by `verify` always',
  'control-policies':
    'resource control policies are to count; the management account and delegated administrators may ask',
  'any-plan': 'a plan is applied',
  'key-policy-plan': 'a plan changes a key policy',
  'key-state-plan': 'a plan brings a key back to work',
  'rotation-plan': 'a plan turns on rotation',
  'chosen-key': '`--key` gives a trail a key',
  events: 'an event takes it: an oversized item, a schedule',
  exceptions: '`exceptionsParameter` is set',
  members: 'an expected organization is named',
  findings: 'findings go to Security Hub',
} as const;

export type When = keyof typeof WHEN;
