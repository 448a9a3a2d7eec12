import { type TrailDescription, type Unread, unread } from '../../trail/facts.ts';
import type { SnapshotKey } from './snapshot.ts';

/**
 * Which key a trail's reference names.
 *
 * - `key`: the key's ARN, whether or not the snapshot holds that key.
 * - `nothing`: an alias that no key of its account and Region lists, or the ARN of something that is no key.
 * - `unknown`: nobody can say.
 */
export type ResolvedReference =
  | { readonly is: 'key'; readonly arn: string }
  | { readonly is: 'nothing' }
  | { readonly is: 'unknown'; readonly unread: Unread };

const KEY_ARN = /^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/;
const ALIAS_ARN = /^(arn:[^:]+:kms:[^:]+:\d{12}):(alias\/.+)$/;

/** Resolves references to keys; a bare id or alias belongs to the trail's account and home Region. */
export function referenceResolver(
  keys: ReadonlyMap<string, SnapshotKey>,
): (reference: string, trail: TrailDescription) => ResolvedReference {
  const aliases = indexAliases(keys);
  return (reference, trail) => {
    if (KEY_ARN.test(reference)) return { is: 'key', arn: reference };
    const home = `arn:${trail.partition}:kms:${trail.homeRegion}:${trail.accountId}`;
    const [, place = home, alias = reference] = ALIAS_ARN.exec(reference) ?? [];
    if (alias.startsWith('alias/')) return resolveAlias(aliases, place, alias);
    return reference.startsWith('arn:') ? { is: 'nothing' } : { is: 'key', arn: `${home}:key/${reference}` };
  };
}

interface AliasIndex {
  /** The key's ARN by `PLACE:ALIAS`, where a place is an ARN up to the account id; `null` where several keys list it. */
  readonly targets: ReadonlyMap<string, string | null>;
  /** Places that hold a key whose aliases are not known. */
  readonly incomplete: ReadonlyMap<string, Unread>;
  /** Aliases by ARN that could not be resolved. */
  readonly unresolved: ReadonlyMap<string, Unread>;
}

function resolveAlias(
  { targets, incomplete, unresolved }: AliasIndex,
  place: string,
  alias: string,
): ResolvedReference {
  const arn = targets.get(`${place}:${alias}`);
  if (typeof arn === 'string') return { is: 'key', arn };
  const why = unresolved.get(`${place}:${alias}`) ?? incomplete.get(place);
  if (why === undefined) return { is: 'nothing' };
  return { is: 'unknown', unread: { ...why, reason: `\`${alias}\`: ${why.reason}` } };
}

function indexAliases(keys: Iterable<readonly [string, SnapshotKey]>): AliasIndex {
  const targets = new Map<string, string | null>();
  const incomplete = new Map<string, Unread>();
  const unresolved = new Map<string, Unread>();
  for (const [arn, key] of keys) {
    if (ALIAS_ARN.test(arn)) {
      if (!key.exists.read) unresolved.set(arn, key.exists);
      continue;
    }
    const place = arn.slice(0, arn.lastIndexOf(':key/'));
    // A key that is gone has no aliases.
    if (key.exists.read && !key.exists.value) continue;
    if (!key.aliases.read) incomplete.set(place, key.aliases);
    else
      for (const name of key.aliases.value) {
        const alias = `${place}:${name}`;
        const other = targets.get(alias);
        const isFirst = other === undefined || other === arn;
        targets.set(alias, isFirst ? arn : null);
        // Only a trail that names the alias minds: the other trails name their keys.
        if (!isFirst) unresolved.set(alias, unread('invalid', `several keys list it, \`${arn}\` among them`));
      }
  }
  return { targets, incomplete, unresolved };
}
