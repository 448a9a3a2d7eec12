import { nameOf } from '../cloudformation/attributes.ts';
import { type Declared, type Links, NO_LINKS } from '../cloudformation/links.ts';
import { newScope } from '../cloudformation/resolve.ts';
import { SHARE } from '../cloudformation/shares.ts';
import type { Template } from '../cloudformation/template.ts';
import { textsIn } from '../json.ts';
import { hasToken, idsIn } from '../reference.ts';
import { type Deployed, deployedKey } from './deployed.ts';
import { type Exports, exportsOf } from './exports.ts';
import { inPlaceOf } from './places.ts';
import type { Stacks } from './stacks.ts';

/** What joins the templates of a project with one another and with what is deployed. */
export function linksOf(
  { instances, parents, nested, references }: Stacks,
  deployed: Deployed | null,
  given: Readonly<Record<string, string>>,
): { readonly links: Links; readonly taken: Exports['taken'] } {
  const templates = instances.map(({ template }) => template);
  const byId = new Map(templates.map((template) => [template.id, template]));
  const within: Links = { ...NO_LINKS, parentOf: (template) => parents.get(template) ?? null };
  const exported = exportsOf(templates, within, references);
  let byName: ReadonlyMap<string, readonly Declared[]> | null = null;
  let bySharedKey: ReadonlyMap<string, readonly Declared[]> | null = null;
  const links: Links = {
    ...within,
    nestedIn: (template, id) => nested.get(template)?.get(id) ?? null,
    exportsNamed: exported.named,
    declared: (reference) => {
      const [, id = '', name = ''] = GENERATED.exec(reference) ?? [];
      const template = byId.get(id);
      const resource = template?.resources.get(name);
      return template === undefined || resource === undefined ? null : { template, resource };
    },
    named: (seeker, type, name) => {
      byName ??= namesOf(templates, within);
      const found = byName.get(`${type} ${name}`) ?? [];
      // The name of a bucket is nobody else's anywhere.
      return type === 'AWS::S3::Bucket'
        ? found.filter(({ template }) => template !== seeker)
        : inPlaceOf(seeker, found);
    },
    sharesOf: (seeker, reference) => {
      bySharedKey ??= sharesIn(templates, links);
      return (bySharedKey.get(reference) ?? []).filter(({ template }) => template !== seeker);
    },
    deployedKey: (reference, place) => (deployed === null ? null : deployedKey(deployed, reference, place)),
    ssmParameter: (name, version) =>
      Object.hasOwn(given, name) ? (given[name] ?? null) : (deployed?.parameter(name, version) ?? null),
  };
  return { links, taken: exported.taken };
}

/** The shares through AWS RAM that list something of a template, by the references in what they list. */
function sharesIn(templates: readonly Template[], links: Links): ReadonlyMap<string, readonly Declared[]> {
  const found = new Map<string, Declared[]>();
  for (const template of templates) {
    for (const resource of template.resources.values()) {
      if (resource.type !== SHARE) continue;
      const listed = newScope(template, new Map(), links).resolve(resource.properties.ResourceArns);
      for (const id of idsIn(textsIn(listed).join(' ')))
        found.set(id, [...(found.get(id) ?? []), { template, resource }]);
    }
  }
  return found;
}

/** See `generatedId`. */
const GENERATED = /^(\d+) (?:key id|name) of (.+)$/;

const NAMED: readonly string[] = ['AWS::KMS::Alias', 'AWS::S3::Bucket', 'AWS::SSM::Parameter'];

function namesOf(templates: readonly Template[], links: Links): ReadonlyMap<string, readonly Declared[]> {
  const found = new Map<string, Declared[]>();
  for (const template of templates) {
    const scope = newScope(template, new Map(), links);
    for (const resource of template.resources.values()) {
      if (!NAMED.includes(resource.type)) continue;
      const name = nameOf(scope, resource);
      if (hasToken(name)) continue;
      const id = `${resource.type} ${name}`;
      const same = found.get(id);
      if (same !== undefined) same.push({ template, resource });
      else found.set(id, [{ template, resource }]);
    }
  }
  return found;
}
