import { UnevaluatedTrailsError } from '../../src/rule/errors.ts';

const unevaluated = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    trailArn: `arn-${index}`,
    accountId: null,
    isOrganization: false,
    reason: 'denied',
  }));

test.each([
  ['one', 1, /^trails without a verdict: 1, the first is `arn-0`: denied$/],
  ['as many as are named', 50, /^trails without a verdict: 50, .*; the others are `arn-1`, .*`arn-49`$/],
  ['one more', 51, /`arn-49` and 1 more$/],
])('of trails without a verdict %s is named, and all are kept', (_, count, message) => {
  const error = new UnevaluatedTrailsError(unevaluated(count));
  expect(error.message).toMatch(message);
  expect(error.trails).toEqual(unevaluated(count));
});
