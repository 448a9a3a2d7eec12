import { InvalidInputError } from '../rule/errors.ts';
import { TOO_DEEP } from '../rule/jsonText.ts';

/** A file is no template or plan that can be understood; the message names the file. */
export class InvalidSourceError extends InvalidInputError {
  override readonly name = 'InvalidSourceError';
}

/** What an error says of a file; values are resolved by recursion. Throws whatever is no fault of the file. */
export function invalidSource(error: unknown, file: string): InvalidSourceError {
  if (error instanceof InvalidSourceError) return error;
  if (error instanceof RangeError) return new InvalidSourceError(file, TOO_DEEP);
  throw error;
}
