import type { CheckId } from '../../trail/finding.ts';

/** One entry of the exceptions document. */
export interface Exception {
  /** The ARN of a trail, in which `*` stands for any characters; or else `address` is there. */
  readonly trailArn?: string | undefined;
  /** What the author of a template or plan calls a trail or key, or the ARN of an event data store, in which `*` stands for any characters. */
  readonly address?: string | undefined;
  /** `null`: every check below CRITICAL. */
  readonly checks: readonly CheckId[] | null;
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string | null;
  /** `YYYY-MM-DD`; valid through the end of that day, UTC. */
  readonly expires: string;
}
