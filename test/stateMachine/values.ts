/** `$`: the state's input; `$$`: the execution. */
export interface Scope {
  readonly input: unknown;
  readonly context: unknown;
}

/** A payload template: members whose name ends in `.$` are filled in. */
export function filledIn(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((each) => filledIn(each, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') ? [name.slice(0, -2), valueAt(String(value), scope)] : [name, filledIn(value, scope)],
    ),
  );
}

/**
 * The value of a path or of `States.Format`: what the definition uses.
 *
 * @throws Error on whatever else there is, and where nothing stands at the path, as Step Functions does
 */
export function valueAt(expression: string, { input, context }: Scope): unknown {
  const format = /^States\.Format\('([^']*)', (\S+)\)$/.exec(expression);
  if (format !== null) {
    const [, text = '', path = ''] = format;
    return text.replace('{}', String(valueAt(path, { input, context })));
  }
  if (!/^\$\$?(\.\w+)*$/.test(expression)) throw new Error(`not a path that is known here: ${expression}`);
  const [root, ...names] = expression.split('.');
  let value = root === '$$' ? context : input;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !(name in value))
      throw new Failed('States.ParameterPathFailure', `nothing stands at ${expression}`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A state failed with an error that Retry and Catch look at. */
export class Failed extends Error {
  readonly error: string;

  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
  }
}
