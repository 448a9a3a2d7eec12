import { createHash } from 'node:crypto';
import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyFacts } from '../trail/facts.ts';

const known = new WeakMap<KeyPolicy, string>();

/** SHA-256 of the key policy as JSON without spaces, in hexadecimal digits; `null` where no valid policy was read. */
export function policyHash(key: KeyFacts | null): string | null {
  if (key === null || !key.policy.read || !key.policy.value.valid) return null;
  const { policy } = key.policy.value;
  const hash = known.get(policy) ?? createHash('sha256').update(compact(policy)).digest('hex');
  known.set(policy, hash);
  return hash;
}

function compact({ document, text }: KeyPolicy): string {
  try {
    return JSON.stringify(document);
  } catch (error) {
    // Nested too deeply to be written again.
    if (!(error instanceof RangeError)) throw error;
    return text ?? '';
  }
}
