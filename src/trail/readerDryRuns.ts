import { matchesAction } from '../policy/compile.ts';
import type { DeniedBy, ReaderDryRun } from './facts.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { policyNames } from './policyNames.ts';
import type { PrincipalAccess } from './principalAccess.ts';

/**
 * What a request that the reader makes through S3, from its own network and in its own session, carries otherwise than one that is
 * tried directly. The trial is for one file, and a policy may look at which.
 */
const CARRIED_OTHERWISE =
  /^(kms:(viaservice|encryptioncontext:aws:s3:arn)|aws:(calledvia.*|viaawsservice|sourceip|vpcsourceip|sourcevpc.*|vpce.*|sourceidentity|multifactorauth.*|userid|tokenissuetime|currenttime|epochtime|useragent|referer))$/;

/** Kinds of policy that were read: of the others nobody knows what they look at. */
const READ_POLICIES: ReadonlySet<DeniedBy['policy']> = new Set(['resource', 'rcp']);

/** What a trial says beside the policies. */
export interface TriedReader {
  /** `null`: it settles nothing. */
  readonly settles: 'allowed' | 'denied' | null;
  /** One sentence part; `null`: it says what the policies say. */
  readonly said: string | null;
}

const NOT_TRIED: TriedReader = { settles: null, said: null };

/** Sets a trial of kms:Decrypt beside what the policies say of the same reader: it settles what is open there, and turns nothing. */
export function triedReader(subject: KeyPolicySubject, reader: PrincipalAccess): TriedReader {
  const run = subject.trail.readerDryRuns?.find(({ roleArn }) => roleArn === reader.arn);
  if (run === undefined) return NOT_TRIED;
  const outcomes = reader.files.map(({ outcome }) => outcome);
  if (run.outcome === 'open') return { settles: null, said: `kms:Decrypt could not be tried as it: ${run.reason}` };
  if (outcomes.includes('denied')) {
    const isContradicted = run.outcome === 'allowed' && outcomes.every((outcome) => outcome === 'denied');
    return {
      settles: null,
      said: isContradicted ? `${TRIED} allowed, by a grant or a policy that changed since` : null,
    };
  }
  const said = saidOf(run);
  if (!outcomes.includes('unknown')) return { settles: null, said: run.outcome === 'denied' ? said : null };
  const keys = lookedAt(subject);
  if (keys.length > 0)
    return { settles: null, said: `${said}, which settles nothing: a policy looks at ${keys.join(', ')}` };
  const isByUnread = run.outcome === 'denied' && run.deniedBy !== null && !READ_POLICIES.has(run.deniedBy);
  return isByUnread
    ? { settles: null, said: `${said}, which settles nothing: that policy was not read` }
    : { settles: run.outcome, said };
}

const TRIED = 'tried as it with `DryRun`, kms:Decrypt was';

const saidOf = ({ outcome, reason }: ReaderDryRun): string =>
  outcome === 'allowed' ? `${TRIED} allowed` : `${TRIED} refused: ${reason}`;

/** Condition keys by which the policies could tell the trial from the real request. */
function lookedAt({ policies }: KeyPolicySubject): readonly string[] {
  const forDecrypt = policies.map((policy) => ({
    ...policy,
    statements: policy.compiled.filter((one) => matchesAction(one, 'kms:Decrypt')).map(({ statement }) => statement),
  }));
  return policyNames(forDecrypt).conditionKeys.filter((key) => CARRIED_OTHERWISE.test(key));
}
