import { InvalidInputError } from '../rule/errors.ts';

/** A file is no template or plan that can be understood; the message names the file. */
export class InvalidSourceError extends InvalidInputError {
  override readonly name = 'InvalidSourceError';
}
