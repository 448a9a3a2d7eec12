import fc from 'fast-check';
import { InvalidExceptionsError } from '../../../src/rule/errors.ts';
import { parseExceptions } from '../../../src/rule/exceptions/exceptions.ts';
import file from '../../cases/rule/exceptions.json';
import { runs } from '../../runs.ts';

interface Case {
  readonly name: string;
  /** The document, or its text where it is no good JSON. */
  readonly document: unknown;
  readonly error?: string;
}

const rows = file.cases as readonly Case[];
const now = new Date(file.now);
const asText = (document: unknown) => (typeof document === 'string' ? document : JSON.stringify(document));

describe('parseExceptions', () => {
  test.each(rows.filter(({ error }) => error === undefined))('$name', ({ document }) => {
    const { exceptions } = document as { readonly exceptions: readonly object[] };
    const parsed = parseExceptions(asText(document), now).map(({ exception }) => exception);
    expect(parsed).toEqual(exceptions.map((entry) => ({ checks: null, ticket: null, ...entry })));
  });

  test.each(rows.filter(({ error }) => error !== undefined))('refuses: $name', ({ document, error }) => {
    let thrown: unknown;
    try {
      parseExceptions(asText(document), now);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(InvalidExceptionsError);
    expect((thrown as Error).message).toBe(error);
  });

  test('never throws anything but its own error', () => {
    const entry = fc.dictionary(
      fc.constantFrom('trailArn', 'checks', 'owner', 'reason', 'ticket', 'expires'),
      fc.oneof(fc.jsonValue(), fc.constantFrom('*', '2027-01-01', '+275760-09-14', '9999-99-99')),
    );
    const document = fc
      .record({ version: fc.constant(1), exceptions: fc.array(entry) })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), document), (text) => {
        try {
          parseExceptions(text, now);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidExceptionsError);
        }
      }),
      { numRuns: runs(1_000) },
    );
  });
});
