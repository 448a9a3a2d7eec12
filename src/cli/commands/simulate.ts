import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { exitCode } from '../exitCode.ts';
import { type Io, print } from '../io.ts';
import { linesOf } from '../lines.ts';
import { answerLine } from '../simulate/answer.ts';

const EXAMPLE = JSON.stringify({
  id: '1',
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AllowEncrypt',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 'kms:GenerateDataKey*',
        Resource: '*',
      },
    ],
  },
  request: {
    principal: { Service: 'cloudtrail.amazonaws.com' },
    action: 'kms:GenerateDataKey',
    resource: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    context: {},
    unknown: ['aws:SourceArn'],
  },
});

const HELP = `
Reads one JSON object a line and writes one decision a line, in the same order. Invalid lines are answered too.

A key in request.context has that value (text, or a list for a multi-valued key); a key in request.unknown may have any
value or be absent; every other key is absent. "unknown": "*" makes every other key unknown.

Decisions: allowed, denied, unknown, delegated (left to the IAM policies of the principal's account), invalid.

Example:
  echo '${EXAMPLE}' \\
    | cloudtrail-kms simulate

Exit codes:
  0  every line has its answer, invalid ones too
  2  bad usage
  3  could not finish: an input or output that broke`;

/** `simulate`: decides requests by key policies, as a stream of JSON lines. */
export function registerSimulate(program: Command, { io, finish }: CommandContext): void {
  program
    .command('simulate')
    .description(
      'decide requests by key policies: JSON lines on standard input, one decision a line on standard output',
    )
    .addHelpText('after', HELP)
    .action(async () => {
      await print(io, answers(io));
      finish(exitCode.compliant);
    });
}

async function* answers(io: Io): AsyncGenerator<string> {
  let isFirst = true;
  for await (const line of linesOf(io.stdin)) {
    yield `${answerLine(isFirst ? line.replace(/^\uFEFF/, '') : line)}\n`;
    isFirst = false;
  }
}
