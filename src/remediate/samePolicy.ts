/**
 * Whether two policies are the same to KMS, which need not give back the text that it was given: members and lists have
 * no order, a single value stands for a list of one, an account id for the ARN of its root.
 */
export function isSamePolicy(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return canonical(parsed(one)) === canonical(parsed(other));
  } catch (error) {
    // Nested too deeply to be a policy of ours.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param isPrincipal whether the value names principals, where alone an account id is its root */
function canonical(value: unknown, isPrincipal = false): string {
  if (typeof value === 'string')
    return JSON.stringify(isPrincipal ? value.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1') : value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, isPrincipal)).sort();
    return items.length === 1 ? (items[0] ?? '') : `[${items.join(',')}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonical(member, isPrincipal || PRINCIPALS.has(name))}`,
  );
  return `{${members.sort().join(',')}}`;
}

const PRINCIPALS: ReadonlySet<string> = new Set(['Principal', 'NotPrincipal']);
