import { deliver } from '../../../src/rule/evaluate/deliver.ts';
import { type EvaluatedResource, evaluatedResource } from '../../../src/rule/evaluate/evaluatedResource.ts';
import type { Verdict } from '../../../src/rule/evaluate/evaluation.ts';

const verdict = { complianceType: 'COMPLIANT', annotation: '' } as Verdict;
const trail = (index: number) => ({ resourceType: 'AWS::CloudTrail::Trail', resourceId: `trail-${index}` });
const resource = (index: number): EvaluatedResource => evaluatedResource(trail(index), new Date(0), verdict, index);

async function* batches(...indexes: readonly (readonly number[])[]) {
  for (const batch of indexes) yield { resources: batch.map(resource), unevaluated: [] };
}

test('what was sent stands in the order of the invocation, in whatever order it was ready', async () => {
  const told: string[] = [];
  const putEvaluations = async (evaluations: EvaluatedResource['evaluation'][]) => {
    told.push(...evaluations.map(({ ComplianceResourceId }) => ComplianceResourceId));
    return [];
  };
  const { sent, troubles } = await deliver(batches([2, 3], [0, 1]), { putEvaluations } as never);
  expect(told).toEqual(['trail-2', 'trail-3', 'trail-0', 'trail-1']);
  expect(sent.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(troubles).toEqual([]);
});

test.each([
  ['is left out where it is empty', '', {}],
  ['is told', 'why', { Annotation: 'why' }],
])('an annotation %s', (_, annotation, members) => {
  const { evaluation } = evaluatedResource(trail(0), new Date(0), { ...verdict, annotation }, 0);
  expect(evaluation).toEqual({
    ComplianceResourceType: 'AWS::CloudTrail::Trail',
    ComplianceResourceId: 'trail-0',
    ComplianceType: 'COMPLIANT',
    OrderingTimestamp: new Date(0),
    ...members,
  });
});
