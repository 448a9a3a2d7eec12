import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Severity } from '../trail/finding.ts';
import { SEVERITIES } from '../trail/severity.ts';
import { FORMATS, type Format } from './formats.ts';

/** What every command that prints a report takes. */
export interface ReportOptions {
  readonly format: Format;
  readonly output?: string;
  readonly minimumSeverity?: Severity;
  readonly quiet: boolean;
  readonly color: boolean;
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

/** For commands that read trails from where they have to be. */
export interface EmptyOptions {
  readonly allowEmpty: boolean;
}

export const addEmptyOption = (command: Command): Command =>
  command.option('--allow-empty', 'exit with 0 also where no trail was seen at all', false);

function severity(text: string): Severity {
  const found = SEVERITIES.find((known) => known === text.toUpperCase());
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${SEVERITIES.join(', ')}.`);
  return found;
}
