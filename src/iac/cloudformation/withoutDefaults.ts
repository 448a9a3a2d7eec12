import { isObject, type Json, type JsonObject, member } from '../json.ts';

/** A deployment gives parameters values that nobody tells beforehand: a default decides nothing. */
export function withoutDefaults(document: JsonObject): JsonObject {
  const parameters = member(document, 'Parameters');
  if (!isObject(parameters)) return document;
  const open = Object.entries(parameters).map(([name, parameter]): readonly [string, Json] => {
    if (!isObject(parameter)) return [name, parameter];
    return [name, Object.fromEntries(Object.entries(parameter).filter(([property]) => property !== 'Default'))];
  });
  return { ...document, Parameters: Object.fromEntries(open) };
}
