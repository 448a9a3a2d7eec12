import type { CheckedSource } from '../../iac/checkSource.ts';
import { noteOn } from '../../iac/exceptions.ts';
import type { ReportedException } from '../../report/report.ts';
import { type ExceptionState, type Exceptions, stateOf } from '../../rule/exceptions/exceptions.ts';
import { type Io, warn } from '../io.ts';

/** An exception and what has become of it. */
interface GivenException {
  readonly entry: Exceptions[number];
  readonly state: ExceptionState;
  /** `null`: it is of the exceptions document. */
  readonly file: string | null;
}

/** Those of the document, which may be for any file, and those that resources carry. */
export function exceptionStates(
  document: Exceptions,
  checked: readonly (CheckedSource & { readonly file: string })[],
  at: Date,
): readonly GivenException[] {
  const matched = new Set(checked.flatMap(({ matchedExceptions }) => [...matchedExceptions]));
  const given = [
    ...document.map((entry) => ({ entry, file: null })),
    ...checked.flatMap(({ file, exceptions }) => exceptions.map((entry) => ({ entry, file }))),
  ];
  return given.map((one) => ({ ...one, state: stateOf(one.entry, matched.has(one.entry), at) }));
}

export const reported = ({ entry, state, file }: GivenException): ReportedException => ({
  ...entry.exception,
  state,
  ...(file === null ? {} : { file }),
});

export function tellException({ entry, state, file }: GivenException, io: Io): void {
  const note = noteOn(entry, state);
  if (note !== null) warn(io, file === null ? note : `\`${file}\`: ${note}`);
}
