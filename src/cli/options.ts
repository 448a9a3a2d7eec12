import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Standing } from '../rule/evaluate/evaluation.ts';
import type { Severity } from '../trail/finding.ts';
import { FRAMEWORKS, type Framework, frameworkNamed } from '../trail/frameworks.ts';
import { SEVERITIES } from '../trail/severity.ts';
import { BadInput } from './errors.ts';
import { BY_FRAMEWORK, FORMATS, type Format } from './formats.ts';

/** What every command that prints a report takes. */
export interface ReportOptions {
  readonly format: Format;
  readonly output?: string;
  readonly minimumSeverity?: Severity;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** What makes a command exit with 1: standings, or `null` for whatever AWS Config would be told is NON_COMPLIANT. */
type FailOn = readonly Standing[] | null;

/** What every command whose exit code speaks of trails takes. */
export interface FailOptions {
  readonly failOn: FailOn;
  /** What the baseline had does not count. */
  readonly newOnly?: boolean;
}

/** What every command that writes the report of trails takes. */
export interface TrailReportOptions extends ReportOptions, FailOptions {
  /** Further files. */
  readonly report: readonly ReportFile[];
  readonly baseline?: string;
  readonly newOnly: boolean;
  readonly framework?: Framework;
}

interface ReportFile {
  readonly format: Format;
  readonly file: string;
}

/** Adds the options that every command which prints a report has in common. */
export function addReportOptions(command: Command, formats: readonly string[] = Object.keys(FORMATS)): Command {
  return command
    .addOption(new Option('--format <format>', 'how the report is written').choices(formats).default('text'))
    .option('--output <file>', 'write the report to a file, as a whole or not at all')
    .addOption(
      new Option(
        '--minimum-severity <severity>',
        `least severity of a failed check that makes a trail NON_COMPLIANT: ${SEVERITIES.join(', ')}`,
      ).argParser(severity),
    )
    .option('--quiet', 'print only what is NON_COMPLIANT, and no notes', false)
    .option('--no-color', 'no colours, also where standard output is a terminal');
}

/** Adds the option that says what is a failure. */
export const addFailOn = (command: Command): Command =>
  command.addOption(
    new Option(
      '--fail-on <list>',
      `standings that make the exit code 1, separated by commas: ${FAIL_ON.join(', ')}; or never`,
    )
      .argParser(failOn)
      .default(null, 'whatever is NON_COMPLIANT, which an undecided trail is unless whenUndecided is COMPLIANT'),
  );

/** Adds all that a command which writes the report of trails takes. */
export const addTrailReportOptions = (command: Command): Command =>
  addFailOn(
    addReportOptions(command)
      .addOption(
        new Option(
          '--report <format=file>',
          'also write the report to a file in this format; may be given several times',
        )
          .argParser((text: string, all: readonly ReportFile[]) => [...all, reportFile(text)])
          .default([], 'none'),
      )
      .option(
        '--baseline <file>',
        'an earlier report in JSON or JSON lines: say what is new, fixed, gone and unchanged since',
      )
      .option('--new-only', 'what the baseline had does not count for the exit code', false)
      .addOption(
        new Option('--framework <name>', 'a view by the controls of a framework, in csv and html').argParser(framework),
      )
      .hook('preAction', (command) => refuseFrameworkOf(command.opts())),
  );

function framework(text: string): Framework {
  const found = frameworkNamed(text);
  if (found === null) {
    const keys = FRAMEWORKS.map(({ key }) => key).join(', ');
    throw new InvalidArgumentError(`Allowed is one of, or the beginning of one alone of, ${keys}.`);
  }
  return found;
}

/** Said before anything is read. */
function refuseFrameworkOf({ format, report, framework }: TrailReportOptions): void {
  const formats = [format, ...report.map((one) => one.format)];
  if (framework === undefined || formats.some((one) => BY_FRAMEWORK.includes(one))) return;
  throw new BadInput(`\`--framework\` goes with \`--format\` or \`--report\` of ${BY_FRAMEWORK.join(' or ')}`);
}

/** For commands that read trails from where they have to be. */
export interface EmptyOptions {
  readonly allowEmpty: boolean;
}

export const addEmptyOption = (command: Command): Command =>
  command.option('--allow-empty', 'exit with 0 also where no trail was seen at all', false);

function reportFile(text: string): ReportFile {
  const formats = Object.keys(FORMATS);
  const [, format = '', file = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  if (!formats.includes(format))
    throw new InvalidArgumentError(`Allowed is FORMAT=FILE with one of ${formats.join(', ')}.`);
  // INVARIANT: each of them is one.
  return { format: format as Format, file };
}

const FAIL_ON = ['non-compliant', 'undecided'] as const;

function failOn(text: string): FailOn {
  const names = text.split(',').map((name) => name.trim());
  if (names.length === 1 && names[0] === 'never') return [];
  return names.map((name) => {
    const found = FAIL_ON.find((known) => known === name);
    if (found === undefined)
      throw new InvalidArgumentError(`Allowed are ${FAIL_ON.join(', ')}, separated by commas, or never.`);
    return found;
  });
}

function severity(text: string): Severity {
  const found = SEVERITIES.find((known) => known === text.toUpperCase());
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${SEVERITIES.join(', ')}.`);
  return found;
}
