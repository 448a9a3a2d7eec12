import { hasToken, type References, replaceTokens } from './reference.ts';

/** A key id (AWS KMS Developer Guide, Key identifiers). */
const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const NAMES_A_KEY = /^(alias\/|arn:[^:]+:kms:[^:]*:[^:]*:(key|alias)\/)/;

/** Why a text can name no KMS key, whatever is open in it; `null` where it can. */
export function whyNoKey(text: string, references: References): string | null {
  if (!hasToken(text)) {
    const isPossible = KEY_ID.test(text) || NAMES_A_KEY.test(text);
    return isPossible ? null : `\`${text.slice(0, 120)}\` is neither a key id nor an alias nor the ARN of either`;
  }
  const inPartition = replaceTokens(text, (id) =>
    references.get(id).kind === 'partition' ? 'aws' : references.token(references.get(id)),
  );
  // Anything else that is open may hold colons.
  const service = /^arn:[a-z-]+:([a-z0-9-]+):/.exec(inPartition)?.[1];
  return service === undefined || service === 'kms' ? null : `it is an ARN of \`${service}\``;
}
