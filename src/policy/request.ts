/** Who asks. A service principal such as `cloudtrail.amazonaws.com`, or the ARN of an IAM or STS principal. */
export type Principal = { readonly service: string } | { readonly aws: string };

/**
 * What is known of one condition key of a request.
 *
 * - `present`: the key has this value; a list makes it a multi-valued key.
 * - `absent`: the request does not carry the key.
 * - `unknown`: any value, or absent.
 * - `constrained`: a value that matches one of `matching` (any value when empty; `*` and `?` stay within a segment
 *   between colons or slashes and stand for neither `*` nor `?`, `#` is a digit, `**` any text, `PLAIN` any without `*` and `?`) and is none of `outside`
 *   (literals); absent too when `orAbsent`. A multi-valued key has each of `containing` among its values.
 */
export type KeyState =
  | {
      readonly is: 'present';
      readonly value: string | readonly string[];
      /** What a person should know of the value's account, where another one is easily taken for it. */
      readonly ofAccount?: string;
    }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' }
  | {
      readonly is: 'constrained';
      readonly matching: readonly string[];
      readonly outside: readonly string[];
      readonly orAbsent: boolean;
      readonly containing?: readonly string[];
      /** What the values look like, where the patterns would not tell a person. */
      readonly says?: string;
    };

/** One request for authorization: a principal, an action, a resource and a context. */
export interface AccessRequest {
  readonly principal: Principal;
  /** For example `kms:GenerateDataKey`; compared without regard to case. */
  readonly action: string;
  /** The ARN of the key, the object or the bucket; where `resources` tells more, one of them. */
  readonly resource: string;
  /** What the ARN looks like, where the request is one of many that differ in it alone; left out: it is `resource`. */
  readonly resources?: KeyState;
  /** Condition keys by name; names are compared without regard to case. */
  readonly context: Readonly<Record<string, KeyState>>;
  /** What holds for every condition key that `context` does not name. */
  readonly otherKeys: 'absent' | 'unknown';
  /** Only what the policy itself allows: a statement that hands the decision to an account's IAM counts for nothing. */
  readonly directly?: boolean;
  /** Groups of constrained or unknown keys that always hold the same value. */
  readonly ties?: readonly (readonly string[])[];
}

/** In a pattern of a constrained key: any text without a literal `*` or `?`. Of characters that no name holds. */
export const PLAIN = '\u{e000}';

export const present = (value: string | readonly string[]): KeyState => ({ is: 'present', value });
export const absent: KeyState = { is: 'absent' };
export const unknown: KeyState = { is: 'unknown' };
export const matching = (...patterns: readonly string[]): KeyState => ({
  is: 'constrained',
  matching: patterns,
  outside: [],
  orAbsent: false,
});
export const perhaps = (...patterns: readonly string[]): KeyState => ({
  is: 'constrained',
  matching: patterns,
  outside: [],
  orAbsent: true,
});
