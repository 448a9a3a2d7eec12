/** Seeded chance: the same seed draws the same. */
export interface Chance {
  readonly number: () => number;
  readonly one: <T>(of: readonly T[]) => T;
  readonly some: <T>(of: readonly T[], most: number) => readonly T[];
  readonly is: (share: number) => boolean;
}

export function chance(seed: number): Chance {
  let state = (seed * 2_654_435_761) >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const one = <T>(of: readonly T[]): T => of[Math.floor(number() * of.length)] as T;
  return {
    number,
    one,
    is: (share) => number() < share,
    some: (of, most) => Array.from({ length: Math.floor(number() * (most + 1)) }, () => one(of)),
  };
}
