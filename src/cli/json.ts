import { parseJsonText, TOO_DEEP, TooDeepError } from '../rule/jsonText.ts';
import { BadInput } from './errors.ts';

/**
 * Parses JSON text, with or without a byte order mark; throws `BadInput` that names the file and the position, or that it
 * is nested too deeply.
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return parseJsonText(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof TooDeepError) throw new BadInput(`\`${file}\` ${TOO_DEEP}`);
    const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
    throw new BadInput(`\`${file}\` is not JSON: ${why}`);
  }
}

/** Parses JSON, or JSON lines (each line a document of its own) as a list; throws `BadInput` as `parseJson` does. */
export function parseJsonOrLines(text: string, file: string): unknown {
  const all = text.split('\n').map((line, index) => ({ line, place: `${file}:${index + 1}` }));
  const lines = all.filter(({ line }) => line.trim() !== '');
  const [first] = lines;
  if (first === undefined || lines.length === 1 || !isJson(first.line)) return parseJson(text, file);
  return lines.map(({ line, place }) => parseJson(line, place));
}

function isJson(text: string): boolean {
  try {
    parseJson(text, '');
    return true;
  } catch {
    return false;
  }
}
