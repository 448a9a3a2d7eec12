import type { Command } from 'commander';
import type { CheckedSource } from '../../iac/checkSource.ts';
import { proveRemedies } from '../../iac/cloudformation/remedy/proveRemedies.ts';
import { type CheckedFile, checkProject, joined } from '../../iac/project/checkProject.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { readDeployed } from '../check/deployed.ts';
import { type GivenDeployment, readDeployment } from '../check/deployment.ts';
import { exceptionStates, reported, tellException } from '../check/exceptions.ts';
import { type ReadSources, readSources } from '../check/sources.ts';
import { terraformFiles, withFiles } from '../check/terraformFiles.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { type Io, warn } from '../io.ts';
import { addTrailReportOptions, type TrailReportOptions } from '../options.ts';
import { printReport, verdictCode } from '../printReport.ts';
import { reportAbout } from '../reportAbout.ts';

interface CheckOptions extends TrailReportOptions, GivenDeployment {
  readonly source?: string;
  readonly parameters?: string;
  readonly exceptions?: string;
  readonly snapshot?: string;
}

const EXAMPLES = `
What a file does not settle is \`unknown\` and names the reference; it does not fail the check unless
--parameters '{"whenUndecided":"NON_COMPLIANT"}' says so.

All files are one project: exports meet imports, nested stacks their parents. A file that is given by its name and is no
template exits with 2, after everything else is checked; in folders and patterns it is skipped and counted.

Examples:
  cloudtrail-kms check template.yaml --account-id 111122223333 --region eu-west-1
  cloudtrail-kms check cdk.out
  cloudtrail-kms check 'stacks/**/*.yaml' --snapshot snapshot.json
  cloudtrail-kms check template.yaml --template-parameters TrailName=main --template-parameters Stage=prod
  cloudtrail-kms check template.yaml --template-parameters /security/trail-key=arn:aws:kms:...
  terraform show -json plan.out > plan.json && cloudtrail-kms check plan.json --format sarif --output check.sarif
  terraform show -json > state.json && cloudtrail-kms check state.json

Exit codes:
  0  no trail and no key is NON_COMPLIANT, or none has a standing of --fail-on; also where no file holds any
  1  a trail or a key is NON_COMPLIANT, or has a standing of --fail-on
  2  bad usage, or a file that could not be taken: everything else was checked and reported
  3  could not finish: a file could not be written`;

/** `check`: evaluates trails and keys of templates and plans before they are deployed. */
export function registerCheck(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('check')
    .description('check CloudFormation templates and Terraform plans (`terraform show -json`) before deployment')
    .argument(
      '<path...>',
      'templates in YAML or JSON, plans or states in JSON; folders, patterns (`*`, `**`), `cdk.out`; `-` reads standard input',
    )
    .option('--account-id <id>', 'the account to deploy to (`AWS::AccountId`)')
    .option('--region <region>', 'the Region to deploy to (`AWS::Region`)')
    .option(
      '--template-parameters <parameters>',
      'parameters of the templates: `Name=value`, JSON, or a file of JSON; may be repeated',
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option('--source <dir>', 'the folder of the root module of a plan: names its `.tf` files, reads its locals')
    .option('--snapshot <file>', 'what is deployed already, as `collect` writes it: keys that the files only name')
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document');
  addTrailReportOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], options: CheckOptions) => finish(await check(paths, options, io)));
}

async function check(paths: readonly string[], options: CheckOptions, io: Io): Promise<number> {
  const givenParameters = readParameters(options.parameters, options.minimumSeverity);
  const parameters = parseParameters({ whenUndecided: 'COMPLIANT', ...givenParameters });
  const asOf = io.now();
  const request = {
    parameters,
    exceptions: await readExceptions(options.exceptions, io, asOf),
    deployment: await readDeployment(options, io),
    deployed: await readDeployed(options.snapshot, io),
    asOf,
    proveRemedies,
  };
  const terraform = options.source === undefined ? null : await terraformFiles(options.source);
  const sources = await readSources(paths, io);
  const given = sources.given.map((one) => ({ ...one, source: withFiles(one.source, terraform) }));
  const files = checkProject(given, request).map((one) => ({ ...one, ...joined(one.checked) }));
  const problems = [...sources.problems, ...files.flatMap((file) => file.problems.map(({ message }) => message))];
  if (problems.length === 0) refuseUndeclared(Object.keys(request.deployment.parameters), files);
  try {
    if (problems.length > 0 && files.every(({ checked }) => checked.length === 0)) return exitCode.badInput;
    const keys = files.flatMap((one) => one.keys);
    const trails = files.flatMap((one) => one.trails);
    const eventDataStores = files.flatMap((one) => one.eventDataStores);
    const exceptions = exceptionStates(request.exceptions, files, asOf);
    const about = reportAbout({ evaluatedAt: asOf, factsAt: asOf, parameters, coverage: null });
    const report = {
      ...about,
      trails,
      ...(keys.length > 0 && { keys }),
      ...(eventDataStores.length > 0 && { eventDataStores }),
      exceptions: exceptions.map(reported),
    };
    const printed = await printReport(report, options, io);
    if (!options.quiet) {
      for (const note of notesOn(files, sources)) warn(io, note);
      for (const one of exceptions) tellException(one, io);
    }
    return problems.length > 0 ? exitCode.badInput : verdictCode(printed);
  } finally {
    for (const problem of problems) warn(io, problem);
  }
}

type Checked = CheckedSource & Pick<CheckedFile, 'file' | 'problems'>;

/** Of files that nobody names one by one it is enough to say how many hold no trail. */
function notesOn(files: readonly Checked[], { named, notes }: Pick<ReadSources, 'named' | 'notes'>): readonly string[] {
  const isEmpty = ({ trails, eventDataStores, problems }: Checked): boolean =>
    trails.length + eventDataStores.length === 0 && problems.length === 0;
  const empty = files.filter(isEmpty);
  const found = empty.filter(({ file }) => !named.has(file));
  return [
    ...files.flatMap((one) => {
      return [...(isEmpty(one) && named.has(one.file) ? ['holds no trail'] : []), ...one.notes].map(
        (note) => `\`${one.file}\`: ${note}`,
      );
    }),
    ...(found.length === 0 ? [] : [`${found.length} of ${files.length} templates and plans hold no trail`]),
    ...notes,
  ];
}

/** A parameter that no file declares is a misspelt one; a path is the name of an SSM parameter, which a file may put together. */
function refuseUndeclared(given: readonly string[], checked: readonly Checked[]): void {
  const declared = new Set(checked.flatMap(({ declaredParameters }) => declaredParameters));
  const unknown = given.find((name) => !name.startsWith('/') && !declared.has(name));
  if (unknown === undefined) return;
  const accepted = declared.size === 0 ? 'none' : [...declared].map((name) => `\`${name}\``).join(', ');
  throw new BadInput(
    `\`--template-parameters\` names \`${unknown}\`, which no file declares, accepted are ${accepted}`,
  );
}
