/** A value of a template or a plan, after its file was parsed. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** A member of an object, or `undefined`; inherited names such as `constructor` are no members. */
export function member(value: unknown, ...path: readonly string[]): Json | undefined {
  let at: unknown = value;
  for (const step of path) {
    if (!isObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at as Json | undefined;
}

/** The objects of a list member; empty where the member is no list. */
export function objectsIn(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const list = member(value, ...path);
  return isList(list) ? list.filter(isObject) : [];
}

/** A text member; `null` where it is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : null;
}

/** Every text of a value, member names left out. */
export function textsIn(value: Json | undefined, into: string[] = []): readonly string[] {
  if (typeof value === 'string') into.push(value);
  else if (isList(value)) for (const entry of value) textsIn(entry, into);
  else if (isObject(value)) for (const entry of Object.values(value)) textsIn(entry, into);
  return into;
}
