import { type KeyPolicy, type KeyPolicyParse, parseKeyPolicy } from '../../policy/parse.ts';
import { BadInput } from '../errors.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import { parseJson } from '../json.ts';

/** Reads a key policy, or what `aws kms get-key-policy` prints. Throws `BadInput` that names the file. */
export async function readPolicy(file: string, io: Io): Promise<KeyPolicy> {
  const parse = await parsePolicyFile(file, io);
  if (!parse.valid) throw new BadInput(`key policy \`${file}\`: ${parse.error}`);
  return parse.policy;
}

/** The same; what cannot be a policy is an answer, and only a file that is no JSON is bad input. */
export async function parsePolicyFile(file: string, io: Io): Promise<KeyPolicyParse> {
  const text = (await readInput(io, file)).replace(/^\uFEFF/, '');
  return parseKeyPolicy(policyIn(parseJson(text, file), text));
}

/** The text of the policy, so that a member that is given twice is seen. */
function policyIn(document: unknown, text: string): unknown {
  // With `--output text` the CLI prints the policy alone; some tools print it as JSON text.
  if (typeof document === 'string') return document;
  const { Policy } = (document ?? {}) as { readonly Policy?: unknown };
  return Policy === undefined ? text : Policy;
}
