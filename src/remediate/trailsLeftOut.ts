import type { Policies } from './policyStep.ts';

/**
 * Trails that one policy names and another names no more. Such a trail may live in a Region that nobody read, so that
 * its name looked like a mistake: whoever writes the policy asks first whether it is there.
 */
export function trailsLeftOut({ before, after }: Policies): readonly string[] {
  const kept = new Set(stringsIn(JSON.parse(after)));
  const named = stringsIn(JSON.parse(before)).filter((text) => TRAIL_ARN.test(text));
  return [...new Set(named)].filter((arn) => !kept.has(arn));
}

const TRAIL_ARN = /^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+$/;

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
