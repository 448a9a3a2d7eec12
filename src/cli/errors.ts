/** Bad usage or bad input: the message names the input and what is accepted. Exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Something outside could not be read or written. Exit code 3. */
export class CouldNotFinish extends Error {
  override readonly name = 'CouldNotFinish';
}
