import { type KeyPolicy, parseKeyPolicy } from '../../src/policy/parse.ts';

/** A document that is a key policy for certain. */
export function parsedPolicy(document: unknown): KeyPolicy {
  const parse = parseKeyPolicy(document);
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
}
