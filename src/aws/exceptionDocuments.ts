import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { InvalidParameterError } from '../rule/errors.ts';
import type { ExceptionsDocument } from '../rule/exceptions/exceptions.ts';
import type { Access, Home } from './access.ts';
import { callOf } from './errors.ts';
import { Aging, keptWith } from './kept.ts';
import { required } from './required.ts';
import { collectPages } from './session.ts';

/** How long documents count before they are read again, in milliseconds. */
const DOCUMENTS_AGE = 60_000;

const keptDocuments = keptWith(() => new Aging<readonly ExceptionsDocument[]>(DOCUMENTS_AGE));

/**
 * The exceptions documents in an SSM parameter of the function's own account and Region; under a path that ends in `/`
 * every parameter, also deeper down. At most a minute old.
 *
 * @throws InvalidParameterError when there is no such parameter; a path may be empty
 */
export async function readExceptionDocuments(
  home: Access,
  place: Home,
  name: string,
): Promise<readonly ExceptionsDocument[]> {
  const kept = keptDocuments(home.clients);
  const known = kept.get(name);
  if (known !== undefined) return known;
  return kept.set(name, name.endsWith('/') ? await readPath(home, place, name) : [await readOne(home, place, name)]);
}

async function readOne({ session, clients }: Access, place: Home, name: string): Promise<ExceptionsDocument> {
  const call = callOf('SSM', 'GetParameter', name, place.region);
  const answer = await session.ask(call, (options) =>
    clients.get(SSMClient, place.region).send(new GetParameterCommand({ Name: name, WithDecryption: true }), options),
  );
  if (!answer.ok && answer.refusal.code === 'ParameterNotFound') {
    const where = `account ${place.accountId} in ${place.region}`;
    throw new InvalidParameterError('exceptionsParameter', `is \`${name}\`, which is no SSM parameter of ${where}`);
  }
  const parameter = required(call, session.outputOrThrow(call, answer), 'Parameter');
  return { name, text: required(call, parameter, 'Value') };
}

async function readPath(
  { session, clients }: Access,
  place: Home,
  path: string,
): Promise<readonly ExceptionsDocument[]> {
  const call = callOf('SSM', 'GetParametersByPath', path, place.region);
  const documents = await collectPages(call, async (NextToken) => {
    const page = await session.demand(call, (options) =>
      clients.get(SSMClient, place.region).send(
        new GetParametersByPathCommand({
          // A hierarchy starts with a slash.
          Path: path.startsWith('/') ? path : `/${path}`,
          Recursive: true,
          WithDecryption: true,
          ...(NextToken && { NextToken }),
        }),
        options,
      ),
    );
    const items = required(call, page, 'Parameters').map((parameter) => ({
      name: required(call, parameter, 'Name'),
      text: required(call, parameter, 'Value'),
    }));
    return { items, next: page.NextToken };
  });
  return documents.sort((a, b) => (a.name < b.name ? -1 : 1));
}
