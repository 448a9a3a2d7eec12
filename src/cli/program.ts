import { Command, CommanderError, Help } from 'commander';
import { InvalidInputError } from '../rule/errors.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { registerCheck } from './commands/check.ts';
import { registerCollect } from './commands/collect.ts';
import { registerCompare } from './commands/compare.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerExplain } from './commands/explain.ts';
import { registerRepair } from './commands/repair.ts';
import { registerScan } from './commands/scan.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerVerify } from './commands/verify.ts';
import { addConfigOption, applyConfig, readConfig } from './configFile.ts';
import { BadInput } from './errors.ts';
import { exitCode } from './exitCode.ts';
import { type Io, messageOf, warn } from './io.ts';
import { version } from './version.ts';

/** Every command, in the order in which the help lists them. */
const commands: readonly RegisterCommand[] = [
  registerScan,
  registerCollect,
  registerEvaluate,
  registerExplain,
  registerRepair,
  registerCompare,
  registerSimulate,
  registerCheck,
  registerDoctor,
  registerVerify,
];

/** Runs one command line (without node and script) and resolves to its exit code; never rejects. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let code: number = exitCode.compliant;
  const program = commandLine(io, (result) => {
    code = result;
  });
  try {
    const config = await readConfig(args, io);
    if (config !== null)
      program.hook('preSubcommand', (_, command) => applyConfig(command, config, args, program.commands, io));
    await program.parseAsync(refusable(args, program), { from: 'user' });
    return code;
  } catch (error) {
    return report(error, io);
  }
}

/** Commander answers `help` of a command that is none with the whole help; the command itself it refuses by its name. */
function refusable(args: readonly string[], program: Command): readonly string[] {
  const [first, named] = args;
  if (first !== 'help' || named === undefined) return args;
  return program.commands.some((command) => command.name() === named) ? args : args.slice(1);
}

/** The program with every command. */
export function commandLine(io: Io, finish: CommandContext['finish']): Command {
  const program = newProgram(io);
  for (const register of commands) register(program, { io, finish });
  program.commands.forEach(addConfigOption);
  return program;
}

function newProgram(io: Io): Command {
  return (
    new Command('cloudtrail-kms')
      .description('Shows whether CloudTrail logs are encrypted with a KMS key that works and keeps everyone else out.')
      .version(version)
      // Commander's own messages come as errors, and are printed in one place.
      .exitOverride()
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        outputError: () => undefined,
      })
      .configureHelp({ optionDescription: (option) => describe.optionDescription(option).replace(NOT_SET, '') })
      .addHelpText('after', EXIT_CODES)
  );
}

const describe = new Help();
/** That a switch is off unless it is given goes without saying. */
const NOT_SET = ' (default: false)';

const EXIT_CODES = `
Exit codes:
  0  every trail is compliant
  1  a trail is NON_COMPLIANT
  2  bad usage or bad input
  3  could not finish: something could not be read or written`;

function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.compliant;
    // Without a command the help has been printed; every other error is a sentence, at times with a suggestion below.
    if (error.code !== 'commander.help') warn(io, error.message.replace(/^error: /, ''));
    return exitCode.badInput;
  }
  warn(io, messageOf(error));
  return error instanceof BadInput || error instanceof InvalidInputError ? exitCode.badInput : exitCode.couldNotFinish;
}
