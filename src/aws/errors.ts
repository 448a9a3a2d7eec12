import { DENIED_CODES, denial } from '../facts/readings.ts';

/** One request to AWS, as errors and reasons name it. */
export interface Call {
  /** As AWS spells the service: `KMS`, `CloudTrail`. */
  readonly service: string;
  readonly operation: string;
  /** The IAM permission that the operation takes, such as `kms:DescribeKey`. */
  readonly permission: string;
  /** What the request is about: an ARN or a name. */
  readonly subject: string;
  readonly region: string;
}

/** IAM's prefix is the service's name in lower case, and the permission has the operation's name, but for S3's. */
export const callOf = (
  service: string,
  operation: string,
  subject: string,
  region: string,
  permission = `${service.toLowerCase()}:${operation}`,
): Call => ({ service, operation, permission, subject, region });

/**
 * AWS could not be asked, or did not answer as documented: throttling, timeouts, server errors, refused writes.
 *
 * Never a verdict: it fails the invocation, so that Lambda repeats it. The message names service, operation, subject,
 * Region and what failed; `cause` is the SDK's own error.
 */
export class InfrastructureError extends Error {
  override readonly name: string = 'InfrastructureError';
  readonly call: Call;

  constructor(call: Call, what: string, cause?: unknown) {
    super(`${call.service} ${call.operation} for \`${call.subject}\` in ${call.region} failed: ${what}`, { cause });
    this.call = call;
  }
}

/** The invocation's time was nearly up: stopped while there was time left to say so. */
export class DeadlineError extends InfrastructureError {
  override readonly name = 'DeadlineError';
}

/** An error that the service itself answered with. */
export interface Refusal {
  /** The service's error code, such as `NotFoundException`; `Unknown` when the answer carried none. */
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly error: unknown;
}

/** Expired, unknown or wrongly signed credentials are not a missing permission: they are infrastructure trouble. */
export function isDenied(refusal: Refusal): boolean {
  // S3 answers a HEAD request without a body, so without a code.
  return DENIED_CODES.has(refusal.code) || (refusal.code === 'Unknown' && refusal.httpStatus === 403);
}

/**
 * What the service answered with, or `null` when no answer came (connection, timeout, abort), or only half of one: a
 * success whose body breaks off, or cannot be read, says neither yes nor no.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number; headers?: Record<string, string> };
  };
  const httpStatus = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (httpStatus === undefined || (httpStatus >= 200 && httpStatus < 300)) return null;
  return { code: error.name, message: error.message, httpStatus, headers: $response?.headers ?? {}, error };
}

/** Of where a program finds the answer that the SDK could not read. */
const SDK_HINT = /\s*Deserialization error: to see the raw response, .*$/s;

/** `ThrottlingException: Rate exceeded (after 4 attempts)`, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { $metadata, code } = error as { $metadata?: { attempts?: number; httpStatusCode?: number }; code?: unknown };
  const name = error.name === 'Error' && typeof code === 'string' ? code : error.name;
  const httpStatus = $metadata?.httpStatusCode ?? 0;
  const isHalf = httpStatus >= 200 && httpStatus < 300;
  const status = isHalf
    ? 'the answer cannot be read'
    : name === 'Unknown' && httpStatus
      ? `HTTP status ${httpStatus}`
      : name;
  const attempts = ($metadata?.attempts ?? 1) > 1 ? ` (after ${$metadata?.attempts} attempts)` : '';
  const message = error.message.replace(SDK_HINT, '').replaceAll(/\s+/g, ' ').trim();
  return `${status}${message === '' || message === 'UnknownError' ? '' : `: ${message}`}${attempts}`;
}

/** @param caller how to name the principal where AWS does not */
export const describeDenial = (call: Call, { message }: Refusal, caller: string): string =>
  denial({ Principal: caller, Action: call.permission, Resource: call.subject }, message);
