/** A position in a file; both start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
