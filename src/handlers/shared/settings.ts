import type { ExpectedAccounts } from '../../aws/expectedAccounts.ts';

/** What the deployment, not the rule's parameters, decides. */
export interface Settings {
  readonly expected: ExpectedAccounts;
  readonly externalId: string | null;
  readonly readResourceControlPolicies: boolean;
  /** Whether event data stores are evaluated beside the trails, on a schedule and after a change of their key. */
  readonly evaluateEventDataStores: boolean;
  /** Whether a finding a trail is imported into Security Hub. */
  readonly importFindings: boolean;
  /** The bucket that the lines of each run are written into; `null`: none. */
  readonly resultsBucket: string | null;
  /** Where the steps of the state machine keep what they hand on; `null` where there is none. */
  readonly runsBucket: string | null;
  /** Whether whoever started a runbook may be the only one to approve it. */
  readonly starterMayApprove: boolean;
  /** Who may approve a runbook, as `aws:approve` takes them. */
  readonly approvers: readonly string[];
}

/**
 * Reads the function's environment variables; an empty one is the same as none.
 *
 * | variable | holds |
 * |---|---|
 * | `EXPECTED_ACCOUNTS` | account ids, separated by commas, beside the function's own |
 * | `EXPECTED_ORGANIZATION` | the id of an organization whose accounts are expected |
 * | `EXTERNAL_ID` | what AssumeRole hands over as the external id |
 * | `READ_RESOURCE_CONTROL_POLICIES` | `true` or `false` (the default) |
 * | `EVALUATE_EVENT_DATA_STORES` | `true` or `false` (the default) |
 * | `SECURITY_HUB_FINDINGS` | `true` or `false` (the default) |
 * | `RESULTS_BUCKET` | the bucket that each run is written into as JSON lines |
 * | `RUNS_BUCKET` | the name of a bucket |
 * | `STARTER_MAY_APPROVE` | `true` (the default) or `false` |
 * | `APPROVERS` | names of IAM users and ARNs of principals, separated by commas |
 *
 * @throws Error, one sentence that names the variable and what is accepted
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = <T>(name: string, accepted: string, parse: (text: string) => T | null): T | null => {
    const text = environment[name]?.trim() ?? '';
    if (text === '') return null;
    const value = parse(text);
    if (value === null) throw new Error(`the environment variable \`${name}\` is \`${text}\`, accepted is ${accepted}`);
    return value;
  };
  const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : null);
  const isOn = (name: string, otherwise = false): boolean =>
    (read(name, '`true` or `false`', matching(/^(true|false)$/)) ?? String(otherwise)) === 'true';
  return {
    expected: {
      accounts:
        read('EXPECTED_ACCOUNTS', 'a comma-separated list of account ids of twelve digits', (text) => {
          const ids = text.split(',').map((id) => id.trim());
          return ids.every((id) => /^\d{12}$/.test(id)) ? ids : null;
        }) ?? [],
      organizationId: read('EXPECTED_ORGANIZATION', 'the id of an organization', matching(/^o-[a-z0-9]{10,32}$/)),
    },
    externalId: read(
      'EXTERNAL_ID',
      '2 to 1224 letters, digits and characters of `+=,.@:/-_`',
      matching(/^[\w+=,.@:/-]{2,1224}$/),
    ),
    readResourceControlPolicies: isOn('READ_RESOURCE_CONTROL_POLICIES'),
    evaluateEventDataStores: isOn('EVALUATE_EVENT_DATA_STORES'),
    importFindings: isOn('SECURITY_HUB_FINDINGS'),
    resultsBucket: read('RESULTS_BUCKET', 'the name of a bucket', matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
    runsBucket: read('RUNS_BUCKET', 'the name of a bucket', matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
    starterMayApprove: isOn('STARTER_MAY_APPROVE', true),
    approvers:
      read('APPROVERS', 'names of IAM users and ARNs, separated by commas', (text) => {
        const names = text.split(',').map((name) => name.trim());
        return names.every((name) => /^[\w+=,.@:/-]+$/.test(name)) ? names : null;
      }) ?? [],
  };
}
