import { matches } from '../policy/patternMatch.ts';
import { InvalidExceptionsError } from '../rule/errors.ts';
import {
  type CompiledException,
  type ExceptionState,
  type Exceptions,
  parseResourceExceptions,
} from '../rule/exceptions/exceptions.ts';
import { quote } from '../rule/quote.ts';
import type { Template } from './cloudformation/template.ts';
import { InvalidSourceError } from './errors.ts';
import type { WorldIdentity } from './identity.ts';
import type { TrailSource } from './model.ts';
import { partitionsIn } from './partition.ts';
import type { References } from './reference.ts';
import { replaceTokens } from './reference.ts';

const MEMBER = 'cloudtrail-kms';

/**
 * The exceptions that resources of a template carry in their Metadata, each for its own resource.
 *
 * @throws InvalidSourceError where one does not parse: it is never read as "no exceptions"
 */
export function exceptionsIn({ file, resources }: Template, asOf: Date): Exceptions {
  return [...resources.values()].flatMap(({ id, metadata }) => {
    if (!Object.hasOwn(metadata, MEMBER)) return [];
    try {
      return parseResourceExceptions(metadata[MEMBER], id, `Resources.${id}.Metadata.${MEMBER}`, asOf);
    } catch (error) {
      if (!(error instanceof InvalidExceptionsError)) throw error;
      throw new InvalidSourceError(file, `holds exceptions that are not accepted: ${error.message}`, { cause: error });
    }
  });
}

/**
 * The exceptions for a trail, or for a key alone, whether in force or over: its own, those that name its address, and of a trail
 * those whose ARN is the trail's in every world.
 *
 * @param identities of a trail in each world; none of a key alone, which no ARN of a trail excepts
 */
export function exceptionsOf(
  { address, cdkPath }: TrailSource,
  identities: readonly WorldIdentity[],
  given: { readonly document: Exceptions; readonly own: Exceptions },
  references: References,
): Exceptions {
  const partition = onlyPartition(given.document);
  // What is open is shown by a character that no pattern names: only a wildcard covers it.
  const value = (id: string) => (references.get(id).kind === 'partition' ? partition : '\uFFFC');
  const arns = new Set(identities.map(({ arn }) => replaceTokens(arn, value)));
  const isFor = ({ exception, pattern }: CompiledException): boolean =>
    exception.trailArn === undefined
      ? [address, ...(cdkPath === null ? [] : [cdkPath])].some((name) => matches(pattern, name))
      : arns.size > 0 && [...arns].every((arn) => matches(pattern, arn));
  return [...given.own.filter(({ exception }) => exception.address === address), ...given.document.filter(isFor)];
}

/** A file that leaves its partition open is in the only one that the exceptions are for. */
function onlyPartition(document: Exceptions): string {
  const [only, ...others] = partitionsIn(document.map(({ exception }) => exception.trailArn ?? '').join(' '));
  return only === undefined || others.length > 0 ? '\uFFFC' : only;
}

/** What is to be told of an exception that excepts nothing; `null` where it does. */
export function noteOn({ exception }: CompiledException, state: ExceptionState): string | null {
  const { owner, expires, trailArn, address } = exception;
  const which = `the exception of ${quote(owner)} for ${quote(trailArn ?? address ?? '')}`;
  if (state === 'expired') return `${which} expired on ${expires}`;
  return state === 'unmatched' ? `${which} is for no trail or key here, whatever the files leave open` : null;
}
