import { type Command, Option } from 'commander';
import { checkOptions, parseParameters } from '../../rule/parameters.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { exitCode } from '../exitCode.ts';
import { type Io, print } from '../io.ts';
import { isRegion, liveRequest } from '../live/request.ts';
import { textOptions } from '../printReport.ts';
import { jsonVerification, textVerification, type Verification } from '../verify/report.ts';
import { settledQuestions } from '../verify/settled.ts';

interface VerifyOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
}

const HELP = `
Some facts about CloudTrail, KMS and AWS Config stand in no documentation. An account's own records may settle them: a
request of CloudTrail that succeeded although the policy of its key asks for \`kms:ViaService\` shows that it carries one. Read are the
trails of the Region with what \`scan\` reads of them, the latest events of their keys and of the trails themselves, and
what AWS Config has recorded of trails. Nothing is written, and nothing is sent anywhere.

At the end stands a record without account ids, ARNs and names, which may be sent in an issue.

Examples:
  cloudtrail-kms verify
  cloudtrail-kms verify --profile prod --region eu-west-1
  cloudtrail-kms verify --format json | jq .record
  cloudtrail-kms doctor --print-policy verify

Exit codes:
  0  done, whatever is settled
  2  bad usage
  3  could not finish: no credentials, or trails that could not be read`;

/** `verify`: which open questions about AWS the account's own records settle. */
export function registerVerify(program: Command, { io, finish }: CommandContext): void {
  program
    .command('verify')
    .description("show which open questions about AWS this account's own events and items settle")
    .option('--profile <name>', 'profile of the AWS configuration files whose credentials and Region are used')
    .option('--region <name>', "the Region to look at; left out, the profile's Region")
    .addOption(new Option('--format <format>', 'how the result is written').choices(['text', 'json']).default('text'))
    .option('--quiet', 'no progress on standard error', false)
    .addHelpText('after', HELP)
    .action(async (options: VerifyOptions) => finish(await verify(options, io)));
}

async function verify({ profile, region, format, quiet }: VerifyOptions, io: Io): Promise<number> {
  if (region !== undefined && !isRegion(region))
    throw new BadInput(`\`--region\` is \`${region}\`, accepted is one Region such as \`eu-west-1\``);
  const request = liveRequest({
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { regions: region }),
  });
  // The SDK is loaded by the commands that need it alone.
  const [{ findReach, readThrough }, { gather }] = await Promise.all([
    import('../live/readLive.ts'),
    import('../verify/gather.ts'),
  ]);
  const parameters = parseParameters({});
  const reach = await findReach(request, io);
  const collected = await readThrough(reach, request, io, quiet);
  const place = region ?? reach.home.region;
  const gathered = await gather(collected, reach, place, parameters, io.now());
  const verification: Verification = {
    accountId: reach.home.accountId,
    partition: reach.home.partition,
    region: place,
    trails: collected.document.trails.length,
    questions: settledQuestions(gathered, checkOptions(parameters)),
  };
  const { width } = textOptions({ color: false, quiet: false }, io);
  await print(io, format === 'json' ? [jsonVerification(verification)] : textVerification(verification, width));
  return collected.isWhole ? exitCode.compliant : exitCode.couldNotFinish;
}
