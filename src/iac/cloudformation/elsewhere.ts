import { idsIn } from '../reference.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

/** A resource, and the scope in which its properties are resolved. */
export interface ScopedResource {
  readonly scope: Scope;
  readonly resource: Resource;
}

/**
 * The resource that a text names: of the scope's own template, or of another that the text refers to, by what AWS makes
 * up for the resource or by a name that is settled.
 *
 * @param named the type of resource whose own name the text may be
 * @param find looks for it in one template
 */
export function findDeclared(
  scope: Scope,
  text: string,
  named: string,
  find: (scope: Scope) => Resource | undefined,
): ScopedResource | null {
  const { template, links } = scope;
  const own = find(scope);
  if (own !== undefined) return { scope, resource: own };
  const referred = idsIn(text).flatMap((id) => links.declared(id) ?? []);
  // Of an ARN the name is the last part.
  const candidates = referred.length > 0 ? referred : links.named(template, named, text.replace(/^arn:.*:/, ''));
  const others = new Set(candidates.map((one) => one.template));
  const found = [...others].flatMap((other) => {
    const at = scope.at(other);
    const resource = other === template ? undefined : find(at);
    return resource === undefined ? [] : [{ scope: at, resource }];
  });
  const [only, ...more] = found;
  return only === undefined || more.length > 0 ? null : only;
}
