import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';

/** What a trail is called where its ARN is not known: by its place in a template, or at least by words. */
export const trailName = ({ trailArn, address }: TrailReport): string =>
  trailArn ?? address ?? 'a trail that the event does not name';

/** A finding's message as sentences, with what to do about it. */
export const messageWithRemedy = ({ message, remediation }: ReportFinding): string =>
  [message, remediation]
    .filter((text) => text !== '')
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
    .join(' ');

/** The partition of an ARN; `aws` where none tells. */
export const partitionOf = (arn: string | null): string => /^arn:([^:]+):/.exec(arn ?? '')?.[1] ?? 'aws';

/** Pieces of text that are the members of a JSON list, one a line, between a head and a tail. */
export async function* jsonList(
  head: string,
  members: AsyncIterable<unknown> | Iterable<unknown>,
  tail: string,
): AsyncGenerator<string> {
  yield head;
  let separator = '\n';
  for await (const member of members) {
    yield `${separator}${JSON.stringify(member)}`;
    separator = ',\n';
  }
  yield tail;
}

/** The time of the facts; where nobody knows it that of the evaluation. */
export const observedAt = ({ factsAt, evaluatedAt }: ReportAbout): Date => new Date(factsAt ?? evaluatedAt);
