import type { ErrorCause } from '../../facts/members.ts';
import { messageOf } from '../io.ts';

/** An account, Region or trail that could not be read: it stands in the snapshot's list of trails. */
export type Failure = ErrorCause;

/** What stands for an error that is no answer: throttling, a timeout, an account that cannot be entered. */
export function failureAt(where: string, error: unknown): Failure {
  const cause = error instanceof Error ? error.cause : undefined;
  return { Code: cause instanceof Error ? cause.name : 'NotRead', Message: `${where}: ${messageOf(error)}` };
}
