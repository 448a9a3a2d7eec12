import { type Command, Option } from 'commander';
import { POLICIES, type PolicyName, permissionsFor, policyOf } from '../../aws/permissions/policy.ts';
import type { WatchedCall } from '../../aws/watchedAccess.ts';
import { partitionOf } from '../../iac/partition.ts';
import type { CommandContext } from '../command.ts';
import { diagnose, type PurposeName } from '../doctor/diagnosis.ts';
import { jsonDiagnosis } from '../doctor/json.ts';
import { textDiagnosis } from '../doctor/text.ts';
import { exitCode } from '../exitCode.ts';
import { type Io, print } from '../io.ts';
import { addLiveOptions, type LiveOptions, type LiveRequest, liveRequest } from '../live/request.ts';
import { textOptions } from '../printReport.ts';

interface DoctorOptions extends LiveOptions {
  readonly for: PurposeName;
  readonly printPolicy?: PolicyName;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
}

const HELP = `
Trails are listed in every account and Region that the options name; the other calls are tried on one trail of each
account, with its key. Nothing is written: what \`repair --apply\` writes with is named, and not tried. What is missing is
told with AWS's reason, with what stays unknown without it, and with the least policy that adds it.

--print-policy asks AWS nothing. Its policy is that of \`scan\`, of whoever runs \`scan --organization\` (the role in the other
accounts takes that of \`scan\`), of the rule's function, of \`repair --apply\`, or of \`verify\`; its partition is that of the
first of \`--regions\`.

Examples:
  cloudtrail-kms doctor
  cloudtrail-kms doctor --profile prod --all-regions
  cloudtrail-kms doctor --organization --role-name audit/Reader --format json
  cloudtrail-kms doctor --for repair --regions eu-west-1
  cloudtrail-kms doctor --print-policy scan > reader.json
  cloudtrail-kms doctor --print-policy scan --read bucket-policy
  cloudtrail-kms doctor --print-policy organization --role-name audit/Reader

Exit codes:
  0  everything needed is there, or the policy was printed
  1  something needed is missing
  2  bad usage
  3  could not finish: no credentials, or a call without an answer`;

/** `doctor`: whether every call that a command needs is allowed. */
export function registerDoctor(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('doctor')
    .description('try each call that a command needs, and print what is missing and the least policy that adds it');
  addLiveOptions(command)
    .addOption(
      new Option('--for <command>', 'what the permissions are for: scan, or repair with --apply')
        .choices(['scan', 'repair'])
        .default('scan'),
    )
    .addOption(new Option('--print-policy <name>', 'print the least IAM policy, and ask AWS nothing').choices(POLICIES))
    .addOption(new Option('--format <format>', 'how the result is written').choices(['text', 'json']).default('text'))
    .option('--quiet', 'no progress on standard error', false)
    .addHelpText('after', HELP)
    .action(async (options: DoctorOptions) => finish(await doctor(options, io)));
}

async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const { printPolicy } = options;
  if (printPolicy !== undefined) {
    await print(io, [`${JSON.stringify(leastPolicy(printPolicy, options, io), null, 2)}\n`]);
    return exitCode.compliant;
  }
  const request = liveRequest(options);
  const diagnosis = await live(request, options, io);
  const { width } = textOptions({ color: false, quiet: false }, io);
  await print(io, options.format === 'json' ? [jsonDiagnosis(diagnosis)] : textDiagnosis(diagnosis, width));
  return CODES[diagnosis.status];
}

const CODES = {
  complete: exitCode.compliant,
  missing: exitCode.nonCompliant,
  unfinished: exitCode.couldNotFinish,
} as const;

function leastPolicy(name: PolicyName, options: LiveOptions, io: Io) {
  // `organization` says what `--organization` would, and needs no way into the accounts.
  const { regions, roleName, aggregator, alsoRead } = liveRequest({ ...options, organization: false });
  const [region = io.env.AWS_REGION ?? ''] = Array.isArray(regions) ? regions : [];
  const reached = {
    organization: options.organization === true,
    roles: roleName !== null,
    aggregator: aggregator !== null,
    alsoRead,
  };
  return policyOf(permissionsFor(name, reached), { partition: partitionOf(region), roleName });
}

async function live(request: LiveRequest, { for: purpose, quiet }: DoctorOptions, io: Io) {
  // The SDK is loaded by the commands that need it alone.
  const [{ findReach }, { watchedAccess }, { examine }, { progressOn }] = await Promise.all([
    import('../live/readLive.ts'),
    import('../../aws/watchedAccess.ts'),
    import('../doctor/examine.ts'),
    import('../live/progress.ts'),
  ]);
  const attempts: WatchedCall[] = [];
  const reach = await findReach(request, io, (access) => watchedAccess(access, (one) => attempts.push(one)));
  const progress = progressOn(io, quiet);
  try {
    const examined = await examine(request, reach, purpose === 'repair', progress);
    const { home, own, readerArn } = reach;
    return diagnose({ purpose, request, home, caller: own.session.caller, readerArn, examined, attempts });
  } finally {
    progress.end();
  }
}
