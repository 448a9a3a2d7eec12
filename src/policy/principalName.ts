/**
 * Why an entry of `AWS` names nobody at all; `null` where it may name somebody.
 *
 * - `wildcard`: `*` or `?` in a name; only `*` alone is one (IAM User Guide, AWS JSON policy elements: Principal).
 * - `deleted`: the unique id that is left of a deleted user or role.
 * - `no-arn`: an ARN that no principal can have, such as `arn:aws::111122223333:root`.
 * - `no-name`: neither an account id, an ARN nor `*`.
 */
type NameFault = 'wildcard' | 'deleted' | 'no-arn' | 'no-name';

/** Unique ids of users, roles and groups (IAM User Guide, IAM identifiers). */
const UNIQUE_ID = /^A(?:IDA|ROA|GPA)[A-Z0-9]{12,}$/;
/** CloudFront's identities stand in an account of their own. */
const PRINCIPAL_ARN = /^arn:[^:\s]+:(?:iam|sts)::(?:\d{12}|cloudfront):(?!group\/).+$/s;

export function nameFault(name: string): NameFault | null {
  if (name === '*' || /^\d{12}$/.test(name)) return null;
  if (/[*?]/.test(name)) return 'wildcard';
  if (UNIQUE_ID.test(name)) return 'deleted';
  if (!name.startsWith('arn:')) return 'no-name';
  return PRINCIPAL_ARN.test(name) ? null : 'no-arn';
}
