import { createHash } from 'node:crypto';

const RELEASE = 'https://pypi.org/pypi/botocore/json';

interface Release {
  readonly urls?: readonly {
    readonly packagetype: string;
    readonly url: string;
    readonly digests: { readonly sha256: string };
  }[];
}

/** The newest botocore's wheel, or why the registry cannot be reached from here. */
export type Newest = { readonly wheel: Buffer } | { readonly offline: string };

export async function newestWheel(get: typeof fetch = fetch): Promise<Newest> {
  // Whoever answers, be it with an error, is not offline: everything after the first answer throws.
  const first = await get(RELEASE).catch((error: unknown) => ({ offline: reason(error) }));
  if ('offline' in first) return first;
  const release = (await accepted(first, RELEASE).json()) as Release;
  const wheel = release.urls?.find(({ packagetype }) => packagetype === 'bdist_wheel');
  if (wheel === undefined) throw new Error('the newest botocore has no wheel');
  const url = new URL(wheel.url, RELEASE).href;
  const bytes = Buffer.from(await accepted(await get(url), url).arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== wheel.digests.sha256) throw new Error(`the wheel's SHA-256 is ${sha256}, not the published one`);
  return { wheel: bytes };
}

function accepted(response: Response, url: string): Response {
  if (!response.ok) throw new Error(`\`${new URL(url).hostname}\` answered with status ${response.status}`);
  return response;
}

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error ? cause.message : String(error);
}
