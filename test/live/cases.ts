import { trailCases } from '../caseFiles.ts';

/** A published key policy, rewritten for the sandbox. */
export interface LiveCase {
  readonly name: string;
  readonly policy: { readonly Version: string; readonly Statement: readonly unknown[] };
  /** Why CloudTrail cannot be asked about it in the sandbox; `null` when it can. */
  readonly unsuitable: string | null;
}

/** What stands in the sandbox for the account, the caller, the trail and the bucket of the published policies. */
export interface Names {
  readonly account: string;
  readonly region: string;
  readonly callerArn: string;
  readonly trailName: string;
  readonly bucketName: string;
}

/** The members of test/cases/trail/policies.json that matter here. */
interface PolicyCase {
  readonly name: string;
  readonly policyVersion?: string;
  readonly statements: readonly unknown[];
  /** Of a trail that is not a plain one in the partition `aws`. */
  readonly trailArn?: string;
  readonly trail?: unknown;
  readonly expect: Readonly<Record<string, string>>;
}

export function liveCases(names: Names): readonly LiveCase[] {
  return trailCases<PolicyCase>('trail/policies.json').map(
    ({ name, policyVersion: Version = '2012-10-17', statements: Statement, ...rest }) => ({
      name,
      policy: JSON.parse(rewrite(JSON.stringify({ Version, Statement }), names)),
      unsuitable: whyUnsuitable(rest),
    }),
  );
}

function whyUnsuitable({ trailArn, trail, expect }: Pick<PolicyCase, 'trailArn' | 'trail' | 'expect'>): string | null {
  if (trailArn !== undefined) return 'it takes a trail in another partition';
  if (trail !== undefined) return 'it takes a trail of another kind';
  if (expect['public-excluded'] === 'fail') return 'it would open the key to everyone';
  return null;
}

function rewrite(policy: string, { account, region, callerArn, trailName, bucketName }: Names): string {
  return (
    policy
      // KMS takes no principal that does not exist.
      .replaceAll(/arn:aws:iam::111111111111:(role|user)\/[\w-]+/g, callerArn)
      .replaceAll('trail/main', `trail/${trailName}`)
      .replaceAll('trail/Main', `trail/${trailName.toUpperCase()}`)
      .replaceAll('arn:aws:s3:::logs', `arn:aws:s3:::${bucketName}`)
      .replaceAll('111111111111', account)
      .replaceAll('us-east-1', region)
  );
}
