import type { Command } from 'commander';
import type { Io } from './io.ts';

/** What a command works with: the outside world, and the exit code that it leaves. */
export interface CommandContext {
  readonly io: Io;
  /** The command's own verdict (0 or 1, or 3 with partial results); errors choose their code themselves. */
  readonly finish: (code: number) => void;
}

/**
 * Adds one command to the program.
 *
 * An action throws `BadInput` (exit code 2) or `CouldNotFinish` (3); everything else that it throws is reported as a
 * failure to finish.
 */
export type RegisterCommand = (program: Command, context: CommandContext) => void;
