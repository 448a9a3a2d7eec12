import { RemediationStopped } from './remediation.ts';

/** What AWS Systems Manager holds of one run of a runbook. */
export interface AutomationRun {
  /** The ARN of whoever started it (`ExecutedBy`); `null`: not told. */
  readonly startedBy: string | null;
  /** Another automation started it, and its own starter is not told. */
  readonly isNested: boolean;
  /** What the approving step tells of its approvers (`ApproverDecisions`), as text. */
  readonly decisions: readonly string[];
}

/**
 * Whoever started a run.
 *
 * @throws RemediationStopped where that is no person, so that nobody can say that somebody else approved
 */
export function starterOf({ startedBy, isNested }: AutomationRun): Identity {
  const starter = startedBy === null ? null : identityOf(startedBy);
  if (starter === null || isNested || starter.name.startsWith('role/AWSServiceRoleFor'))
    throw new RemediationStopped(
      `somebody else than the starter has to approve, and who started it is not known (${startedBy ?? 'nobody is named'}): start it in AWS Systems Manager`,
    );
  return starter;
}

/**
 * Refuses a run that nobody but its starter approved. AWS Systems Manager lets only `approvers` approve: where the starter
 * is none of them, somebody else did. Otherwise its record has to name one.
 *
 * @throws RemediationStopped
 */
export function refuseStarterAlone(run: AutomationRun, approvers: readonly string[]): void {
  const starter = starterOf(run);
  const identities = (names: readonly string[]) => names.map((name) => identityOf(name, starter.account));
  if (approvers.length > 0 && identities(approvers).every((one) => one !== null && isAnother(one, starter))) return;
  if (identities(approversIn(run.decisions)).some((one) => one !== null && isAnother(one, starter))) return;
  throw new RemediationStopped(
    `nobody but \`${run.startedBy}\`, who started it, is known to have approved: let another one of the approvers approve`,
  );
}

/** Who approved: a decision names its `Approver`, or stands under the approver's ARN. Comments are anybody's words. */
function approversIn(decisions: readonly string[]): readonly string[] {
  return decisions.flatMap((text) => {
    const entries: readonly unknown[] = [parsed(text)].flat();
    return entries.flatMap((entry) => {
      if (typeof entry !== 'object' || entry === null) return [];
      return Object.entries(entry).flatMap(([name, value]) => {
        if (name.startsWith('arn:')) return [name];
        return name.toLowerCase() === 'approver' && typeof value === 'string' ? [value] : [];
      });
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Somebody as far as AWS tells people apart. */
interface Identity {
  readonly account: string;
  /** `user/NAME`, `role/NAME`, or `role/NAME/SESSION` where IAM Identity Center names the session by its user. */
  readonly name: string;
}

/** By ARN, or a user's name in an account; paths are left out, as ARNs of sessions do. */
function identityOf(text: string, account = ''): Identity | null {
  if (/^[\w+=,.@-]+$/.test(text)) return { account, name: `user/${text}` };
  const [, id = '', resource = ''] = /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):(\S+)$/.exec(text) ?? [];
  const [kind, ...path] = resource.split('/');
  if (kind === 'root') return { account: id, name: 'root' };
  if (kind === 'assumed-role') {
    const [role = '', session = ''] = path;
    return { account: id, name: role.startsWith('AWSReservedSSO_') ? `role/${role}/${session}` : `role/${role}` };
  }
  const name = path.at(-1);
  return name !== undefined && name !== '' && (kind === 'user' || kind === 'role')
    ? { account: id, name: `${kind}/${name}` }
    : null;
}

/** Certainly not the same person: of a role that several may assume, nobody can say. */
const isAnother = (one: Identity, other: Identity): boolean =>
  one.account !== other.account ||
  !(`${one.name}/`.startsWith(`${other.name}/`) || `${other.name}/`.startsWith(`${one.name}/`));
