import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from './runtimeApi.ts';

/** One request as it arrived from the SDK. */
export interface WireRequest {
  /** From the credential scope of the signature: `kms`, `config`, `cloudtrail`, `sts`, `s3`. */
  readonly service: string;
  /** The Region that the request is signed for. */
  readonly region: string;
  /** That for the policy of AWS RAM is `GetKeyPolicy AWS_RAM`. */
  readonly operation: string;
  /** The access key that signed it. */
  readonly accessKey: string;
  /** From 1: which of the SDK's attempts at one request it is. */
  readonly attempt: number;
  readonly method: string;
  readonly path: string;
  /** The parsed JSON body; empty for the services that speak another protocol. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What STS is asked, whose protocol is another one; empty for the other services. */
  readonly form: Readonly<Record<string, string>>;
}

/**
 * `hang`: take the request and never answer. `forward`: let moto answer. `cut`: let moto answer, and break the answer
 * off. `lost`: break the connection, and ask nobody. A function writes the answer itself.
 */
export type Reply = 'hang' | 'forward' | 'cut' | 'lost' | WireAnswer | ((response: ServerResponse) => void);

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Answer = (request: WireRequest) => Reply;

/** Stands between the SDK and moto: records every request, forwards what moto knows and answers what it does not. */
export interface Wire {
  readonly url: string;
  readonly requests: readonly WireRequest[];
  /** The recorded requests of one operation, in order. */
  calls(service: string, operation: string): readonly WireRequest[];
  /** From now on `answer` answers this operation; the answer given last counts. */
  on(service: string, operation: string, answer: Answer): void;
  /** Forgets requests and answers. */
  reset(): void;
  close(): void;
}

export const ok = (body: unknown): WireAnswer => ({ status: 200, body });
export const refuse = (code: string, message = code, status = 400): WireAnswer => ({
  status,
  headers: { 'x-amzn-errortype': code },
  body: { __type: code, message },
});

/** No policy of AWS RAM's. */
export const unshared = refuse('NotFoundException');

const unanswered = refuse('UnknownOperationException');

/**
 * @param motoPort where moto listens; `null`: there is none
 * @param otherwise what has no answer of its own; left out, it is moto's, and without moto it is refused
 * @param serverFor what listens on this machine
 */
export async function startWire(
  motoPort: number | null,
  otherwise: Answer = () => (motoPort ? 'forward' : unanswered),
  serverFor: (listener: RequestListener) => Server = createServer,
): Promise<Wire> {
  const requests: WireRequest[] = [];
  const answers = new Map<string, Answer>();

  const server = serverFor(async (incoming, response) => {
    // Whoever asked may be killed in the middle.
    const body = await text(incoming).catch(() => null);
    if (body === null) return;
    const request = describe(incoming.method ?? '', incoming.url ?? '', incoming.headers, body);
    requests.push(request);
    const given = (answers.get(`${request.service}:${request.operation}`) ?? otherwise)(request);
    // Moto takes every name of a policy for `default`.
    const reply = given === 'forward' && request.operation === 'GetKeyPolicy AWS_RAM' ? unshared : given;
    if (reply === 'hang') return;
    if (reply === 'lost') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (typeof reply === 'function') {
      reply(response);
      return;
    }
    if (reply === 'forward' || reply === 'cut') {
      const { method, url: path, headers } = incoming;
      const onward = send({ host: '127.0.0.1', port: motoPort, method, path, headers }, (answer) => {
        if (reply === 'cut') {
          response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': 1_000 });
          answer.resume().on('end', () => response.write('{"', () => response.destroy()));
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
      return;
    }
    const written = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.1', ...reply.headers }).end(written);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    calls: (service, operation) => requests.filter((r) => r.service === service && r.operation === operation),
    on: (service, operation, answer) => {
      answers.set(`${service}:${operation}`, answer);
    },
    reset: () => {
      requests.length = 0;
      answers.clear();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The access key that signed a request. */
export const accessKeyOf = ({ authorization = '' }: IncomingHttpHeaders): string =>
  /Credential=([^/]+)\//.exec(authorization)?.[1] ?? '';

function describe(method: string, path: string, headers: IncomingHttpHeaders, body: string): WireRequest {
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  const [, region = '', service = 'unsigned'] = scope ?? [];
  const [, attempt] = /^attempt=(\d+)/.exec(String(headers['amz-sdk-request'])) ?? [];
  return {
    service,
    region,
    accessKey: accessKeyOf(headers),
    attempt: Number(attempt ?? 1),
    method,
    path,
    operation: operationOf(service, method, path, headers, body),
    // What is written into a bucket is no request.
    body: service !== 's3' && body.startsWith('{') ? JSON.parse(body) : {},
    form: service === 'sts' ? Object.fromEntries(new URLSearchParams(body)) : {},
  };
}

function operationOf(service: string, method: string, path: string, headers: IncomingHttpHeaders, body: string) {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const isRam = /"PolicyName":"AWS_RAM"/.test(body);
    return `${target.slice(target.lastIndexOf('.') + 1)}${isRam ? ' AWS_RAM' : ''}`;
  }
  if (service !== 's3') return new URLSearchParams(body).get('Action') ?? `${method} ${path}`;
  if (method === 'HEAD') return 'HeadBucket';
  if (path.includes('?encryption')) return method === 'GET' ? 'GetBucketEncryption' : 'PutBucketEncryption';
  return `${method} ${path}`;
}
