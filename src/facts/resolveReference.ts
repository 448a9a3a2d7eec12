import { type Unread, unread } from '../trail/facts.ts';
import { keyReference, type ReferencePlace } from './keyReference.ts';
import type { KeyParts } from './keys.ts';

/**
 * Which key a trail's reference names.
 *
 * - `key`: the key's ARN, whether or not that key is known.
 * - `nothing`: an alias that does not exist, or the ARN of something that is no key.
 * - `unknown`: nobody can say.
 */
export type ResolvedReference =
  | { readonly is: 'key'; readonly arn: string }
  | { readonly is: 'nothing' }
  | { readonly is: 'unknown'; readonly unread: Unread };

type ResolveReference = (reference: string, trail: ReferencePlace) => ResolvedReference;

type Keys = ReadonlyMap<string, KeyParts>;

/**
 * Resolves references to keys; a bare id or alias belongs to the trail's account and home Region.
 *
 * @param otherKeys what is known of keys that are not among them; `null`: that there are none
 */
export function referenceResolver(keys: Keys, otherKeys: Unread | null = null): ResolveReference {
  let index: AliasIndex | null = null;
  const aliases = (): AliasIndex => {
    index ??= indexAliases(keys);
    return index;
  };
  return (reference, trail) => {
    const named = keyReference(reference, trail);
    if (named === null) return { is: 'nothing' };
    if (named.isAlias) return resolveAlias(aliases(), keys, named.arn, otherKeys);
    const leadsTo = keys.get(named.arn)?.leadsTo ?? named.arn;
    return { is: 'key', arn: keys.has(leadsTo) ? leadsTo : named.arn };
  };
}

interface AliasIndex {
  /** The key's ARN by the alias's; `null` where several keys list it. */
  readonly targets: ReadonlyMap<string, string | null>;
  /** Places, as ARNs up to the account id, that hold a key whose aliases are not known. */
  readonly incomplete: ReadonlyMap<string, Unread>;
  /** Aliases by ARN that several keys list. */
  readonly contested: ReadonlyMap<string, Unread>;
}

/** As a key lists it, or else as DescribeKey answers for the alias itself. */
function resolveAlias(
  { targets, incomplete, contested }: AliasIndex,
  keys: Keys,
  arn: string,
  otherKeys: Unread | null,
): ResolvedReference {
  const target = targets.get(arn);
  if (typeof target === 'string') return { is: 'key', arn: target };
  const described = keys.get(arn);
  if (described !== undefined) {
    if (!described.exists.read) return { is: 'unknown', unread: described.exists };
    if (!described.exists.value) return { is: 'nothing' };
    if (described.leadsTo !== null) return { is: 'key', arn: described.leadsTo };
    return { is: 'unknown', unread: unread('not-told', 'the alias was not resolved') };
  }
  const [place = '', alias = ''] = arn.split(/:(?=alias\/)/);
  const why = contested.get(arn) ?? incomplete.get(place) ?? otherKeys;
  if (why === null) return { is: 'nothing' };
  return { is: 'unknown', unread: { ...why, reason: `\`${alias}\`: ${why.reason}` } };
}

function indexAliases(keys: Keys): AliasIndex {
  const targets = new Map<string, string | null>();
  const incomplete = new Map<string, Unread>();
  const contested = new Map<string, Unread>();
  for (const [arn, key] of keys) {
    // A key that is gone has no aliases, and an alias has none.
    if (!arn.includes(':key/') || (key.exists.read && !key.exists.value)) continue;
    const place = arn.slice(0, arn.lastIndexOf(':key/'));
    if (!key.aliases.read) incomplete.set(place, key.aliases);
    else
      for (const name of key.aliases.value) {
        const alias = `${place}:${name}`;
        const other = targets.get(alias);
        const isFirst = other === undefined || other === arn;
        targets.set(alias, isFirst ? arn : null);
        // Only a trail that names the alias minds: the other trails name their keys.
        if (!isFirst) contested.set(alias, unread('invalid', `several keys list it, \`${arn}\` among them`));
      }
  }
  return { targets, incomplete, contested };
}
