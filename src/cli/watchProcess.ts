import { exitCode } from './exitCode.ts';
import { type Io, warn } from './io.ts';

/** Node writes its warnings and what nobody caught past every filter: they take the way of all other text. */
export function watchProcess(io: Io): void {
  // Without Node's own listener they are not wanted (`--no-warnings`).
  if (process.listenerCount('warning') > 0)
    process.removeAllListeners('warning').on('warning', ({ message }) => warn(io, message));
  process.on('uncaughtException', (error: unknown) => {
    io.stderr.write(`cloudtrail-kms: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(exitCode.couldNotFinish);
  });
}
