import type { Command } from 'commander';
import type { CheckedSource } from '../../iac/checkSource.ts';
import { checkSource } from '../../iac/project/checkProject.ts';
import { readSource } from '../../iac/source/readSource.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { type GivenDeployment, readDeployment } from '../check/deployment.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { readInput } from '../files.ts';
import { type Io, warn } from '../io.ts';
import { addReportOptions, type ReportOptions } from '../options.ts';
import { printReport, verdictCode } from '../printReport.ts';

interface CheckOptions extends ReportOptions, GivenDeployment {
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
What a file does not settle is \`unknown\` and names the reference; it does not fail the check unless
--parameters '{"whenUndecided":"NON_COMPLIANT"}' says so.

Examples:
  cloudtrail-kms check template.yaml
  cloudtrail-kms check cdk.out/*.template.json --account-id 111122223333 --region eu-west-1
  cloudtrail-kms check template.yaml --template-parameters TrailName=main --template-parameters Stage=prod
  terraform show -json plan.out > plan.json && cloudtrail-kms check plan.json --format sarif --output check.sarif`;

/** `check`: evaluates trails and keys of templates and plans before they are deployed. */
export function registerCheck(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('check')
    .description('check CloudFormation templates and Terraform plans (`terraform show -json`) before deployment')
    .argument('<file...>', 'templates in YAML or JSON, plans in JSON; `-` reads standard input')
    .option('--account-id <id>', 'the account to deploy to (`AWS::AccountId`)')
    .option('--region <region>', 'the Region to deploy to (`AWS::Region`)')
    .option(
      '--template-parameters <parameters>',
      'parameters of the templates: `Name=value`, JSON, or a file of JSON; may be repeated',
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document');
  addReportOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: CheckOptions) => finish(await check(files, options, io)));
}

async function check(files: readonly string[], options: CheckOptions, io: Io): Promise<number> {
  const given = readParameters(options.parameters, options.minimumSeverity);
  const parameters = parseParameters({ whenUndecided: 'COMPLIANT', ...given });
  const asOf = io.now();
  const request = {
    parameters,
    exceptions: await readExceptions(options.exceptions, io, asOf),
    deployment: await readDeployment(options, io),
    asOf,
  };
  const checked: (CheckedSource & { readonly file: string })[] = [];
  for (const file of new Set(files)) {
    checked.push({ file, ...checkSource(readSource(await readInput(io, file), file), request) });
  }
  refuseUndeclared(Object.keys(request.deployment.parameters), checked);
  const keys = checked.flatMap((one) => one.keys);
  const trails = checked.flatMap((one) => one.trails);
  const summary = await printReport({ trails, ...(keys.length === 0 ? {} : { keys }) }, options, io);
  if (!options.quiet) for (const one of checked) for (const note of notesOn(one)) warn(io, `\`${one.file}\`: ${note}`);
  return verdictCode(summary, keys);
}

const notesOn = ({ trails, notes }: CheckedSource): readonly string[] =>
  trails.length === 0 ? ['holds no trail', ...notes] : notes;

/** A parameter that no file declares is a misspelt one. */
function refuseUndeclared(given: readonly string[], checked: readonly CheckedSource[]): void {
  const declared = new Set(checked.flatMap(({ declaredParameters }) => declaredParameters));
  const unknown = given.find((name) => !declared.has(name));
  if (unknown === undefined) return;
  const accepted = declared.size === 0 ? 'none' : [...declared].map((name) => `\`${name}\``).join(', ');
  throw new BadInput(
    `\`--template-parameters\` names \`${unknown}\`, which no file declares, accepted are ${accepted}`,
  );
}
