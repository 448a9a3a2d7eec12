import { CHECKS } from '../../trail/checks/index.ts';
import { clip } from './annotation.ts';
import { ANNOTATION_LENGTH, type UnexaminedResource } from './evaluation.ts';

/** The report entry of a resource that is not to be evaluated here; every check is there, as not applicable. */
export function unexamined(
  resource: Pick<UnexaminedResource, 'resourceId' | 'trailArn' | 'accountId' | 'region' | 'isGone'>,
  why: string,
): UnexaminedResource {
  return {
    ...resource,
    trail: null,
    key: null,
    standing: 'not-applicable',
    complianceType: 'NOT_APPLICABLE',
    annotation: clip(why, ANNOTATION_LENGTH),
    findings: CHECKS.map(({ id, severity }) => ({
      check: id,
      status: 'not-applicable',
      severity,
      message: why,
      remedy: [],
      evidence: { statements: [], dependsOn: [] },
    })),
  };
}
