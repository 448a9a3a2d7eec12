import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { hasToken, isToken, splitOutsideTokens } from '../reference.ts';
import type { Cover } from './bounds.ts';

/** Principal or NotPrincipal without tokens; `null` where the statement covers nobody. */
export function boundPrincipal(name: string, value: Json, cover: Cover): JsonObject | null {
  // Only a reference alone may come to `*`; whatever else stands here IAM's grammar refuses.
  if (!isObject(value) && !isWhole(value)) return { [name]: 'unresolved' };
  if (name === 'NotPrincipal') return cover.wide ? { Principal: '*' } : null;
  if (!isObject(value)) return cover.wide ? { Principal: '*' } : null;
  const bounded = new Map<string, readonly Json[]>();
  for (const [type, names] of Object.entries(value)) {
    const entries = (isList(names) ? names : [names]).flatMap((entry): readonly Json[] =>
      typeof entry === 'string' && hasToken(entry) ? boundName(type, entry, cover) : [entry],
    );
    if (entries.length > 0) bounded.set(type, entries);
  }
  return bounded.size === 0 ? null : { Principal: Object.fromEntries(bounded) };
}

const isWhole = (value: Json): boolean => typeof value === 'string' && isToken(value);

function boundName(type: string, name: string, { wide, bound, bounds }: Cover): readonly string[] {
  if (!wide) return [];
  if (type === 'Service') return ['cloudtrail.amazonaws.com'];
  if (type !== 'AWS') return [];
  const account = bound === 'foreign' ? bounds.foreignAccount : bounds.ownAccount;
  if (isToken(name)) {
    return [bound === 'most' || bound === 'least' ? '*' : `arn:${bounds.partition}:iam::${account}:root`];
  }
  // A principal has no wildcards: what is left open is an account or a name.
  return [
    splitOutsideTokens(name, ':')
      .map((segment, index) =>
        hasToken(segment)
          ? segment.replace(/\uE000[^\uE001]*\uE001/g, index === 4 ? account : index === 2 ? 'iam' : 'unresolved')
          : segment,
      )
      .join(':'),
  ];
}
