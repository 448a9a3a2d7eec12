import { type Command, Option } from 'commander';
import { comparisonInWords, jsonComparison } from '../../report/comparison.ts';
import { keyIdentity } from '../../trail/arn.ts';
import { comparePolicies } from '../../trail/compare/comparePolicies.ts';
import type { CommandContext } from '../command.ts';
import { readPolicy } from '../compare/readPolicy.ts';
import { BadInput } from '../errors.ts';
import { exitCode } from '../exitCode.ts';
import type { Io } from '../io.ts';
import { textOptions } from '../printReport.ts';
import { writeResult } from '../writeResult.ts';

interface CompareOptions {
  readonly before: string;
  readonly after: string;
  readonly keyArn?: string;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly color: boolean;
}

const HELP = `
A file holds a key policy, or what \`aws kms get-key-policy\` prints. What one policy gives and the other does not is
shown with a request: who, which action, the condition keys that it needs, and the statements that give it. A name that
ends in \`unnamed\` stands for everybody whom no policy names. Without a difference the answer is proved for every
principal, service, action and context; what a policy leaves to an account's IAM policies counts as given.

Examples:
  cloudtrail-kms compare --before old.json --after new.json
  cloudtrail-kms compare --before <(git show origin/main:key-policy.json) --after key-policy.json --format json
  cloudtrail-kms compare --before live.json --after proposed.json --key-arn KEY_ARN

Exit codes:
  0  nothing is gained
  1  something is gained, or nobody can say
  2  bad usage or bad input
  3  could not finish: the output could not be written`;

/** `compare`: what a change of a key policy gives and takes. */
export function registerCompare(program: Command, { io, finish }: CommandContext): void {
  program
    .command('compare')
    .description('show what a change of a key policy gives and takes, or the proof that it gives nothing')
    .requiredOption('--before <file>', 'the key policy before the change; `-` reads standard input')
    .requiredOption('--after <file>', 'the key policy after the change; `-` reads standard input')
    .option('--key-arn <arn>', 'the ARN of the key, where a Resource of the policies names keys')
    .addOption(new Option('--format <format>', 'how the result is written').choices(['text', 'json']).default('text'))
    .option('--output <file>', 'write the result to a file, as a whole or not at all')
    .option('--no-color', 'no colours, also where standard output is a terminal')
    .addHelpText('after', HELP)
    .action(async (options: CompareOptions) => finish(await compare(options, io)));
}

async function compare(options: CompareOptions, io: Io): Promise<number> {
  const { before, after, keyArn = null, format, output } = options;
  if (keyArn !== null && keyIdentity(keyArn) === null)
    throw new BadInput(`\`--key-arn\` is \`${keyArn}\`, accepted is the ARN of a KMS key`);
  if (before === '-' && after === '-')
    throw new BadInput('`--before` and `--after` are both `-`, and standard input holds one policy');
  const comparison = comparePolicies(await readPolicy(before, io), await readPolicy(after, io), keyArn);
  const text = textOptions({ ...options, quiet: false }, io);
  await writeResult(
    format === 'json' ? [jsonComparison(comparison)] : comparisonInWords(comparison, '', text),
    output,
    io,
  );
  const isBounded = comparison.relation === 'equal' || comparison.relation === 'narrower';
  return isBounded ? exitCode.compliant : exitCode.nonCompliant;
}
