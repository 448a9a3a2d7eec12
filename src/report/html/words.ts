/** The name that the author gave: of an ARN the part behind the first slash. */
export const shortName = (arn: string): string => arn.replace(/^arn:[^/]*\//, '');

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** An account by its number and, where it is known, its name. */
export const accountNamed = (id: string | null, name: string | null): string =>
  `${id ?? 'account not known'}${name === null ? '' : ` (${name})`}`;
