/**
 * The reports of forty trails in every format, as they were when somebody last looked at them. After a change that is meant,
 * `npx jest test/report/golden -u` makes them anew: read the difference before it is committed.
 *
 * Of long ones stand the digest and all lines of three trails, cut off: what has changed elsewhere only shows in the digest.
 */
import { createHash } from 'node:crypto';
import { BY_FRAMEWORK, FORMATS } from '../../src/cli/formats.ts';
import { version } from '../../src/cli/version.ts';
import { cli } from '../cli/support.ts';

const EVALUATE = ['evaluate', '--snapshot', 'test/cases/report/forty-trails.json'];
const TRAILS = /(100000104729|100000144324|100000128486):trail\/main/;
/** How a page looks and behaves is for the tests in a browser. */
const LOOKS = /<style>.*?<\/style>|<script>.*?<\/script>|<meta http-equiv=[^>]*>/gs;
const SHOWN = 240;
const LINES = 12;

async function reported(format: string, ...options: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli([...EVALUATE, '--format', format, ...options]);
  expect([code, stderr]).toEqual([1, '']);
  return stdout.replaceAll(version, 'VERSION').replace(LOOKS, '');
}

function golden(text: string) {
  const lines = text.split('\n');
  const shown = lines.filter((line) => TRAILS.test(line)).slice(0, LINES);
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    lines: lines.length,
    of: shown.map((line) => line.slice(0, SHOWN)),
  };
}

test('text, as a whole', async () => {
  expect(await reported('text')).toMatchSnapshot();
});

test.each(Object.keys(FORMATS).filter((format) => format !== 'text'))('%s', async (format) => {
  expect(golden(await reported(format))).toMatchSnapshot();
});

test.each(BY_FRAMEWORK)('%s by a framework', async (format) => {
  expect(golden(await reported(format, '--framework', 'nist-800-53-r5'))).toMatchSnapshot();
});
