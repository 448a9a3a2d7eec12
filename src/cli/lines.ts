import type { Readable } from 'node:stream';

/** The lines of a text stream, without their line breaks, no faster than they are taken. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let started = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const [first = '', ...others] = String(chunk).split('\n');
    started += first;
    for (const next of others) {
      yield started.endsWith('\r') ? started.slice(0, -1) : started;
      started = next;
    }
  }
  if (started !== '') yield started;
}
