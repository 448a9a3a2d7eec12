import { type Io, warn } from '../io.ts';
import { writeResult } from '../writeResult.ts';
import { changedVerdicts } from './changedVerdicts.ts';
import { redacted } from './redact.ts';

/**
 * Writes a snapshot with ids and names replaced, and evaluates both: where a pattern holds a part of what was replaced, a trail may
 * come to something else, which is said.
 *
 * @returns whether every trail comes to the same
 */
export async function writeRedacted(document: unknown, output: string | undefined, io: Io): Promise<boolean> {
  const text = `${JSON.stringify(redacted(document), null, 2)}\n`;
  await writeResult([text], output, io);
  const changed = await changedVerdicts(JSON.stringify(document), text, 'snapshot', io.now());
  for (const arn of changed)
    warn(
      io,
      `trail \`${arn}\` is evaluated to something else in the redacted snapshot: a pattern holds a part of an id or a name that was replaced`,
    );
  return changed.length === 0;
}
