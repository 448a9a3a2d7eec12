import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../support.ts';

const SNAPSHOT = 'events/snapshots/several-trails.json';

test('a snapshot that is there already is redacted, and evaluated to the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redact-'));
  try {
    const output = join(folder, 'shown.json');
    const { code, stdout, stderr } = await cli(['collect', '--redact', '--from', SNAPSHOT, '--output', output]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(output, 'utf8')).not.toContain('111122223333');
    const summaries = [SNAPSHOT, output].map(async (file) => {
      const report = await cli(['evaluate', '--snapshot', file, '--format', 'json']);
      return JSON.parse(report.stdout).summary;
    });
    const [before, after] = await Promise.all(summaries);
    expect(after).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a trail that comes to something else is told, with exit code 3', async () => {
  const stdin = readFileSync('events/snapshots/compliant.json', 'utf8')
    .replaceAll(
      '"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"',
      '"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/ma*"',
    )
    .replaceAll('"StringEquals"', '"StringLike"');
  const { code, stderr } = await cli(['collect', '--redact', '--from', '-'], { stdin });
  expect(stderr).toMatch(
    /^cloudtrail-kms: trail `arn:\S+` is evaluated to something else in the redacted snapshot: a pattern holds a part of an id or a name that was replaced\n$/,
  );
  expect(code).toBe(3);
});

test.each([
  [['--from', SNAPSHOT], '`--from` is read to be redacted: it takes `--redact`'],
  [
    ['--redact', '--from', 'package.json'],
    'snapshot `package.json`: `version` is `"0.1.0"`, but only version 1 is understood',
  ],
])('%j is refused', async (args, sentence) => {
  const { code, stderr } = await cli(['collect', ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `cloudtrail-kms: ${sentence}\n` });
});
