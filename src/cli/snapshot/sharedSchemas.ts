import * as v from 'valibot';
import { listOf, maybe, objectOf, text, time } from './schemaParts.ts';

// What entries of several kinds hold.

export const accountId = v.pipe(text, v.regex(/^\d{12}$/, 'must be an account id of twelve digits'));

export const keyArn = v.pipe(text, v.regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'must be the ARN of a KMS key'));

export const event = objectOf({
  EventId: maybe(text),
  EventName: maybe(text),
  EventTime: maybe(time),
  CloudTrailEvent: maybe(text),
});

/** As CloudTrail or KMS writes them, or as an object by key, which AWS Config has. */
export const tags = v.lazy((input) =>
  Array.isArray(input)
    ? listOf(objectOf({ Key: maybe(text), Value: maybe(text), TagKey: maybe(text), TagValue: maybe(text) }))
    : v.pipe(
        v.record(text, text, 'must be a list of tags'),
        v.transform((byKey) => Object.entries(byKey).map(([Key, Value]) => ({ Key, Value }))),
      ),
);

export const anything = v.unknown();
