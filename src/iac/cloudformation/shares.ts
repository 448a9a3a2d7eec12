import { isList } from '../json.ts';
import type { ShareModel } from '../model.ts';
import { isToken } from '../reference.ts';
import { arnOfResource } from './attributes.ts';
import { holds } from './conditions.ts';
import { property, type Resolved, type Scope } from './scope.ts';
import type { Resource } from './template.ts';
import { notResolved, settledFlag } from './values.ts';

/** Shares through AWS RAM that are created in this world and hold a key, or may hold it. */
export const sharesOf = (scope: Scope, key: Resource): readonly ShareModel[] =>
  [...scope.template.resources.values()]
    .filter(({ type, condition }) => type === SHARE && (condition === null || holds(scope, { Condition: condition })))
    .flatMap((share) => shareOf(scope, share, key));

const SHARE = 'AWS::RAM::ResourceShare';

function shareOf(scope: Scope, share: Resource, key: Resource): readonly ShareModel[] {
  const list = (name: string) => textsOf(property(scope, share, name));
  const arns = list('ResourceArns');
  const isOfKey = arns.texts.includes(arnOfResource(scope, key) ?? '');
  const open = arns.open ?? arns.texts.find(isToken);
  if (!isOfKey && open === undefined) return [];
  const allowsExternal = settledFlag(scope, property(scope, share, 'AllowExternalPrincipals'), true, SHARE);
  const known = (name: string) => (list(name).open === undefined ? list(name).texts : null);
  return [
    {
      name: share.id,
      principals: known('Principals'),
      sources: known('Sources'),
      allowsExternal: allowsExternal.settled ? allowsExternal.value : null,
      doubt: isOfKey ? null : notResolved(scope, open ?? ''),
    },
  ];
}

/** The texts of a list; `open`: it is none, or not every entry is a text. */
function textsOf(value: Resolved): { readonly texts: readonly string[]; readonly open?: string } {
  if (value === undefined || value === null) return { texts: [] };
  const entries = (isList(value) ? value : [value]).map((entry) => (typeof entry === 'number' ? String(entry) : entry));
  const texts = entries.filter((entry) => typeof entry === 'string');
  const isWhole = texts.length === entries.length && (isList(value) || !texts.some(isToken));
  return isWhole ? { texts } : { texts, open: texts.find(isToken) ?? '' };
}
