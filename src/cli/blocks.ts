/** Characters that are worth a write of their own. */
const BLOCK = 64 * 1024;

/** Joins pieces of text to blocks: ten thousand small writes cost more than what they write. */
export async function* inBlocks(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let block: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length < BLOCK) continue;
    yield block.join('');
    block = [];
    length = 0;
  }
  if (length > 0) yield block.join('');
}
