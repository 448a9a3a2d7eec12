/** Controls, and what is invisible or changes the reading direction. */
const INVISIBLE = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]';

const ANY_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/**
 * Foreign text as a value that stands on one line.
 *
 * Names and messages come from whoever wrote the trail or the policy: control characters could rewrite the screen, and
 * invisible or direction-changing ones could make a line read differently. They are shown as `\u{...}`.
 */
export function printable(text: string): string {
  return text.replace(ANY_INVISIBLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** All but the ends of lines. */
const CONTROLS = new RegExp(`${INVISIBLE}(?<!\\n)(?<!\\r(?=\\n))`, 'gu');
/** All but the ends of lines and colours. */
const CONTROLS_IN_COLOURS = new RegExp(`${CONTROLS.source}(?<!\\u001b(?=\\[\\d\\d?m))`, 'gu');

/** Most text is plain, which is soon seen. */
const NOT_PLAIN = /[^\n -~]/;

/**
 * What a CI system takes for an order to itself: a line that begins with `::` behind any white space, and `##[` (GitHub
 * Actions), `##vso[` (Azure Pipelines) or `##teamcity[` anywhere. A piece of text that ends early counts as one.
 */
const FIRST_LINE_COMMAND = /^([^\S\n]*):(?![^:])/;
const LINE_COMMAND = /\n([^\S\n]*):(?![^:])/g;
const COMMAND = /##(?=\w*\[)/g;

/**
 * Text in any format as it leaves the program: it does nothing but stand there.
 *
 * What is escaped here is escaped as in JSON, which therefore stays the same document.
 *
 * @param text whole values at least, best whole lines
 */
export function harmless(text: string, isColoured = false): string {
  const visible = NOT_PLAIN.test(text) ? text.replace(isColoured ? CONTROLS_IN_COLOURS : CONTROLS, escaped) : text;
  const lines = visible.split('\n').some(beginsWithColon)
    ? visible.replace(FIRST_LINE_COMMAND, `$1${escaped(':')}`).replace(LINE_COMMAND, `\n$1${escaped(':')}`)
    : visible;
  return lines.includes('##') ? lines.replace(COMMAND, `#${escaped('#')}`) : lines;
}

const beginsWithColon = (line: string): boolean => line.trimStart().startsWith(':');

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
