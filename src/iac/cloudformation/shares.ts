import { isList } from '../json.ts';
import type { ShareModel } from '../model.ts';
import { isToken } from '../reference.ts';
import { arnOfResource, idOfKey } from './attributes.ts';
import { holds } from './conditions.ts';
import { property, type Resolved, type Scope } from './scope.ts';
import type { Resource } from './template.ts';
import { notResolved, settledFlag } from './values.ts';

/** Shares through AWS RAM that are created in this world and hold a key, or may hold it. */
export function sharesOf(scope: Scope, key: Resource): readonly ShareModel[] {
  const { template, links } = scope;
  const own = [...template.resources.values()]
    .filter(({ type }) => type === SHARE)
    .map((resource) => ({ template, resource }));
  return [...own, ...links.sharesOf(template, idOfKey(template, key))].flatMap((share) => {
    const at = scope.at(share.template);
    const { condition } = share.resource;
    const isCreated = condition === null || holds(at, { Condition: condition });
    return isCreated ? shareOf(at, share.resource, arnOfResource(scope, key) ?? '') : [];
  });
}

export const SHARE = 'AWS::RAM::ResourceShare';

function shareOf(scope: Scope, share: Resource, keyArn: string): readonly ShareModel[] {
  const list = (name: string) => textsOf(property(scope, share, name));
  const arns = list('ResourceArns');
  const isOfKey = arns.texts.includes(keyArn);
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
