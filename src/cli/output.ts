import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { harmless } from '../report/printable.ts';

/**
 * Standard output or standard error. The program writes through this alone, so that names and messages of others steer
 * neither a terminal nor the CI system that reads along. Colours pass to a terminal.
 */
export class Output {
  /** For what a person types, which Node's readline echoes; nothing else writes to it. */
  readonly stream: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly isTTY: boolean;

  constructor(stream: Output['stream']) {
    this.stream = stream;
    this.isTTY = stream.isTTY === true;
  }

  /** Characters in a line of the terminal. */
  get columns(): number | undefined {
    return this.stream.columns;
  }

  write(text: string): void {
    this.stream.write(harmless(text, this.isTTY));
  }

  /** Writes pieces of text, no faster than they are read. */
  async print(pieces: AsyncIterable<string>): Promise<void> {
    const { isTTY } = this;
    async function* written() {
      for await (const piece of pieces) yield harmless(piece, isTTY);
    }
    await pipeline(Readable.from(written()), this.stream, { end: false });
  }

  /** Goes back to the start of a terminal's line and empties it. */
  clearLine(): void {
    this.stream.write('\r\u001b[K');
  }
}
