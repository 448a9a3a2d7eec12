/** One budget of the architecture, and what was measured. */
export interface Measurement {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** Whether `limit` is the least or the most that is within the budget. */
  readonly bound: 'at most' | 'at least';
  readonly unit: string;
  /** What else a reader wants to know, such as the figures behind a ratio. */
  readonly note?: string;
}

export const isMet = ({ measured, limit, bound }: Measurement): boolean =>
  bound === 'at most' ? measured <= limit : measured >= limit;

export function line(measurement: Measurement): string {
  const { what, measured, limit, bound, unit, note } = measurement;
  const verdict = isMet(measurement) ? 'ok' : 'over budget';
  const figures = `${number(measured)}${unit} (${bound} ${number(limit)}${unit})`;
  return `${verdict.padEnd(11)}  ${what.padEnd(62)}  ${figures}${note ? `; ${note}` : ''}`;
}

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 && !Number.isInteger(value) ? 2 : 0 });

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Time that work takes on a processor, in milliseconds: a busy machine changes it little. */
export function processorTime(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** The longest of named times on a processor, as a measurement. */
export function longestOf(times: readonly { readonly name: string; readonly took: number }[]) {
  const [longest = { name: 'none', took: Number.NaN }] = [...times].sort((one, other) => other.took - one.took);
  return { measured: longest.took, note: longest.name, bound: 'at most', unit: ' ms' } as const;
}
