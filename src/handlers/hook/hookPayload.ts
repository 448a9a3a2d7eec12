import { setTimeout as wait } from 'node:timers/promises';
import { isObject } from '../../iac/json.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import { parseJsonText, TOO_DEEP, TooDeepError } from '../../rule/jsonText.ts';
import { eitherCase } from './hookInvocation.ts';

/** Two templates of 1 MB, both escaped, with the changed resources; in bytes. */
const LARGEST = 16 * 1024 * 1024;
const ATTEMPTS = 3;
/** Before the second attempt, in milliseconds; it doubles. */
const FIRST_PAUSE = 200;

const MEMBER = 'requestData.payload';

/**
 * The template text that a stack or change-set target refers to by a presigned URL.
 *
 * The URL is a credential: no message repeats it.
 *
 * @throws InvalidInputError, one sentence, when it cannot be read
 */
export async function readHookTemplate(
  payload: string | null,
  signal: AbortSignal,
  allowedOrigin: string | null,
): Promise<string> {
  if (payload === null) throw new InvalidInputError(MEMBER, 'is missing');
  const text = await download(checkedUrl(payload, allowedOrigin), signal);
  let document: unknown;
  try {
    document = parseJsonText(text);
  } catch (error) {
    const isDeep = error instanceof TooDeepError;
    throw new InvalidInputError(MEMBER, isDeep ? `leads to JSON that ${TOO_DEEP}` : 'does not lead to JSON');
  }
  const template = eitherCase(document, 'template');
  if (typeof template === 'string' && template !== '') return template;
  if (isObject(template)) return JSON.stringify(template);
  throw new InvalidInputError(MEMBER, 'leads to JSON without a `template`');
}

function checkedUrl(payload: string, allowedOrigin: string | null): URL {
  if (!URL.canParse(payload)) throw new InvalidInputError(MEMBER, 'is no URL');
  const url = new URL(payload);
  const isAllowed = url.protocol === 'https:' || url.origin === allowedOrigin;
  if (!isAllowed) throw new InvalidInputError(MEMBER, `is a URL of \`${url.protocol}\`, accepted is \`https:\``);
  return url;
}

/** What one attempt came to. */
type Attempt = { readonly text: string } | { readonly problem: string; readonly again: boolean };

async function download(url: URL, signal: AbortSignal): Promise<string> {
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await wait(FIRST_PAUSE * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const outcome = await get(url, signal);
    if ('text' in outcome) return outcome.text;
    problem = outcome.problem;
    if (!outcome.again) break;
  }
  if (signal.aborted) problem = 'did not arrive in time';
  throw new InvalidInputError(MEMBER, `could not be read from \`${url.host}\`: it ${problem}`);
}

async function get(url: URL, signal: AbortSignal): Promise<Attempt> {
  try {
    const response = await fetch(url, { signal, redirect: 'error' });
    if (!response.ok) {
      await response.body?.cancel();
      return { problem: `was answered with status ${response.status}`, again: response.status >= 500 };
    }
    return await textOf(response);
  } catch {
    return { problem: 'could not be reached', again: true };
  }
}

async function textOf(response: Response): Promise<Attempt> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the stream.
    if (size > LARGEST) return { problem: `is larger than ${LARGEST} bytes`, again: false };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode() };
}
