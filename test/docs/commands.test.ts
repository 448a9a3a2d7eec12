import { globSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { type LiveOptions, liveRequest } from '../../src/cli/live/request.ts';
import { Output } from '../../src/cli/output.ts';
import { commandLine } from '../../src/cli/program.ts';

const PAGES = globSync(['README.md', '*.md', 'docs/**/*.md', 'deploy/**/*.md', '.github/**/*.md']).filter(
  (page) => !page.startsWith('docs/decisions/') && page !== 'CHANGELOG.md',
);

const COMMAND = /^(npx (--yes )?cloudtrail-kms-rule|cloudtrail-kms|node dist\/cli\.js) /;
/** What pages leave to the reader, where not every text is accepted. */
const MEANT: Readonly<Record<string, string>> = { NAME: 'scan', HOME_REGION: 'eu-west-1', $REGION: 'eu-west-1' };
/** Names a command in a sentence. */
const NAMED_ALONE = /^cloudtrail-kms [a-z]+$/;

/** Every command line of a page, in blocks and within sentences, without what the shell does with it. */
function commandsOf(page: string): readonly string[] {
  const whole = readFileSync(page, 'utf8').replaceAll(/ \\\n\s*/g, ' ');
  const blocks = [...whole.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split(/\n|&&/));
  const inline = [...whole.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline]
    .map((line) => line.trim().replace(/\s*(#|\||>|2>).*$/, ''))
    .filter((line) => COMMAND.test(line) && !/--(help|version)$/.test(line) && !NAMED_ALONE.test(line));
}

const argumentsOf = (command: string): readonly string[] => {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return words.slice(words.findIndex((word) => /cloudtrail-kms|cli\.js/.test(word)) + 1);
};

/** Takes a command line apart as the program does, and carries nothing out. */
async function parse(args: readonly string[]): Promise<string> {
  const stream = new Output(new PassThrough().resume());
  const io = { stdin: new PassThrough(), stdout: stream, stderr: stream, env: {}, now: () => new Date(0) };
  const program = commandLine(io, () => undefined);
  let ran = '';
  for (const command of program.commands) {
    command.exitOverride();
    command.action(() => {
      ran = command.name();
      // Options that take one another: `--organization` a role, for one.
      if (command.options.some(({ long }) => long === '--organization')) liveRequest(command.opts<LiveOptions>());
    });
  }
  await program.parseAsync(args, { from: 'user' });
  return ran;
}

const COMMANDS = PAGES.flatMap((page) => [...new Set(commandsOf(page))].map((command) => [page, command] as const));

test('there are many, on many pages', () => {
  expect(COMMANDS.length).toBeGreaterThan(50);
  expect(new Set(COMMANDS.map(([page]) => page)).size).toBeGreaterThan(15);
});

test.each(COMMANDS)('%s: %s', async (_, command) => {
  const args = argumentsOf(command).map((word) => MEANT[word] ?? word);
  expect(await parse(args)).toBe(args[0]);
});
