/** An object whose members are worked out when somebody first asks for them: what nobody asks for depends on nothing. */
export function lazily<T extends object>(members: { readonly [K in keyof T]: () => T[K] }): T {
  const made = {};
  for (const [name, make] of Object.entries(members) as [string, () => unknown][]) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make();
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return made as T;
}
