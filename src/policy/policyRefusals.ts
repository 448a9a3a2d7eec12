import { authorize } from './authorize.ts';
import { type KeyPolicy, POLICY_SIZE, parseKeyPolicy } from './parse.ts';
import { accountOf } from './principal.ts';
import { nameFault } from './principalName.ts';
import { present, unknown } from './request.ts';
import type { Statement } from './statement.ts';

/**
 * Why KMS would not take a key policy (AWS KMS API Reference, PutKeyPolicy).
 *
 * - `size`, `characters`: of the text as a whole.
 * - `no-policy`: it is no policy at all.
 * - `grammar`: IAM's grammar refuses a statement.
 * - `no-principal`, `deleted-principal`, `no-such-principal`: nobody can be the principal of a statement.
 * - `locks-out`: whoever writes the policy could not change it again.
 */
export type RefusalCode =
  | 'size'
  | 'characters'
  | 'no-policy'
  | 'grammar'
  | 'no-principal'
  | 'deleted-principal'
  | 'no-such-principal'
  | 'locks-out';

export interface PolicyRefusal {
  readonly code: RefusalCode;
  /** Sid, or `#index` from 0; `null` for the policy as a whole. */
  readonly statement: string | null;
  /** One sentence part for a person. */
  readonly message: string;
}

/** Who writes a policy, of which key. */
export interface PolicyWriter {
  readonly principalArn: string;
  readonly keyArn: string;
}

/**
 * What KMS would refuse about a key policy, given as JSON text or as a document; empty where nothing is known to be refused.
 *
 * @param writer where it is given, the lockout safety check is made for it
 */
export function policyRefusals(document: unknown, writer?: PolicyWriter): readonly PolicyRefusal[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document ?? null);
  const ofText = textRefusals(text);
  if (ofText.some(({ code }) => code === 'size')) return ofText;
  const parse = parseKeyPolicy(document);
  if (!parse.valid) return [...ofText, { code: 'no-policy', statement: null, message: parse.error }];
  const { policy } = parse;
  const refusals = [...ofText, ...documentRefusals(policy), ...policy.statements.flatMap(statementRefusals)];
  // Of a policy that is refused anyway nothing is told by who may change it.
  return refusals.length === 0 && writer !== undefined && locksOut(policy, writer)
    ? [{ code: 'locks-out', statement: null, message: lockout(writer) }]
    : refusals;
}

const lockout = ({ principalArn }: PolicyWriter): string =>
  `\`${principalArn}\` could not change the policy again, and the lockout safety check refuses that`;

/** Space to the end of Latin-1, tab and line ends. */
const FOREIGN = /[^\t\n\r\u0020-\u00FF]/u;

function textRefusals(text: string): readonly PolicyRefusal[] {
  if (new TextEncoder().encode(text).length > POLICY_SIZE)
    return [{ code: 'size', statement: null, message: `the policy is larger than ${POLICY_SIZE} bytes` }];
  const [foreign] = FOREIGN.exec(text) ?? [];
  if (foreign === undefined) return [];
  const message = `the policy holds \`${foreign}\`, and KMS takes ASCII and Latin-1 characters alone`;
  return [{ code: 'characters', statement: null, message }];
}

function documentRefusals({ issues }: KeyPolicy): readonly PolicyRefusal[] {
  return issues
    .filter(({ statement, kind }) => statement === null && kind === 'malformed')
    .map(({ message }) => ({ code: 'grammar', statement: null, message }));
}

/** What KMS would refuse about one statement. */
export function statementRefusals({ label, principal, grammarErrors }: Statement): readonly PolicyRefusal[] {
  const refused = (code: RefusalCode, message: string): PolicyRefusal => ({ code, statement: label, message });
  const ofGrammar = grammarErrors.map(({ message }) => refused('grammar', message));
  const ofNames = principal.aws.flatMap((name) => {
    const fault = nameFault(name);
    // A wildcard is a matter of grammar already.
    if (fault === null || fault === 'wildcard') return [];
    return fault === 'deleted'
      ? [refused('deleted-principal', `principal \`${name}\` is what is left of a deleted user or role`)]
      : [refused('no-such-principal', `principal \`${name}\` is no account, principal or \`*\``)];
  });
  const hasErrors = grammarErrors.some(({ code }) => code.startsWith('principal-'));
  return hasErrors || principal.everyone || namesAnybody(principal)
    ? [...ofGrammar, ...ofNames]
    : [...ofGrammar, refused('no-principal', 'it has no principal')];
}

const namesAnybody = ({ aws, service, federated, canonicalUser }: Statement['principal']): boolean =>
  [aws, service, federated, canonicalUser].some((list) => list.length > 0);

/** Whether no request of the writer to change the policy is allowed, in any world. */
function locksOut(policy: KeyPolicy, { principalArn, keyArn }: PolicyWriter): boolean {
  const account = present(accountOf(principalArn));
  const { outcome } = authorize(policy, {
    principal: { aws: principalArn },
    action: 'kms:PutKeyPolicy',
    resource: keyArn,
    context: {
      'kms:CallerAccount': account,
      'aws:PrincipalAccount': account,
      'aws:PrincipalArn': unknown,
      'aws:PrincipalIsAWSService': present('false'),
    },
    otherKeys: 'unknown',
  });
  return outcome === 'denied';
}
