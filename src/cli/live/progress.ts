import { type Io, warn } from '../io.ts';

/** What a person sees on standard error while accounts are read. */
export interface Progress {
  /** Where the work stands: one line that is written over, on a terminal alone. */
  update(text: string): void;
  /** Something is done: a line of its own where there is no terminal. */
  done(text: string): void;
  /** Something could not be read: always shown. */
  problem(text: string): void;
  /** Leaves no half line behind. */
  end(): void;
}

const DEFAULT_WIDTH = 80;

export function progressOn(io: Io, quiet: boolean): Progress {
  const { stderr } = io;
  const terminal = stderr.isTTY && !quiet;
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.clearLine();
    shown = false;
  };
  const update = (text: string): void => {
    if (!terminal) return;
    // A line that wraps cannot be written over.
    stderr.clearLine();
    stderr.write(text.slice(0, (stderr.columns || DEFAULT_WIDTH) - 1));
    shown = true;
  };
  return {
    update,
    done(text) {
      if (terminal) update(text);
      else if (!quiet) stderr.write(`${text}\n`);
    },
    problem(text) {
      clear();
      warn(io, text);
    },
    end: clear,
  };
}
