import fc from 'fast-check';
import { InvalidParameterError } from '../../src/rule/errors.ts';
import { checkOptions, parseParameters } from '../../src/rule/parameters.ts';
import { PARAMETER_NAMES } from '../../src/rule/parameterTable.ts';
import cases from '../cases/rule/parameters.json';
import { runs } from '../runs.ts';

interface Case {
  readonly name: string;
  readonly given: unknown;
  /** The members that matter; all of them in the first case. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The start of the message. */
  readonly error?: string;
}

const rows = cases as readonly Case[];

describe('parseParameters', () => {
  test.each(rows.filter(({ parameters }) => parameters !== undefined))('$name', ({ given, parameters }) => {
    expect(parseParameters(given)).toMatchObject(parameters ?? {});
  });

  test('has exactly the parameters of the contract', () => {
    expect([...PARAMETER_NAMES].sort()).toEqual(Object.keys(rows[0]?.parameters ?? {}).sort());
    expect(parseParameters({})).toEqual(rows[0]?.parameters);
  });

  test.each(rows.filter(({ error }) => error !== undefined))('refuses: $name', ({ given, error }) => {
    let message = '';
    try {
      parseParameters(given);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(InvalidParameterError);
      message = (thrown as Error).message;
    }
    expect(message.slice(0, error?.length)).toBe(error);
  });

  test('never throws anything but its own error, in one line', () => {
    const given = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...PARAMETER_NAMES), fc.oneof(fc.string(), fc.jsonValue())),
    );
    fc.assert(
      fc.property(given, (input) => {
        try {
          parseParameters(input);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidParameterError);
          expect((error as Error).message).not.toMatch(/[\n\r]/);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});

test('checkOptions hands on what the checks need', () => {
  const parameters = parseParameters({
    allowedKmsKeys: 'arn:aws:kms:us-east-1:111122223333:key/*',
    trustedAccounts: '444455556666',
    requireKeyRotation: 'true',
  });
  expect(checkOptions(parameters)).toEqual({
    allowedKmsKeys: ['arn:aws:kms:us-east-1:111122223333:key/*'],
    trustedAccounts: ['444455556666'],
    trustedOrganizations: null,
    requireKeyRotation: true,
    requiredReaders: [],
    deliveryEvidenceHours: 6,
    deliveryWindowHours: 24,
  });
});
