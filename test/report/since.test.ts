import { redacted } from '../../src/cli/redact/redact.ts';
import { cli } from '../cli/support.ts';

const SNAPSHOT = require('../../events/snapshots/compliant.json');

const [TRAIL] = SNAPSHOT.trails;
const [KEY] = SNAPSHOT.keys;
const ADMIN = 'arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com';

const written = (EventId: string, EventTime: string, policy: unknown) => ({
  EventId,
  EventName: 'PutKeyPolicy',
  EventTime,
  Username: 'alice@example.com',
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    eventName: 'PutKeyPolicy',
    userIdentity: { arn: ADMIN },
    requestParameters: { policy: JSON.stringify(policy) },
    resources: [{ ARN: KEY.KeyMetadata.Arn }],
  }),
});

const REFUSING = { Version: '2012-10-17', Statement: [] };
const BROKEN = written('bad', '2026-11-19T09:00:00Z', REFUSING);
const snapshot = (...events: readonly object[]) => ({
  ...SNAPSHOT,
  trails: [{ ...TRAIL, Status: { IsLogging: true }, ChangeEvents: [] }],
  keys: [{ ...KEY, Policy: REFUSING, ChangeEvents: events }],
});
const BY_CAUSE = snapshot(BROKEN, written('good', '2026-11-18T09:00:00Z', KEY.Policy));

const reported = async (format: string, document: object = BY_CAUSE) =>
  (await cli(['evaluate', '--snapshot', '-', '--format', format], { stdin: JSON.stringify(document) })).stdout;

const since = async (document: object) => {
  const { findings } = JSON.parse(await reported('json', document)).trails[0];
  return findings.find(({ check }: { check: string }) => check === 'cloudtrail-can-encrypt').since;
};

test('JSON holds the change as data', async () => {
  const change = { time: '2026-11-19T09:00:00.000Z', eventId: 'bad', eventName: 'PutKeyPolicy', by: ADMIN };
  expect(await since(BY_CAUSE)).toEqual({ ...change, isCause: true });
  expect(await since(snapshot(BROKEN))).toEqual({ ...change, isCause: false });
  expect(await since(snapshot())).toBeNull();
});

test('text says it under the message', async () => {
  const flat = async (document: object) => (await reported('text', document)).replace(/\s+/g, ' ');
  const change = `PutKeyPolicy by ${ADMIN} (event bad)`;
  expect(await flat(BY_CAUSE)).toContain(`since 2026-11-19T09:00:00.000Z: ${change} broke it`);
  expect(await flat(snapshot(BROKEN))).toContain(
    `at the latest since 2026-11-19T09:00:00.000Z: ${change}; what was before is not known`,
  );
  expect(await flat(snapshot())).not.toContain('since');
});

test('CSV has columns for it', async () => {
  const [head, ...lines] = (await reported('csv')).split('\r\n');
  expect(head).toMatch(/,since,sinceEvent,sinceBy$/);
  const line = lines.find((one) => one.includes(',cloudtrail-can-encrypt,fail,'));
  expect(line).toMatch(new RegExp(`,2026-11-19T09:00:00.000Z,PutKeyPolicy bad,${ADMIN}$`));
  expect(lines.find((one) => one.includes(',trail-logging,pass,'))).toMatch(/,,,$/);
});

test('HTML shows the line of time, each change once with its checks', async () => {
  const page = await reported('html');
  expect(page.match(/<ol class="times">/g)).toHaveLength(1);
  expect(page).toMatch(
    /<time datetime="2026-11-19T09:00:00.000Z">[^<]*<\/time> <b>PutKeyPolicy<\/b> by <bdi>[^<]*alice/,
  );
  expect(page).toMatch(/event bad, broke [a-z-, ]*cloudtrail-can-encrypt/);
  expect(await reported('html', snapshot())).not.toContain('<ol class="times">');
});

test('a redacted snapshot tells the same, and names nobody', async () => {
  const document = redacted(BY_CAUSE) as object;
  expect(await since(document)).toMatchObject({ eventName: 'PutKeyPolicy', isCause: true });
  expect(JSON.stringify(document)).not.toMatch(/alice|111122223333/);
});
