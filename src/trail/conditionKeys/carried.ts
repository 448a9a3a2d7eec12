import { type KeyState, present } from '../../policy/request.ts';
import type { KeyMetadata } from '../facts.ts';
import type { RequestSubject } from '../keyPolicySubject.ts';

/** A value, or what values look like, as the facts tell it; `null` where they do not. */
type StateOf = (subject: RequestSubject) => KeyState | null;

/**
 * What a request carries of a condition key.
 *
 * - `absent`: never there.
 * - `open`: nothing is documented, so any value or none.
 * - `known`, `domain`: its value, or what its values look like.
 * - `asked`: each question says, since it is what the question is about (who calls, for which file).
 */
export type Carried =
  | { readonly is: 'absent' | 'open' }
  | { readonly is: 'known' | 'domain'; readonly words: string; readonly state: StateOf }
  | { readonly is: 'asked'; readonly words: string };

/** A condition key, and what requests to a KMS key carry of it. */
export interface ConditionKey {
  /** As AWS spells it; a `*` at the end stands for any rest. */
  readonly name: string;
  /** The actions whose requests carry it; all where it is missing. */
  readonly actions?: readonly string[];
  /** CloudTrail's requests for a trail. */
  readonly cloudTrail: Carried;
  /** The requests of an IAM or STS principal. */
  readonly principal: Carried;
  /** The documentation page. */
  readonly source: string;
}

export const ABSENT: Carried = { is: 'absent' };
export const OPEN: Carried = { is: 'open' };
export const known = (words: string, state: StateOf): Carried => ({ is: 'known', words, state });
export const domain = (words: string, state: StateOf): Carried => ({ is: 'domain', words, state });
export const asked = (words: string): Carried => ({ is: 'asked', words });

/** A property of the key, as DescribeKey tells it. */
export const attribute = (words: string, of: (metadata: KeyMetadata) => string | null): Carried =>
  known(words, ({ key }) => {
    const value = key.metadata.read ? of(key.metadata.value) : null;
    return value === null ? null : present(value);
  });

type Bearers = Pick<ConditionKey, 'cloudTrail' | 'principal'>;

/** The same for everybody who asks. */
export const everyone = (carried: Carried): Bearers => ({ cloudTrail: carried, principal: carried });

/** Of principals alone. */
export const principals = (carried: Carried): Bearers => ({ cloudTrail: ABSENT, principal: carried });
