/**
 * Text that is safe to show in a terminal, on one line.
 *
 * Names and messages come from whoever wrote the trail or the policy: control characters could rewrite the screen, and
 * invisible or direction-changing ones could make a line read differently. They are shown as `\u{...}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
