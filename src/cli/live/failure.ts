import { messageOf } from '../io.ts';
import type { Unreadable } from './document.ts';

/** An account, Region or trail that could not be read: it stands in the snapshot's list of trails. */
export type Failure = Unreadable['Error'];

/** What stands for an error that is no answer: throttling, a timeout, an account that cannot be entered. */
export function failureAt(where: string, error: unknown): Failure {
  const { cause } = error as { cause?: unknown };
  return { Code: cause instanceof Error ? cause.name : 'NotRead', Message: `${where}: ${messageOf(error)}` };
}
