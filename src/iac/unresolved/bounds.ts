/**
 * What an open reference inside a policy does to access:
 *
 * - `most`: whatever gives the most access.
 * - `least`: whatever gives the least.
 * - `own`, `foreign`: the most, and where it names an account it is the key's own, or one that nobody names otherwise.
 *
 * Access grows with what Allow statements cover and shrinks with what Deny statements cover, so the true answer lies
 * between `least` and `most`.
 */
export const BOUNDS = ['most', 'least', 'own', 'foreign'] as const;
export type Bound = (typeof BOUNDS)[number];

export interface Bounds {
  readonly boundOf: (id: string) => Bound;
  readonly ownAccount: string;
  readonly foreignAccount: string;
  readonly partition: string;
}

/** How one element of a statement is bounded: so that it covers as much, or as little, as the reference may. */
export interface Cover {
  readonly wide: boolean;
  readonly bound: Bound;
  readonly bounds: Bounds;
}
