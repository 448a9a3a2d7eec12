import { type Command, Option } from 'commander';
import type { KeyPolicyParse } from '../../policy/parse.ts';
import { read } from '../../trail/facts.ts';
import { parsePolicyFile } from '../compare/readPolicy.ts';
import { BadInput } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Snapshot } from './snapshot.ts';

export interface PolicyOptions {
  readonly policy: readonly string[];
}

/** Adds the option that takes another policy for a key. */
export const addPolicyOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--policy <key-arn=file>',
      'take this key policy in place of the one in the snapshot: "what if"; may be given several times',
    )
      .argParser((text: string, all: readonly string[]) => [...all, text])
      .default([], 'none'),
  );

/** The snapshot with other policies for some of its keys, each `KEY_ARN=FILE`. Throws `BadInput` that names the option. */
export async function withOtherPolicies(
  snapshot: Snapshot,
  given: readonly string[],
  file: string,
  io: Io,
): Promise<Snapshot> {
  if (given.length === 0) return snapshot;
  if (!snapshot.keys.read) throw new BadInput(`snapshot \`${file}\` holds no keys, and \`--policy\` needs its key`);
  const keys = new Map(snapshot.keys.value);
  const seen = new Set<string>();
  for (const text of given) {
    const [, arn = '', path = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (arn === '') throw new BadInput(`\`--policy\` is \`${text}\`, accepted is the ARN of a key, \`=\` and a file`);
    if (seen.has(arn)) throw new BadInput(`\`--policy\` is given twice for \`${arn}\``);
    seen.add(arn);
    const key = keys.get(arn);
    if (key === undefined) throw new BadInput(`snapshot \`${file}\` holds no key \`${arn}\`, which \`--policy\` names`);
    // Both KMS and the checks look at the text as it is: a policy that is not valid is a finding.
    const policy: KeyPolicyParse = await parsePolicyFile(path, io);
    keys.set(arn, { ...key, policy: read(policy) });
  }
  return { ...snapshot, keys: read(keys) };
}
