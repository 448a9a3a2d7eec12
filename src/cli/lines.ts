import type { Readable } from 'node:stream';

/**
 * The lines of a text stream, without their line breaks, no faster than they are taken.
 *
 * @param longest characters that are kept of a line: a longer one comes cut off, and still longer
 */
export async function* linesOf(stream: Readable, longest = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  let started = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const [first = '', ...others] = String(chunk).split('\n');
    if (started.length <= longest) started += first;
    for (const next of others) {
      yield started.endsWith('\r') ? started.slice(0, -1) : started;
      started = next;
    }
  }
  if (started !== '') yield started;
}
