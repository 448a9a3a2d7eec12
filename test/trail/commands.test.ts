import { keyPolicyCommands, kmsCommand, repairCommand, updateTrailCommand } from '../../src/trail/commands.ts';
import type { KeyFacts, TrailFacts } from '../../src/trail/facts.ts';
import * as repair from '../../src/trail/repair/commands.ts';
import { wordsOfEach } from '../support/shell.ts';

const HOSTILE: readonly (readonly [string, string])[] = [
  ['an ordinary name', 'main'],
  ['a substitution', '$(touch x)'],
  ['an old substitution', '`touch x`'],
  ['a second command', 'a; touch x'],
  ['a pipe', 'a | touch x'],
  ['one in the background', 'a & touch x &'],
  ['a redirection', 'a > x'],
  ['a single quote', "it's"],
  ['quotes that close', "'; touch x; '"],
  ['double quotes', '"; touch x; "'],
  ['a line of its own', 'a\ntouch x\n'],
  ['a carriage return', 'a\rtouch x'],
  ['a variable', `$HOME \${HOME}`],
  ['a backslash', 'a\\'],
  ['wildcards', '* ? [a]'],
  ['a brace', '{a,b}'],
  ['a home', '~'],
  ['a comment', '# a'],
  ['history', '!!'],
  ['spaces', ' a  b '],
  ['nothing', ''],
  ['letters of anywhere', 'tráil ☃'],
];

const AS_TEXT = ['--query', 'Policy', '--output', 'text'];
const arn = (name: string) => `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`;
const trailNamed = (name: string, homeRegion = 'us-east-1') => ({ arn: arn(name), homeRegion }) as TrailFacts;
const keyNamed = (reference: string) => ({ arn: null, reference }) as KeyFacts;

describe.each(['bash', 'sh'])('%s', (shell) => {
  test.each(HOSTILE)('%s is one word', (_, name) => {
    const [trail, key] = [trailNamed(name), keyNamed(`alias/${name}`)];
    const keyId = ['--region', 'us-east-1', '--key-id', `alias/${name}`];
    const lines: readonly (readonly [string, readonly string[]])[] = [
      [
        updateTrailCommand(trail, name),
        ['aws', 'cloudtrail', 'update-trail', '--region', 'us-east-1', '--name', arn(name), '--kms-key-id', name],
      ],
      [
        kmsCommand('revoke-grant', trail, key, '--grant-id', name),
        ['aws', 'kms', 'revoke-grant', ...keyId, '--grant-id', name],
      ],
      [
        kmsCommand('enable-key', trailNamed('main', name), key),
        ['aws', 'kms', 'enable-key', '--region', name, '--key-id', `alias/${name}`],
      ],
      [
        keyPolicyCommands(trail, key).write,
        ['aws', 'kms', 'put-key-policy', ...keyId, '--policy-name', 'default', '--policy', 'file://policy.json'],
      ],
      [
        // As far as the file that it is written to.
        keyPolicyCommands(trail, key).read.replace(/ > policy\.json$/, ''),
        ['aws', 'kms', 'get-key-policy', ...keyId, '--policy-name', 'default', ...AS_TEXT],
      ],
      [
        repairCommand(['--snapshot', name], trail.arn, '--key', name),
        ['cloudtrail-kms', 'repair', '--snapshot', name, '--trail', arn(name), '--key', name],
      ],
      [repair.words(name, name), [name, name]],
      [
        repair.setKeyCommand(trail, name),
        ['aws', 'cloudtrail', 'update-trail', '--region', 'us-east-1', '--name', arn(name), '--kms-key-id', name],
      ],
    ];
    expect(
      wordsOfEach(
        shell,
        lines.map(([line]) => line),
      ),
    ).toEqual(lines.map(([, expected]) => expected));
  });
});
