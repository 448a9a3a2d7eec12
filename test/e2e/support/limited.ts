/** A command for `spawn`, which may have so many files and connections open; `undefined`: as many as this process. */
export function limited(command: readonly string[], descriptors: number | undefined): [string, readonly string[]] {
  const [program = '', ...words] = command;
  if (descriptors === undefined) return [program, words];
  // `exec`: the process keeps its number.
  return ['bash', ['-c', `ulimit -n ${descriptors} && exec "$@"`, 'bash', ...command]];
}
