import { CouldNotFinish } from './errors.ts';

/** How trails are told of that one JSON text cannot hold. */
export const IN_LINES =
  'a snapshot may be JSON lines instead, which `collect --format jsonl` writes and `evaluate --snapshot FILE.jsonl` reads';

/** Whether a text would be longer than the language can hold, about 512 MB. */
export function isTooLong(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  const isLength = error instanceof RangeError && error.message === 'Invalid string length';
  return isLength || code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE';
}

/** The JSON text of what was read. Throws `CouldNotFinish` where it would be too long. */
export function jsonText(document: unknown, indent?: number): string {
  try {
    return JSON.stringify(document, null, indent);
  } catch (error) {
    if (!isTooLong(error)) throw error;
    throw new CouldNotFinish(`what was read is longer than one JSON text can be: ${IN_LINES}`, { cause: error });
  }
}
