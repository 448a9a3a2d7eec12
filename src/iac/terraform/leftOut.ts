import { type JsonObject, member, objectsIn, textAt } from '../json.ts';

/** What a plan says that it leaves out, one sentence part each. */
export function leftOut(document: JsonObject): readonly string[] {
  const deferred = objectsIn(document, 'deferred_changes').map((one) => member(one, 'resource_change'));
  const trails = deferred.filter((change) => textAt(change, 'type') === 'aws_cloudtrail');
  return [
    ...(member(document, 'errored') === true ? ['planning ended with an error: trails may be missing from it'] : []),
    ...trails.map((change) => `\`${textAt(change, 'address')}\` is deferred to a later plan, and is not checked`),
  ];
}
