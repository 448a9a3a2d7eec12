import { readFile } from 'node:fs/promises';
import type { Command, Option } from 'commander';
import { parse } from 'yaml';
import { BadInput } from './errors.ts';
import { readInput } from './files.ts';
import { type Io, messageOf, warn } from './io.ts';

/** Read where it lies in the working directory. */
const CONFIG_FILE = 'cloudtrail-kms.yaml';

/** Consent is given by a person, each time. */
export const NEVER_IN_A_FILE: ReadonlySet<string> = new Set(['apply', 'yes', 'config', 'help']);
/** Given once for each value. */
const REPEATED: ReadonlySet<string> = new Set(['report', 'policy', 'template-parameters']);
/** Of which the command line gives one in place of the other. */
const EXCLUSIVE = [
  ['regions', 'all-regions'],
  ['accounts', 'organization'],
] as const;

type Values = Readonly<Record<string, unknown>>;

/** Options as a file gives them, by their names without dashes; below a command's name those of that command alone. */
export interface Config {
  readonly file: string;
  readonly values: Values;
}

/** Adds the option that every command has. */
export const addConfigOption = (command: Command): Command =>
  command.option('--config <file>', `options in YAML or JSON; left out, \`${CONFIG_FILE}\` of the working directory`);

/**
 * The file that `--config` names, or else the one of the working directory; `null` where there is none.
 *
 * @throws BadInput naming the file
 */
export async function readConfig(args: readonly string[], io: Io): Promise<Config | null> {
  const named = valueGiven('--config', args);
  const file = named ?? CONFIG_FILE;
  const text = named === null ? await readFile(file, 'utf8').catch(() => null) : await readInput(io, named);
  if (text === null) return null;
  const values = parsed(text, file);
  if (!isMap(values))
    throw new BadInput(`\`${file}\` holds no options, accepted is a map such as \`minimum-severity: HIGH\``);
  return { file, values };
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new BadInput(`\`${file}\` is no YAML: ${messageOf(error).split('\n')[0]}`, { cause: error });
  }
}

/**
 * Gives a command the options of a file that the command line does not give.
 *
 * @param commands every command: an option that only another one has is passed over
 * @throws BadInput naming the file, the option and what is accepted
 */
export function applyConfig(
  command: Command,
  { file, values }: Config,
  args: readonly string[],
  commands: readonly Command[],
  io: Io,
): void {
  const names = new Set(commands.map((one) => one.name()));
  const own = values[command.name()];
  if (own !== undefined && !isMap(own)) throw new BadInput(`\`${file}\`: \`${command.name()}\` is no map of options`);
  const general = Object.entries(values).filter(([name]) => !names.has(name));
  const given = new Map([...general, ...Object.entries(own ?? {})]);
  const taken: string[] = [];
  for (const [name, value] of given) {
    const accepted = commands.flatMap((one) => one.options.map(nameOf)).filter((one) => !NEVER_IN_A_FILE.has(one));
    if (!accepted.includes(name))
      throw new BadInput(`\`${file}\` holds \`${name}\`, accepted are ${[...new Set(accepted)].sort().join(', ')}`);
    const option = command.options.find((one) => nameOf(one) === name);
    if (option === undefined || value === null || isReplaced(name, args)) continue;
    command.setOptionValueWithSource(option.attributeName(), valueFor(option, value, file), 'config');
    taken.push(name);
  }
  if (taken.length > 0 && !isQuiet(command, args)) warn(io, `options of \`${file}\`: ${taken.join(', ')}`);
}

const isQuiet = (command: Command, args: readonly string[]): boolean =>
  args.includes('--quiet') || command.getOptionValue('quiet') === true;

/** `no-color` is `color`, the option's own attribute. */
export const nameOf = (option: Option): string => option.name().replace(/^no-/, '');

const isReplaced = (name: string, args: readonly string[]): boolean =>
  EXCLUSIVE.some((group) => group.some((one) => one === name) && group.some((one) => isGiven(`--${one}`, args)));

const isGiven = (flag: string, args: readonly string[]): boolean =>
  args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));

function valueFor(option: Option, value: unknown, file: string): unknown {
  const name = nameOf(option);
  if (!option.required && !option.optional) {
    if (typeof value === 'boolean') return value;
    throw new BadInput(`\`${file}\`: \`${name}\` is \`${JSON.stringify(value)}\`, accepted is true or false`);
  }
  const items = Array.isArray(value) && REPEATED.has(name) ? value : [value];
  try {
    return items.reduce<unknown>(
      (all, item) => (option.parseArg === undefined ? asText(item) : option.parseArg(asText(item), all as never)),
      option.defaultValue,
    );
  } catch (error) {
    throw new BadInput(`\`${file}\`: \`${name}\` is \`${JSON.stringify(value)}\`. ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A list as the command line writes it, with commas; a map as JSON. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(',');
  return isMap(value) ? JSON.stringify(value) : String(value);
}

function valueGiven(flag: string, args: readonly string[]): string | null {
  const index = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const given = args[index];
  if (given === undefined) return null;
  return given === flag ? (args[index + 1] ?? null) : given.slice(flag.length + 1);
}

const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
