import type { ServerResponse } from 'node:http';
import { type Reply, refuse, type WireAnswer, type WireRequest } from '../e2e/support/wire.ts';

const ALWAYS = Number.POSITIVE_INFINITY;

/** One way in which a request to AWS goes wrong. */
export interface Kind {
  /** How often in a row one request meets it; the seed chooses. */
  readonly times: readonly number[];
  /** So many in a row must be survived by whoever asks again as the SDK does. */
  readonly survived: number;
  /** Whether AWS did what it was asked; `rest`: but for the first entry of the list that it was given. */
  readonly happens: boolean | 'rest';
  /** What a retry takes of the SDK's quota; left out: the SDK does not ask again. */
  readonly retryCost?: 5 | 14;
  /** Takes seconds: one request a run meets it. */
  readonly slow?: true;
  /** Only requests whose name starts so. */
  readonly only?: RegExp;
  /** @param fate from 0 up to 1, by the seed */
  play(request: WireRequest, answer: WireAnswer, fate: number): Reply;
}

/** An answer that does not get across as it is. */
type Mangle = (response: ServerResponse, body: Buffer, answer: WireAnswer, fate: number) => void;

const mangled =
  (mangle: Mangle): Kind['play'] =>
  (_, answer, fate) =>
  (response) =>
    mangle(response, bodyOf(answer), answer, fate);

const bodyOf = ({ body }: WireAnswer): Buffer => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

function head(response: ServerResponse, answer: WireAnswer, length: number): void {
  const headers = { 'content-type': 'application/x-amz-json-1.1', ...answer.headers, 'content-length': String(length) };
  response.writeHead(answer.status, headers);
}

const refused =
  (status: number, code: string, s3 = { status, code }): Kind['play'] =>
  ({ service, method }) => {
    const headers = { 'content-type': 'application/xml' };
    const detail = (name: string) => `<Error><Code>${name}</Code><Message>not now</Message></Error>`;
    if (method === 'HEAD') return { status: s3.status, headers, body: '' };
    if (service === 's3' || service === 'unsigned') return { status: s3.status, headers, body: detail(s3.code) };
    if (service === 'sts') return { status, headers, body: `<ErrorResponse>${detail(code)}</ErrorResponse>` };
    return refuse(code, 'not now', status);
  };

const reset = (): Reply => (response) => {
  response.socket?.resetAndDestroy();
};

/** Written in pieces, so many milliseconds apart. */
function drip(response: ServerResponse, pieces: readonly Buffer[], pause: number): void {
  const timer = setInterval(() => {
    const [piece, ...rest] = pieces;
    pieces = rest;
    if (piece !== undefined && !response.destroyed) response.write(piece);
    else response.end();
    if (piece === undefined || response.destroyed) clearInterval(timer);
  }, pause);
}

const piecesOf = (body: Buffer, count: number): readonly Buffer[] => {
  const size = Math.max(1, Math.ceil(body.length / count));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, at) => body.subarray(at * size, (at + 1) * size));
};

const NOT_MEANT = ['<html><body>Please sign in</body></html>', 'null', '[]', '"ok"'];

export const KINDS = {
  throttling: {
    times: [1, 3, ALWAYS],
    survived: 3,
    retryCost: 5,
    happens: false,
    play: refused(400, 'ThrottlingException', { status: 503, code: 'SlowDown' }),
  },
  'error 500': {
    times: [1, 3, ALWAYS],
    survived: 3,
    retryCost: 14,
    happens: false,
    play: refused(500, 'InternalFailure'),
  },
  'error 503': {
    times: [1, 3, ALWAYS],
    survived: 3,
    retryCost: 14,
    happens: false,
    play: refused(503, 'ServiceUnavailable'),
  },
  'reset before': { times: [1, 3, ALWAYS], survived: 3, retryCost: 14, happens: false, play: reset },
  'reset after': { times: [1, 3, ALWAYS], survived: 3, retryCost: 14, happens: true, play: reset },
  'half body': {
    times: [1, 3, ALWAYS],
    survived: 0,
    retryCost: 14,
    happens: true,
    play: mangled((response, body, answer, fate) => {
      // More is promised than comes; what comes may by itself be whole.
      head(response, answer, body.length + 64);
      response.write(fate < 0.5 ? body.subarray(0, body.length >> 1) : body, () => response.socket?.destroy());
    }),
  },
  drip: {
    times: [1, 3],
    survived: ALWAYS,
    happens: true,
    play: mangled((response, body, answer) => {
      head(response, answer, body.length);
      drip(response, piecesOf(body, 25), 30);
    }),
  },
  'endless drip': {
    times: [1, ALWAYS],
    survived: 0,
    happens: true,
    slow: true,
    play: mangled((response, body, answer) => {
      head(response, answer, body.length + 1_000);
      drip(response, [...piecesOf(body, body.length), ...piecesOf(Buffer.alloc(999, ' '), 999)], 500);
    }),
  },
  hang: { times: [1, ALWAYS], survived: 1, retryCost: 14, happens: false, slow: true, play: () => 'hang' },
  malformed: {
    times: [1, ALWAYS],
    survived: 0,
    happens: true,
    play: (_, answer, fate) => ({
      ...answer,
      body: fate < 0.5 ? '{"a":' : bodyOf(answer).toString().slice(0, -2),
    }),
  },
  empty: {
    times: [1, ALWAYS],
    survived: 0,
    happens: true,
    play: ({ service }, answer) => ({ ...answer, body: service === 's3' || service === 'sts' ? '' : '{}' }),
  },
  'wrong content': {
    times: [1, ALWAYS],
    survived: 0,
    happens: false,
    play: ({ operation }, answer, fate) => ({
      ...answer,
      status: 200,
      // Where success needs no content, any JSON is as good.
      body: NOT_MEANT[/^(Put|Start)/.test(operation) ? 0 : Math.floor(fate * NOT_MEANT.length)],
    }),
  },
  'expired token': {
    times: [1, ALWAYS],
    survived: 0,
    happens: false,
    play: refused(400, 'ExpiredTokenException', { status: 400, code: 'ExpiredToken' }),
  },
  denied: {
    times: [ALWAYS],
    survived: 0,
    happens: false,
    play: refused(400, 'AccessDeniedException', { status: 403, code: 'AccessDenied' }),
  },
  'half taken': {
    times: [1, 3, ALWAYS],
    survived: 3,
    happens: 'rest',
    only: /PutEvaluations|findings\/import/,
    play: ({ body }, answer) => {
      const first = (list: unknown) => (Array.isArray(list) ? list.slice(0, 1) : []);
      if (body.Evaluations !== undefined) return { ...answer, body: { FailedEvaluations: first(body.Evaluations) } };
      const FailedFindings = first(body.Findings).map(({ Id }) => ({ Id, ErrorCode: 'Busy', ErrorMessage: 'later' }));
      return { ...answer, body: { FailedCount: 1, SuccessCount: 0, FailedFindings } };
    },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

export const kindOf = (name: KindName): Kind => KINDS[name];
export const EVERY_KIND = Object.keys(KINDS) as readonly KindName[];
