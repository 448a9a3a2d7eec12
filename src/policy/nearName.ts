import { type OddCharacter, withoutOddCharacters } from './difference.ts';

/** Why a name is not the one that it was meant to be. */
export type NameDifference =
  | OddCharacter
  | {
      readonly is:
        | 'case'
        | 'suffix'
        | 'with-region'
        | 'no-suffix'
        | 'spelling'
        | 'separator'
        | 'no-prefix'
        | 'wrong-prefix';
    }
  | { readonly is: 'another-operation' }
  /** It stands in this member of Principal, and not in Service. */
  | { readonly is: 'member'; readonly member: 'AWS' | 'Federated' | 'CanonicalUser' };

/** A name of a policy that was surely meant to be the request's, and why it is not. */
export interface NearName {
  readonly name: string;
  readonly difference: NameDifference;
}

/** The service name that comes near `service`. */
export function nearService(names: readonly string[], service: string): NearName | null {
  for (const name of names) {
    const difference = differenceOfService(name, service);
    if (difference !== null) return { name, difference };
  }
  return null;
}

const SUFFIX = '.amazonaws.com';
/** Suffixes of endpoints that are no part of the service's name in a policy. */
const OF_ENDPOINTS =
  /\.(amazonaws\.com\.cn|amazonaws\.eu|amazonaws-us-gov\.com|amazonaws\.com|amazon\.com|aws\.com|aws|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|api\.aws)$/;

function differenceOfService(name: string, service: string): NameDifference | null {
  const { text, odd } = withoutOddCharacters(name, service);
  const [first] = odd;
  if (first !== undefined) return isAlike(text.toLowerCase(), service, 3) ? first : null;
  const lower = text.toLowerCase();
  if (lower === service) return { is: 'case' };
  const short = service.replace(SUFFIX, '');
  if (lower === short) return { is: 'no-suffix' };
  const host = lower.replace(OF_ENDPOINTS, '');
  if (host === short) return { is: 'suffix' };
  const isOfHost = host.startsWith(`${short}.`) || host.endsWith(`.${short}`) || host.startsWith(`${short}-`);
  if (isOfHost && /[a-z]{2,}(-[a-z]+)+-\d$/.test(host.replace(`.${short}`, ''))) return { is: 'with-region' };
  return isAlike(host, short, 3) || isAlike(lower, service, 3) || isOfHost ? { is: 'spelling' } : null;
}

/** The action that comes near `action`; both are compared without regard to case. */
export function nearAction(patterns: readonly string[], action: string): NearName | null {
  for (const name of patterns) {
    const difference = differenceOfAction(name.toLowerCase(), action.toLowerCase());
    if (difference !== null) return { name, difference };
  }
  return null;
}

function differenceOfAction(name: string, action: string): NameDifference | null {
  const { text, odd } = withoutOddCharacters(name, action);
  const colon = action.indexOf(':');
  const [prefix, operation] = [action.slice(0, colon), action.slice(colon + 1)];
  const [, own = '', separator = '', rest = ''] = /^(?:([a-z0-9-]*?)([^a-z0-9*?-]+))?(.*)$/.exec(text) ?? [];
  const bare = rest.replace(/[*?]+$/, '');
  if (!isAlike(bare, operation, 3)) return isOtherOf(bare, operation) ? { is: 'another-operation' } : null;
  const [first] = odd;
  if (first !== undefined) return first;
  if (separator === '') return { is: 'no-prefix' };
  if (own !== prefix) return { is: 'wrong-prefix' };
  return separator === ':' ? { is: 'spelling' } : { is: 'separator' };
}

/** An operation of the same family, such as the one without the plain text. */
const isOtherOf = (name: string, operation: string): boolean =>
  operation.length > 7 && (name.startsWith(operation) || (name.length > 7 && operation.startsWith(name)));

/** Whether two names are at most `most` changes of a character apart, and have most of their characters in common. */
function isAlike(a: string, b: string, most: number): boolean {
  const allowed = Math.min(most, Math.floor(b.length / 4));
  return Math.abs(a.length - b.length) <= allowed && distance(a, b) <= allowed;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
