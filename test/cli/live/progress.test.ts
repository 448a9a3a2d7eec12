import { PassThrough, Readable } from 'node:stream';
import { progressOn } from '../../../src/cli/live/progress.ts';
import { Output } from '../../../src/cli/output.ts';

function shown(terminal: boolean, quiet: boolean): string {
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal, columns: 20 });
  const io = {
    stdin: Readable.from([]),
    stdout: new Output(new PassThrough()),
    stderr: new Output(stderr),
    env: {},
    now: () => new Date(0),
  };
  const progress = progressOn(io, quiet);
  progress.update('read 1 of 2 trails, and a great deal more');
  progress.problem('account 1 could not be read');
  progress.done('read 2 trails');
  progress.end();
  return String(stderr.read() ?? '');
}

test.each<[string, boolean, boolean, string]>([
  [
    'on a terminal one line is written over, and no wider than it',
    true,
    false,
    '\r\u001b[Kread 1 of 2 trails,\r\u001b[Kcloudtrail-kms: account 1 could not be read\n\r\u001b[Kread 2 trails\r\u001b[K',
  ],
  ['elsewhere plain lines', false, false, 'cloudtrail-kms: account 1 could not be read\nread 2 trails\n'],
  ['quiet: problems alone', true, true, 'cloudtrail-kms: account 1 could not be read\n'],
  ['quiet, and no terminal', false, true, 'cloudtrail-kms: account 1 could not be read\n'],
])('%s', (_, terminal, quiet, text) => {
  expect(shown(terminal, quiet)).toBe(text);
});
