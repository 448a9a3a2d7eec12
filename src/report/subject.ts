import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';

/** What a trail is called: by the author of its file where it has one, or else by its ARN. */
export const trailName = (trail: TrailReport): string =>
  trail.address === undefined ? trailId(trail) : withPath(trail.address, trail.cdkPath);

/** What tells a trail from all others, wherever it is asked about. */
export const trailId = ({ trailArn, address }: TrailReport): string =>
  trailArn ?? address ?? 'a trail that the event does not name';

/** Whether what is reported is a key that no given trail uses. */
export const isKeyAlone = ({ address, keyAddress }: TrailReport): boolean =>
  keyAddress != null && keyAddress === address;

/** What the author of a file calls the trail's key; `null` where nothing is known, or the key itself is reported. */
export const keyName = (trail: TrailReport): string | null =>
  trail.keyAddress == null || isKeyAlone(trail) ? null : withPath(trail.keyAddress, trail.keyCdkPath);

/** A logical id of the CDK holds a hash: its path says more. */
const withPath = (address: string, path: string | null | undefined): string =>
  path == null ? address : `${address} (${path})`;

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
  tail: string | (() => string),
): AsyncGenerator<string> {
  yield head;
  let separator = '\n';
  for await (const member of members) {
    yield `${separator}${JSON.stringify(member)}`;
    separator = ',\n';
  }
  yield typeof tail === 'string' ? tail : tail();
}

/** The time of the facts; where nobody knows it that of the evaluation. */
export const observedAt = ({ factsAt, evaluatedAt }: ReportAbout): Date => new Date(factsAt ?? evaluatedAt);
