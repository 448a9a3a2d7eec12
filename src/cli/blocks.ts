/** Characters that are worth a write of their own. */
const BLOCK = 64 * 1024;

/** Joins pieces of text to blocks: ten thousand small writes cost more than what they write. */
export async function* inBlocks(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
