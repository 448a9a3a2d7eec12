import type { KeyPolicy } from '../../policy/parse.ts';
import { keyIdentity, principalAccount } from '../arn.ts';
import { distinct } from '../policyNames.ts';

const NO_ID = '00000000-0000-0000-0000-000000000000';
const NO_ACCOUNT = '000000000000';

/**
 * ARNs that stand for the policies' key: its own where that is told or the policies name one; otherwise one for each
 * Resource that they tell apart.
 */
export function resourcesOf(policies: readonly KeyPolicy[], keyArn: string | null): readonly string[] {
  if (keyArn !== null) return [keyArn];
  const patterns = distinct(
    policies.flatMap(({ statements }) => statements.flatMap(({ resource }) => resource?.patterns ?? [])),
  ).filter((pattern) => pattern !== '*');
  const literal = patterns.filter((pattern) => !/[*?$]/.test(pattern) && keyIdentity(pattern) !== null);
  const [only] = literal;
  if (only !== undefined && literal.length === 1) return [only];
  const names = policies.flatMap(({ statements }) => statements.flatMap(({ principal }) => principal.aws));
  const root = names.find((name) => name.endsWith(':root')) ?? names.find((name) => principalAccount(name) !== null);
  const [, partition = 'aws'] = root?.startsWith('arn:') ? root.split(':') : [];
  const own = `arn:${partition}:kms:us-east-1:${principalAccount(root ?? '') ?? NO_ACCOUNT}:key/${NO_ID}`;
  return distinct([own, ...patterns.map((pattern) => pattern.replaceAll('*', 'x').replaceAll('?', 'x'))]);
}
