import { InvalidParameterError } from '../errors.ts';
import type { RuleParameters } from '../parameters.ts';
import type { RulePorts } from '../ports.ts';
import { type Exceptions, mergeExceptions, NO_EXCEPTIONS } from './exceptions.ts';

/**
 * The exceptions to evaluate by: those handed in, and those that `exceptionsParameter` leads to.
 *
 * @param given handed in from outside, such as a file on the command line; they stand in for SSM where there is none
 * @throws InvalidExceptionsError; InvalidParameterError where the parameter is set and neither SSM nor a file is at hand
 */
export async function exceptionsInEffect(
  { exceptionsParameter }: RuleParameters,
  ports: Pick<RulePorts, 'exceptionDocuments' | 'now'>,
  given: Exceptions,
): Promise<Exceptions> {
  if (exceptionsParameter === null) return given;
  if (ports.exceptionDocuments !== undefined) {
    const documents = await ports.exceptionDocuments(exceptionsParameter);
    return [...given, ...mergeExceptions(documents, ports.now())];
  }
  if (given !== NO_EXCEPTIONS) return given;
  throw new InvalidParameterError(
    'exceptionsParameter',
    `is \`${exceptionsParameter}\`, which cannot be read here: hand its document over as a file, or leave the parameter out`,
  );
}
