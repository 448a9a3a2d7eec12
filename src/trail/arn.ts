/** The segments of an ARN; `region` and `accountId` are empty where the resource has none. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

const ARN = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s;

/** The segments of an ARN, or `null` when the text is none. */
export function parseArn(text: string): Arn | null {
  const [whole, partition = '', service = '', region = '', accountId = '', resource = ''] = ARN.exec(text) ?? [];
  return whole === undefined ? null : { partition, service, region, accountId, resource };
}

/** What a trail's ARN says of the trail. */
interface TrailIdentity {
  readonly arn: string;
  readonly name: string;
  readonly partition: string;
  readonly accountId: string;
  readonly homeRegion: string;
}

/** Name, owner and home Region from a trail's ARN, or `null` when the text is no trail's ARN. */
export function trailIdentity(text: string): TrailIdentity | null {
  const arn = parseArn(text);
  if (arn === null || arn.service !== 'cloudtrail' || !arn.resource.startsWith('trail/')) return null;
  const name = arn.resource.slice('trail/'.length);
  if (name === '' || arn.region === '' || arn.accountId === '') return null;
  return { arn: text, name, partition: arn.partition, accountId: arn.accountId, homeRegion: arn.region };
}

/** What a KMS key's ARN says of the key. */
interface KeyIdentity {
  readonly arn: string;
  readonly keyId: string;
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** Id, owner and Region from a key's ARN, or `null` when the text is no key's ARN (an alias ARN is none). */
export function keyIdentity(text: string): KeyIdentity | null {
  const arn = parseArn(text);
  if (arn === null || arn.service !== 'kms' || !arn.resource.startsWith('key/')) return null;
  const keyId = arn.resource.slice('key/'.length);
  if (keyId === '' || arn.region === '' || arn.accountId === '') return null;
  return { arn: text, keyId, partition: arn.partition, accountId: arn.accountId, region: arn.region };
}

/**
 * The account that a principal's ARN or a bare account id stands for; `null` when it stands for none (`*`, a service, the
 * unique id of a deleted principal).
 */
export function principalAccount(principal: string): string | null {
  if (/^\d{12}$/.test(principal)) return principal;
  const accountId = parseArn(principal)?.accountId ?? '';
  return /^\d{12}$/.test(accountId) ? accountId : null;
}

/** Whether a text matches a pattern in which `*` stands for any characters, none included. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first, last] = [pattern.indexOf('*'), pattern.lastIndexOf('*')];
  if (first < 0) return text === pattern;
  if (!text.startsWith(pattern.slice(0, first))) return false;
  let from = first;
  for (const part of pattern.slice(first, last).split('*')) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  const end = pattern.slice(last + 1);
  return text.length - end.length >= from && text.endsWith(end);
}
