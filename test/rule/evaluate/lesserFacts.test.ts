import { lesserFactsDecideNothing } from '../../../src/rule/evaluate/lesserFacts.ts';
import { parseParameters } from '../../../src/rule/parameters.ts';

test.each([
  [{}, true],
  [{ minimumSeverity: 'CRITICAL' }, true],
  [{ minimumSeverity: 'HIGH', requireKeyRotation: 'true' }, true],
  [{ minimumSeverity: 'MEDIUM' }, false],
  [{ minimumSeverity: 'LOW' }, false],
])('with %j what the bucket encrypts with, rotation and aliases decide no verdict: %s', (parameters, expected) => {
  expect(lesserFactsDecideNothing(parseParameters(parameters))).toBe(expected);
});
