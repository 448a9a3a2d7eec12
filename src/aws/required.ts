import { type Call, InfrastructureError } from './errors.ts';

/**
 * A member that AWS puts into every whole answer, an empty list too. An answer without it is half an answer: never an
 * empty list, and never a fact.
 *
 * The API's models call hardly any member of an answer required; which ones are, and which may be missing, stands in
 * docs/decisions/0016-half-an-answer.md.
 *
 * @throws InfrastructureError naming the member
 */
export function required<T extends object, Name extends keyof T & string>(
  call: Call,
  answer: T | null | undefined,
  name: Name,
): NonNullable<T[Name]> {
  const member = answer?.[name];
  if (member === undefined || member === null) throw new InfrastructureError(call, `the answer is without \`${name}\``);
  return member;
}

/**
 * The marker of the next page of KMS's lists; `undefined` on the last one.
 *
 * @throws InfrastructureError where there are more pages and no marker leads to them
 */
export const nextMarker = (
  call: Call,
  answer: { readonly Truncated?: boolean | undefined; readonly NextMarker?: string | undefined },
): string | undefined => (answer.Truncated ? required(call, answer, 'NextMarker') : undefined);
