/** Words for a person with the code in them; short code that is always the same stands between backticks. */
export type Words = readonly (string | Code)[];

/** Code that somebody chose or that is long: a name, a condition, a statement, a command. */
export interface Code {
  readonly code: string;
  /** It is run or pasted as a whole. */
  readonly isBlock?: true;
}

export const block = (code: string): Code => ({ code, isBlock: true });

/** A template as words: texts in it become code. */
export const say = (texts: TemplateStringsArray, ...values: readonly (string | Code | Words)[]): Words =>
  texts.flatMap((text, index) => {
    const value = values[index] ?? [];
    const parts = typeof value === 'string' ? [{ code: value }] : [value].flat();
    return text === '' ? parts : [text, ...parts];
  });

/** "`A`, `B`". */
export const names = (all: readonly string[], separator = ', '): Words =>
  joined(
    all.map((code) => [{ code }]),
    separator,
  );

export const joined = (all: readonly Words[], separator: string): Words =>
  all.flatMap((words, index) => (index === 0 ? words : [separator, ...words]));

/** The words with their code changed, and all else in them. */
export const mapCode = (
  words: Words,
  change: (code: string) => string,
  changeText: (text: string) => string = (text) => text,
): Words => words.map((part) => (typeof part === 'string' ? changeText(part) : { ...part, code: change(part.code) }));

/** The words with texts that follow each other as one. */
export function merged(words: Words): Words {
  const all: (string | Code)[] = [];
  for (const part of words) {
    const last = all.at(-1);
    if (typeof part === 'string' && typeof last === 'string') all.splice(-1, 1, last + part);
    else all.push(part);
  }
  return all;
}

/** One text, code between backticks. */
export const plain = (words: Words): string =>
  words.map((part) => (typeof part === 'string' ? part : `\`${part.code}\``)).join('');
