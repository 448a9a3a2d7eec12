import { BadInput } from './errors.ts';

/** Parses JSON text, with or without a byte order mark; throws `BadInput` that names the file and the position. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
    throw new BadInput(`\`${file}\` is not JSON: ${why}`);
  }
}
