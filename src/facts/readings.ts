import { type MissingPermission, type Reading, read, type Unread, type UnreadCode, unread } from '../trail/facts.ts';
import { deniedBy } from './deniedBy.ts';
import { type ErrorCause, isErrorMember, type Member, type RefusedRequest } from './members.ts';

export const DENIED_CODES: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
]);

/** Codes of what AWS was not asked for, or what its answer does not tell; the message is the whole reason. */
const OWN_CODES = {
  /** There is no way into the account that has to be asked. */
  NotEntered: 'denied',
  /** KMS answers in the key's own account alone. */
  NotReadableAcrossAccounts: 'denied',
  /** KMS answers the same to other accounts, whether a key is gone or not shared with them. */
  NotVisibleAcrossAccounts: 'not-found',
  NotRecorded: 'not-found',
  NotTold: 'not-told',
  TooDeep: 'invalid',
} as const satisfies Readonly<Record<string, UnreadCode>>;

export type OwnCode = keyof typeof OWN_CODES;

const isOwn = (code: string | null): code is OwnCode => code !== null && Object.hasOwn(OWN_CODES, code);

/** What a refusal says of the thing that was asked about; `null`: what every refusal says. */
export type Meaning = (error: ErrorCause, request: RefusedRequest) => Unread | null;

/** A member as a reading: `what` names it, `permission` the call that fills it. */
export function readingOf<T, U>(
  member: Member<T> | null | undefined,
  what: string,
  permission: string,
  convert: (value: T) => U,
  meaning?: Meaning,
): Reading<U> {
  if (member === null || member === undefined) return unread('not-told', `the snapshot does not hold ${what}`);
  if (isErrorMember(member)) return unreadError(member.Error, permission, meaning);
  return read(convert(member));
}

/** Why a member could not be read: in words of who asked for what, or else the call that failed and AWS's error. */
export function unreadError(error: ErrorCause, permission: string, meaning?: Meaning): Unread {
  const said = meaningOf(error, permission, meaning);
  if (said.code !== 'denied') return said;
  const cause = deniedBy(error.Message ?? '');
  return {
    ...said,
    ...(cause === null ? {} : { deniedBy: cause }),
    ...(error.Request ? { lacks: lackedBy(error, error.Request) } : {}),
  };
}

/** Without a role in the account nobody asked, so that nobody was denied. */
const lackedBy = ({ Code, Message }: ErrorCause, request: RefusedRequest): MissingPermission =>
  isOwn(Code)
    ? { principal: null, action: request.Action, resource: request.Resource }
    : missingPermission(request, Message ?? '');

function meaningOf(error: ErrorCause, permission: string, meaning: Meaning = () => null): Unread {
  const { Code, Message, Request } = error;
  const kind = isError(error, ...DENIED_CODES) ? 'denied' : 'failed';
  if (!Request) {
    const code = Code === null ? 'an error' : `\`${Code}\``;
    return unread(kind, `${permission} failed with ${code}${Message === null ? '' : `: ${Message}`}`);
  }
  if (isOwn(Code)) return unread(OWN_CODES[Code], Message ?? '');
  const said = meaning(error, Request);
  if (said !== null) return said;
  if (kind === 'denied') return unread(kind, denial(Request, Message ?? ''));
  return unread(kind, `${operationOf(Request)} answered ${Code}: ${Message}`);
}

/** True where the error has one of the codes; tolerates a namespace before the code. */
export function isError(error: ErrorCause, ...codes: readonly string[]): boolean {
  const code = error.Code?.replace(/^.*[#:]/, '') ?? '';
  return codes.includes(code);
}

const SERVICES: Readonly<Record<string, string>> = { kms: 'KMS', organizations: 'Organizations' };

/** `KMS GetKeyPolicy`: where nothing but denials has a name of its own, the action is named after the operation. */
export function operationOf({ Action }: RefusedRequest): string {
  if (Action === 's3:GetEncryptionConfiguration') return 'S3 GetBucketEncryption';
  const [service = '', operation = ''] = Action.split(':');
  return `${SERVICES[service] ?? service} ${operation}`;
}

/** Who was denied, from AWS's own message where it says so. */
export const principalOf = (message: string, { Principal }: Pick<RefusedRequest, 'Principal'>): string =>
  /\bUser: (\S+) is not authorized/.exec(message)?.[1] ?? Principal;

/** Who lacks which permission on what, from AWS's own message where it says so. */
const missingPermission = (request: Omit<RefusedRequest, 'AccountId'>, message: string) => ({
  principal: principalOf(message, request),
  action: /\bto perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? request.Action,
  resource: request.Resource,
});

/** The same in words, with the reason that AWS gives. */
export function denial(request: Omit<RefusedRequest, 'AccountId'>, message: string): string {
  const { principal, action, resource } = missingPermission(request, message);
  const because = /\b(?:because|with (?=an explicit deny)) ?([^\n]{1,200})/.exec(message)?.[1];
  return `${principal} lacks ${action} on ${resource}${because ? ` (${because.trim()})` : ''}`;
}
