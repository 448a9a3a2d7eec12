import fc from 'fast-check';
import { InvalidInvocationError } from '../../../src/rule/errors.ts';
import { parseInvocation } from '../../../src/rule/event/parseInvocation.ts';
import cases from '../../cases/rule/invocations.json';
import { runs } from '../../runs.ts';

interface Case {
  readonly name: string;
  /** `invokingEvent` and `ruleParameters` are objects where the real event holds their JSON text. */
  readonly event: unknown;
  readonly invocation?: unknown;
  readonly error?: string;
}

const rows = cases as readonly Case[];

/** The event as AWS Config sends it. */
function asSent(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event;
  const nested = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      ['invokingEvent', 'ruleParameters'].includes(name) ? nested(value) : value,
    ]),
  );
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('parseInvocation', () => {
  test.each(rows.filter(({ invocation }) => invocation !== undefined))('$name', ({ event, invocation }) => {
    expect(asJson(parseInvocation(asSent(event)))).toEqual(invocation);
  });

  test.each(rows.filter(({ error }) => error !== undefined))('refuses: $name', ({ event, error }) => {
    const thrown = thrownBy(() => parseInvocation(asSent(event)));
    expect(thrown).toBeInstanceOf(InvalidInvocationError);
    expect((thrown as Error).message).toBe(error);
  });

  test('names every case once', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  const secret = 'eyJhbGciOiJsecret';
  test.each([
    ['a list', { resultToken: [secret] }, '`resultToken` is no text, accepted is a non-empty string'],
    ['an object', { resultToken: { token: secret } }, '`resultToken` is no text, accepted is a non-empty string'],
    ['null', { resultToken: null }, '`resultToken` is missing'],
    ['an event as text', JSON.stringify({ resultToken: secret }), '`event` is text, accepted is a JSON object'],
    ['an event in a list', [{ resultToken: secret }], '`event` is a list, accepted is a JSON object'],
  ])('never says the result token: %s', (_, input, message) => {
    const event = typeof input === 'string' || Array.isArray(input) ? input : { invokingEvent: '{}', ...input };
    expect(thrownBy(() => parseInvocation(event))).toMatchObject({ message });
  });

  test('never throws anything but its own error, in one line, whatever the event', () => {
    const message = fc.record(
      {
        messageType: fc.constantFrom(
          'ConfigurationItemChangeNotification',
          'OversizedConfigurationItemChangeNotification',
          'ScheduledNotification',
          'x\ny',
        ),
        configurationItem: fc.jsonValue(),
        configurationItemSummary: fc.jsonValue(),
        notificationCreationTime: fc.oneof(fc.jsonValue(), fc.constant('2026-11-20T10:00:00Z')),
      },
      { requiredKeys: [] },
    );
    const event = fc.record(
      {
        invokingEvent: fc.oneof(
          fc.json(),
          message.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        ruleParameters: fc.oneof(fc.json(), fc.string()),
        resultToken: fc.string(),
        eventLeftScope: fc.jsonValue(),
        accountId: fc.constantFrom('111122223333', 5, null),
        configRuleArn: fc.oneof(fc.string(), fc.constant('arn:aws:config:us-east-1:111122223333:config-rule/x')),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), event), (input) => {
        try {
          parseInvocation(input);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInvocationError);
          expect((error as Error).message).not.toMatch(/[\n\r]/);
          expect((error as Error).message.length).toBeLessThan(500);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('a value nested deeper than the stack goes is refused like any other', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(() => parseInvocation({ resultToken: 'token', invokingEvent: `{"messageType":${deep}}` })).toThrow(
      '`invokingEvent` is nested too deeply, accepted are at most 1100 levels',
    );
  });

  test('one broken member of a good event throws its own error or is tolerated', () => {
    const good = asSent(rows[0]?.event) as Readonly<Record<string, string>>;
    const message = JSON.parse(good.invokingEvent ?? '') as { readonly configurationItem: object };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(message.configurationItem)), fc.jsonValue(), (member, value) => {
        const item = { ...message.configurationItem, [member]: value };
        try {
          parseInvocation({ ...good, invokingEvent: JSON.stringify({ ...message, configurationItem: item }) });
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInvocationError);
          expect((error as InvalidInvocationError).member).toMatch(/^invokingEvent\.configurationItem\./);
        }
      }),
      { numRuns: runs(1_000) },
    );
  });
});
