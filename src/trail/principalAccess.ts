import { ALLOWED_OR_DELEGATED } from '../policy/authorize.ts';
import { matchesAction } from '../policy/compile.ts';
import type { Decision } from '../policy/decision.ts';
import { type AccessRequest, matching, present } from '../policy/request.ts';
import { decide } from './accessQuestion.ts';
import { anyPrincipalOf, callerRequest } from './adversaries.ts';
import { keyIdentity, parseArn, principalAccount } from './arn.ts';
import { S3_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import { whyUnclear } from './grantBeneficiary.ts';
import { grantsToPrincipals, isConstraintKnown, withGrants } from './grantStatements.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { CONTEXT_ACTIONS } from './kmsActions.ts';
import { filePath } from './logPaths.ts';

/** Whether a key's policies and grants let a principal use the key for one kind of a trail's files. */
export interface FileAccess {
  /** `null`: the action is not about a file. */
  readonly file: 'log file' | 'digest file' | null;
  readonly request: AccessRequest;
  readonly decision: Decision;
  /** `delegated`: the policy leaves it, in every world in which it does not itself allow it, to the account's IAM. */
  readonly outcome: Decision['outcome'];
}

/** What a key's policies and grants say of a principal. */
export interface PrincipalAccess {
  readonly arn: string;
  readonly files: readonly FileAccess[];
  /** The account whose IAM policies have to allow it too, or alone where it is delegated; `null`: the key policy is enough. */
  readonly iamAccount: string | null;
  /** A permissions boundary could take it away, and was not read. */
  readonly dependsOnBoundary: boolean;
}

/** IAM and STS principals, as `aws sts get-caller-identity` and IAM write them. */
const PRINCIPAL =
  /^arn:aws[a-z-]*:(iam::\d{12}:(root|(role|user)\/\S+)|sts::\d{12}:(assumed-role\/[^/\s]+|federated-user)\/\S+)$/;

export const isPrincipalArn = (text: string): boolean => PRINCIPAL.test(text);

/** Asks whether a principal may do something with the key, as it does to read the trail's log and digest files. */
export function principalAccess(subject: KeyPolicySubject, arn: string, action: string): PrincipalAccess {
  const files = requestsOf(subject, arn, action).map(({ file, request }): FileAccess => {
    const decision = decideWithGrants(subject, request);
    const isNeverDenied = decision.outcome === 'unknown' && decision.reason === ALLOWED_OR_DELEGATED;
    return { file, request, decision, outcome: isNeverDenied ? 'delegated' : decision.outcome };
  });
  const account = parseArn(arn)?.accountId ?? '';
  const may = files.filter(({ outcome }) => outcome !== 'denied');
  const asksIam =
    may.length > 0 && (account !== subject.keyAccount || may.some(({ outcome }) => outcome === 'delegated'));
  const dependsOnBoundary =
    may.some(({ outcome }) => isLimitedByBoundary(arn, outcome)) || isSparedByNotPrincipal(subject, arn, action);
  return { arn, files, iamAccount: asksIam ? account : null, dependsOnBoundary: may.length > 0 && dependsOnBoundary };
}

/** A grant allows beside the policies, and a Deny of theirs still denies (AWS KMS Developer Guide, Grants in AWS KMS). */
function decideWithGrants(subject: KeyPolicySubject, request: AccessRequest): Decision {
  const grants = grantsToPrincipals(subject).filter(({ granteePrincipal }) => mayCover(granteePrincipal, request));
  const decision = decide(withGrants(subject, grants.filter(isConstraintKnown)), request);
  const unclear = grants.find((grant) => !isConstraintKnown(grant));
  if (decision.outcome !== 'denied' || unclear === undefined) return decision;
  const otherwise = decide(withGrants(subject, grants), request);
  return otherwise.outcome === 'denied'
    ? decision
    : { ...otherwise, outcome: 'unknown', witnesses: null, reason: whyUnclear(unclear) };
}

/** Few of a key's many grants are for one principal: itself, its account or, of a session, its role. */
function mayCover(grantee: string, { principal }: AccessRequest): boolean {
  if (!('aws' in principal)) return false;
  const { aws: arn } = principal;
  if (grantee === arn) return true;
  if (principalAccount(grantee) !== principalAccount(arn)) return false;
  return arn.includes(':assumed-role/') || grantee.endsWith(':root') || !grantee.includes(':');
}

interface Asked {
  readonly file: FileAccess['file'];
  readonly request: AccessRequest;
}

function requestsOf(subject: KeyPolicySubject, arn: string, action: string): readonly Asked[] {
  const { trail } = subject;
  const request = callerRequest(subject, callerOf(subject, arn), action);
  const isAboutFiles = CONTEXT_ACTIONS.some((one) => one.toLowerCase() === action.toLowerCase());
  if (!isAboutFiles) return [{ file: null, request }];
  const kinds = trail.logFileValidation === false ? (['log file'] as const) : (['log file', 'digest file'] as const);
  return kinds.map((file) => {
    const context = { [TRAIL_CONTEXT_KEY]: present(trail.arn), [S3_CONTEXT_KEY]: filePath(trail, file) };
    const asked = action.toLowerCase() === 'kms:decrypt' ? { ...context, ...throughS3(subject.keyArn) } : context;
    return { file, request: { ...request, context: { ...request.context, ...asked } } };
  });
}

/** Log files are read through Amazon S3, in the Region of the key and the bucket. */
function throughS3(keyArn: string): AccessRequest['context'] {
  const { region, partition } = keyIdentity(keyArn) ?? {};
  if (region === undefined) return {};
  // The names of services that other partitions send are not documented.
  const service = `s3.${region}.`;
  const isUsual = partition === 'aws' || partition === 'aws-us-gov';
  return { 'kms:ViaService': isUsual ? present(`${service}amazonaws.com`) : matching(`${service}**`) };
}

/** The ARN of a session leaves out its role's path. */
function callerOf(subject: KeyPolicySubject, arn: string) {
  const { account, identity } = anyPrincipalOf(subject, parseArn(arn)?.accountId ?? '');
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const prefix = `arn:${arn.split(':')[1]}:iam::${account}:role/`;
  const own = role === undefined ? present(arn) : matching(`${prefix}${role}`, `${prefix}**/${role}`);
  return { arn, account, identity: { ...identity, 'aws:PrincipalArn': own } };
}

/**
 * What a resource's policy gives a role by itself, a boundary of the role limits all the same; not so what it gives a user (IAM
 * User Guide, Permissions boundaries for IAM entities).
 */
const isLimitedByBoundary = (arn: string, outcome: Decision['outcome']): boolean =>
  outcome === 'allowed' && /:iam::\d{12}:role\//.test(arn);

/** A Deny with NotPrincipal denies whoever has a permissions boundary, named or not (AWS JSON policy elements: NotPrincipal). */
const isSparedByNotPrincipal = ({ policies }: KeyPolicySubject, arn: string, action: string): boolean =>
  !arn.endsWith(':root') &&
  policies.some(({ compiled }) =>
    compiled.some(
      (one) =>
        one.statement.effect === 'Deny' &&
        one.statement.principal.negated &&
        one.statement.principal.aws.includes(arn) &&
        matchesAction(one, action),
    ),
  );
