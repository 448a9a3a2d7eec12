import type { GivenSource } from '../../iac/project/given.ts';
import { readSource } from '../../iac/source/readSource.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import { BadInput } from '../errors.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import { findInputs, type InputFile } from './inputs.ts';

/** The templates and plans that the command line names, and what is to be said of everything else. */
export interface ReadSources {
  readonly given: readonly GivenSource[];
  /** Files that the command line names one by one. */
  readonly named: ReadonlySet<string>;
  /** What is bad input, one sentence each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Reads every input. One that cannot be read costs itself. */
export async function readSources(paths: readonly string[], io: Io): Promise<ReadSources> {
  const inputs = await findInputs(paths);
  const given: GivenSource[] = [];
  const problems = [...inputs.problems];
  const notes = [...inputs.notes];
  let { skipped } = inputs;
  for (const { file, isNamed, ...known } of inputs.files) {
    const text = await attempt(() => readInput(io, file));
    const source = 'why' in text ? text : await attempt(async () => readSource(text.value, file));
    if ('value' in source) given.push({ source: source.value, ...known });
    else if (isNamed || 'why' in text) problems.push(source.why);
    else {
      skipped += 1;
      // What speaks of a trail or a key was meant to be a template.
      if (NAMES_OURS.test(text.value))
        notes.push(`${source.why}; it names a trail or a key, and is skipped all the same`);
    }
  }
  if (skipped > 0) {
    const files = skipped === 1 ? 'one file is' : `${skipped} files are`;
    notes.push(`${files} no template and no plan, and skipped`);
  }
  const named = new Set(inputs.files.filter(({ isNamed }) => isNamed).map(({ file }: InputFile) => file));
  return { given, named, problems, notes };
}

const NAMES_OURS = /AWS::(?:CloudTrail::Trail|KMS::Key)\b|"aws_(?:cloudtrail|kms_key)"/;

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly why: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof BadInput || error instanceof InvalidInputError) return { why: error.message };
    throw error;
  }
}
