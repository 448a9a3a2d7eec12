import { InvalidExceptionsError } from '../../rule/errors.ts';
import { type Exceptions, NO_EXCEPTIONS, parseExceptions } from '../../rule/exceptions/exceptions.ts';
import { BadInput } from '../errors.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';

/** Reads the value of `--exceptions`; throws `BadInput` that names the file. */
export async function readExceptions(file: string | undefined, io: Io, now: Date): Promise<Exceptions> {
  if (file === undefined) return NO_EXCEPTIONS;
  const document = await readInput(io, file);
  try {
    return parseExceptions(document, now);
  } catch (error) {
    if (!(error instanceof InvalidExceptionsError)) throw error;
    throw new BadInput(`exceptions \`${file}\`: ${error.message}`, { cause: error });
  }
}
