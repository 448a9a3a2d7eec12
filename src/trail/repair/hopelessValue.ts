import { wildcardPattern } from '../../policy/pattern.ts';
import { matches } from '../../policy/patternMatch.ts';
import type { Condition } from '../../policy/statement.ts';
import { hasWildcards } from './cloudTrailStatement.ts';

/** Where values stand: the partition of the key, and whether the policy has variables. */
export interface ValueSetting {
  readonly partition: string;
  readonly hasVariables: boolean;
}

/**
 * Whether a value that should be the ARN of a trail can be that of nothing that CloudTrail acts for: it is malformed, of
 * another partition than the key, or holds a wildcard or a variable where that is text. Replacing it takes nothing from
 * anybody. A doubt is a no.
 */
export function isHopelessArn(value: string, condition: Condition, setting: ValueSetting): boolean {
  const segments = value.split(':');
  const form = formOf(value, condition, setting);
  if (form === 'open') return false;
  if (!/^[\w.:/*?-]*$/.test(value)) return true;
  // A wildcard may stand for colons, too.
  if (segments.length !== SEGMENTS.length) return form === 'text' || !value.includes('*');
  const fits = ['arn', setting.partition, 'cloudtrail'];
  return segments.some((segment, index) => {
    const literal = fits[index];
    if (form === 'pattern' && /[*?]/.test(segment))
      return literal !== undefined && !matches(wildcardPattern(segment), literal);
    return literal === undefined ? !SEGMENTS[index]?.test(segment) : segment !== literal;
  });
}

/** `arn:PARTITION:cloudtrail:REGION:ACCOUNT:TYPE/NAME` */
const SEGMENTS = [/^/, /^/, /^/, /^[a-z]+(-[a-z]+)+-\d+$/, /^\d{12}$/, /^[a-z]+\/[\w.-]+$/i];

/** The same of an account id. */
export function isHopelessAccount(value: string, condition: Condition, setting: ValueSetting): boolean {
  const form = formOf(value, condition, setting);
  if (form === 'open' || (form === 'pattern' && /^[\d*?]+$/.test(value))) return false;
  return !/^\d{12}$/.test(value);
}

function formOf(value: string, condition: Condition, { hasVariables }: ValueSetting): 'open' | 'pattern' | 'text' {
  if (hasVariables && value.includes('${')) return 'open';
  return hasWildcards(condition) ? 'pattern' : 'text';
}
