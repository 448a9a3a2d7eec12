import type { TrailDescription } from '../trail/facts.ts';

/** Which key a trail names, as an ARN: of the key itself or of an alias. */
export interface KeyReference {
  readonly arn: string;
  readonly isAlias: boolean;
  readonly accountId: string;
  /** Where KMS is asked: the ARN's Region, which need not be the trail's. */
  readonly region: string;
}

/** Where a bare key id or alias belongs. */
export type ReferencePlace = Pick<TrailDescription, 'partition' | 'accountId' | 'homeRegion'>;

const KEY_ARN = /^arn:aws[a-z0-9-]*:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/\S+$/;

/**
 * Completes what a trail names to an ARN: a bare key id or alias belongs to the trail's account and home Region.
 *
 * @returns `null` when the text can be no key: an ARN of something else
 */
export function keyReference(reference: string, trail: ReferencePlace): KeyReference | null {
  const resource = reference.startsWith('alias/') ? reference : `key/${reference}`;
  const arn = reference.startsWith('arn:')
    ? reference
    : `arn:${trail.partition}:kms:${trail.homeRegion}:${trail.accountId}:${resource}`;
  const [, region, accountId, kind] = KEY_ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined) return null;
  return { arn, isAlias: kind === 'alias', accountId, region };
}

/** What an ARN alone names; `null` when it is neither a key's nor an alias's. */
export const keyOfArn = (arn: string): KeyReference | null =>
  arn.startsWith('arn:') ? keyReference(arn, { partition: '', accountId: '', homeRegion: '' }) : null;
