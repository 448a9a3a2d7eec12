import type { Words } from './words.ts';

/** The key that a trail gets in place of its own; `chosen`: the one that the step before is about. */
const KEYS = {
  chosen: null,
  existing: 'give the trail a key that exists',
  approved: 'give the trail an approved key',
  another: 'give the trail another key',
} as const;

export type KeyChoice = keyof typeof KEYS;

export const setKeyInWords = (key: KeyChoice, how: Words): Words =>
  KEYS[key] === null ? how : [KEYS[key], ': ', ...how];
