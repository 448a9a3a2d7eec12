import type { Policies } from './policyStep.ts';
import { trailsLeftOut } from './trailsLeftOut.ts';

/** Who is asked before anything is changed. */
export interface Owners {
  /** Each says who deploys the key or one of its trails, as a sentence part; `null`: nobody. Asked in their order. */
  readonly owners: readonly (() => Promise<string | null>)[];
  /** Whether a trail is there for certain. */
  readonly isThere: (trailArn: string) => Promise<boolean>;
  /** What to do about a trail that would be shut out, as a sentence part. */
  readonly shutOut: string;
}

/**
 * Why a change is not made, as a sentence part: somebody else deploys what it changes, or a trail of another Region, which
 * the plan took for a wrong value, lives by the policy. `null`: it may be made.
 */
export async function refusalOf(texts: Policies, { owners, isThere, shutOut }: Owners): Promise<string | null> {
  for (const ownerOf of owners) {
    const owner = await ownerOf();
    if (owner !== null) return `${owner}: the change is for its owner`;
  }
  for (const arn of trailsLeftOut(texts))
    if (await isThere(arn)) return `the trail \`${arn}\` is there and would be shut out: ${shutOut}`;
  return null;
}
