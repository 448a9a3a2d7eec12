import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotFinish } from '../errors.ts';
import { messageOf } from '../io.ts';
import { fileStem } from './bundle.ts';

/**
 * Keeps a key policy in a file of its own. An earlier backup is never written over: after an interruption it holds the
 * policy from before the first change. It lies on the disk when this returns, for its owner alone to read.
 *
 * @throws CouldNotFinish: without a backup nothing is changed
 */
export async function writeBackup(directory: string, keyArn: string, policy: string, now: Date): Promise<string> {
  const time = now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  for (let number = 1; ; number += 1) {
    const file = join(directory, `${fileStem(keyArn)}.${time}${number === 1 ? '' : `-${number}`}.backup.json`);
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(file, policy, { flag: 'wx', mode: 0o600, flush: true });
      return file;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'EEXIST' && number < 100) continue;
      throw new CouldNotFinish(`cannot keep a backup in \`${file}\`: ${messageOf(error)}`, { cause: error });
    }
  }
}
