import type { Option } from 'commander';
import { NEVER_IN_A_FILE, nameOf } from '../../src/cli/configFile.ts';
import { processIo } from '../../src/cli/io.ts';
import { commandLine } from '../../src/cli/program.ts';

/** The JSON Schema of the configuration file: the options of every command. */
export function configurationSchema(): string {
  const { commands } = commandLine(processIo(), () => undefined);
  const optionsOf = (options: readonly Option[]) =>
    Object.fromEntries(
      options
        .filter((option) => !NEVER_IN_A_FILE.has(nameOf(option)))
        .map((option) => [nameOf(option), schemaOf(option)]),
    );
  const all = optionsOf(commands.flatMap(({ options }) => options));
  const own = commands.map((command) => [
    command.name(),
    {
      description: `for ${command.name()} alone`,
      type: 'object',
      properties: optionsOf(command.options),
      additionalProperties: false,
    },
  ]);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration file of cloudtrail-kms',
    description: 'Options by their names without dashes. The command line wins.',
    type: 'object',
    properties: { ...all, ...Object.fromEntries(own) },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaOf(option: Option): object {
  const { description, argChoices } = option;
  if (!option.required && !option.optional) return { description, type: 'boolean' };
  if (argChoices !== undefined) return { description, enum: argChoices };
  return { description, type: ['string', 'number', 'array', 'object'] };
}
