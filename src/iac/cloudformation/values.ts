import { type Settled, settled, unsettled } from '../model.ts';
import { hasToken } from '../reference.ts';
import { type Resolved, type Scope, unresolved } from './scope.ts';

/** A property that is text: `null` where it is left out or empty; what is no text is an open reference. */
export function textValue(scope: Scope, value: Resolved, name: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'object' ? unresolved(scope, name) : String(value);
}

/** A property that is text with a default, which must be known as a whole. */
export function settledText(scope: Scope, value: Resolved, fallback: string, name: string): Settled<string> {
  const text = textValue(scope, value, name) ?? fallback;
  return hasToken(text) ? unsettled(notResolved(scope, text)) : settled(text);
}

const TRUE = ['true', 'yes', 'on'];
const FALSE = ['false', 'no', 'off'];

/** A property that is true or false, with a default. YAML of version 1.1 has further words for both. */
export function settledFlag(scope: Scope, value: Resolved, fallback: boolean, name: string): Settled<boolean> {
  const text = textValue(scope, value, name)?.toLowerCase();
  if (text === undefined) return settled(fallback);
  if (TRUE.includes(text)) return settled(true);
  if (FALSE.includes(text)) return settled(false);
  return unsettled(hasToken(text) ? notResolved(scope, String(value)) : `\`${name}\` is \`${text.slice(0, 60)}\``);
}

/** "`KeyArn` is not resolved". */
export const notResolved = (scope: Scope, text: string): string => {
  const { references } = scope.template;
  return `${references.names(text)} ${references.in(text).length > 1 ? 'are' : 'is'} not resolved`;
};
