import { InvalidSourceError } from '../../src/iac/errors.ts';
import { checkSource } from '../../src/iac/project/checkProject.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { loops } from '../../test/iac/loops.ts';
import { longestOf, type Measurement, processorTime } from './budget.ts';

/** Files that are to be refused before they cost much. */
const FILES: Readonly<Record<string, string>> = {
  '10 MB of YAML': `Resources:\n${'  T: {Type: A}\n'.repeat(700_000)}`,
  '10 MB of JSON that is no template': `{"a":"${'x'.repeat(10_000_000)}"}`,
  'lists nested without end': '['.repeat(200_000),
  'loops that make too much': `{"Transform":"AWS::LanguageExtensions","Resources":${loops(5)}}`,
};

/** Time on a processor that `check` takes over the worst of them. */
export function slowestRefusal(): Measurement {
  const times = Object.entries(FILES).map(([name, text]) => ({ name, took: processorTime(() => refuse(name, text)) }));
  return { what: `check: the slowest of ${times.length} files to be refused`, limit: 5_000, ...longestOf(times) };
}

function refuse(name: string, text: string): void {
  try {
    checkSource(readSource(text, 'file'), {
      parameters: parseParameters({}),
      exceptions: [],
      deployment: { accountId: null, region: null, parameters: {} },
      asOf: new Date(),
    });
  } catch (error) {
    if (error instanceof InvalidSourceError) return;
    throw error;
  }
  throw new Error(`${name} are not refused`);
}
