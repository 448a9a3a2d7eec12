import { parseArn } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';

/** The key that changed. No partition: an account and a Region lie in one. */
export interface ChangedKey {
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
}

/** `perhaps`: the trail names an alias where the key lives, and only KMS knows what that stands for. */
type KeyUse = 'yes' | 'perhaps' | 'no';

/** Whether a trail names a key. A bare key id or alias belongs to the trail's account and home Region. */
export function keyUse(trail: TrailDescription, key: ChangedKey): KeyUse {
  if (trail.kmsKeyId === null) return 'no';
  const named = namedKey(trail.kmsKeyId, trail);
  if (named === null || named.accountId !== key.accountId || named.region !== key.region) return 'no';
  if (named.resource.startsWith('alias/')) return 'perhaps';
  return named.resource === `key/${key.keyId}` ? 'yes' : 'no';
}

/** Whether an ARN is that of a key. */
export function isKey(arn: string, key: ChangedKey): boolean {
  const parsed = parseArn(arn);
  return (
    parsed?.service === 'kms' &&
    parsed.accountId === key.accountId &&
    parsed.region === key.region &&
    parsed.resource === `key/${key.keyId}`
  );
}

interface NamedKey {
  readonly accountId: string;
  readonly region: string;
  /** `key/…` or `alias/…`. */
  readonly resource: string;
}

function namedKey(reference: string, { accountId, homeRegion }: TrailDescription): NamedKey | null {
  if (reference.startsWith('arn:')) {
    const arn = parseArn(reference);
    return arn?.service === 'kms' ? arn : null;
  }
  const resource = /^(alias|key)\//.test(reference) ? reference : `key/${reference}`;
  return { accountId, region: homeRegion, resource };
}
