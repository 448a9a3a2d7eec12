import type { PolicyDocument } from './policyLanguage.ts';
import { wildcards } from './policyLanguage.ts';
import { type GrantDocument, SERVICE } from './snapshot.ts';

/** Grants as statements: SourceArn and the encryption context are conditions, and DescribeKey has no context. */
export const grantStatements = (grants: readonly GrantDocument[]): PolicyDocument => ({
  Statement: grants.flatMap((grant) =>
    grant.Operations.filter((name) => name !== 'RetireGrant').map((name) => {
      const contexts = name === 'DescribeKey' ? [] : [grant.EncryptionContextEquals, grant.EncryptionContextSubset];
      const pairs = contexts.flatMap((context) => Object.entries(context ?? {}));
      const whole = name === 'DescribeKey' ? undefined : grant.EncryptionContextEquals;
      return {
        Effect: 'Allow' as const,
        Principal: /^\d|^arn:/.test(grant.GranteePrincipal)
          ? { AWS: grant.GranteePrincipal }
          : { Service: grant.GranteePrincipal },
        Action: `kms:${name}`,
        Resource: '*',
        Condition: {
          ...(grant.SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': grant.SourceArn } }),
          ...(pairs.length > 0 && {
            StringEquals: Object.fromEntries(pairs.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
          }),
          ...(whole !== undefined && {
            'ForAllValues:StringEqualsIgnoreCase': { 'kms:EncryptionContextKeys': Object.keys(whole) },
          }),
        },
      };
    }),
  ),
});

/** For whom a grant works. */
export function beneficiary(grant: GrantDocument, inside: readonly string[]): 'inside' | 'outside' | 'open' {
  const { GranteePrincipal: grantee, SourceArn: source, Strange: strange } = grant;
  if (/^A(RO|ID)A[A-Z0-9]+$/.test(grantee)) return 'inside';
  const account = /^(\d{12})$|^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(grantee)?.slice(1).find(Boolean);
  if (account !== undefined) return inside.includes(account) ? 'inside' : strange === undefined ? 'outside' : 'open';
  if (!grantee.includes('.amazonaws.')) return 'open';
  if (source !== undefined && neverMet(grant, source)) return 'inside';
  if (strange !== undefined) return 'open';
  if (source === undefined) return 'inside';
  const [, , , , sourceAccount = source.includes('*') ? '*' : ''] = source.split(':');
  if (/[*?]/.test(sourceAccount)) return 'outside';
  return inside.includes(sourceAccount) ? 'inside' : 'outside';
}

/** CloudTrail's encryption context holds the ARN that aws:SourceArn holds: a grant that asks for two gives nothing. */
function neverMet(
  { GranteePrincipal, Operations, EncryptionContextEquals, EncryptionContextSubset }: GrantDocument,
  source: string,
): boolean {
  if (GranteePrincipal !== SERVICE || Operations.includes('CreateGrant')) return false;
  const wanted = [EncryptionContextEquals, EncryptionContextSubset].flatMap((context) =>
    Object.entries(context ?? {})
      .filter(([key]) => key.toLowerCase() === 'aws:cloudtrail:arn')
      .map(([, value]) => value),
  );
  return wanted.some((value) => !wildcards(source).test(value));
}
