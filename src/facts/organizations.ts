import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { relabelled } from '../policy/together.ts';
import { type Reading, read, unread } from '../trail/facts.ts';
import {
  type ErrorMember,
  isErrorMember,
  type NamedPolicyMember,
  type OrganizationEntry,
  type PoliciesEntry,
} from './members.ts';
import { DENIED_CODES, denial, isError, type Meaning, operationOf, readingOf, unreadError } from './readings.ts';

/** The organization of an account; `null` when it belongs to none. */
export function organizationId(entry: OrganizationEntry): Reading<string | null> {
  const id = entry.Id ?? wholeOf(entry);
  if (isErrorMember(id) && isError(id.Error, 'AWSOrganizationsNotInUseException')) return read(null);
  const what = `the organization of account \`${entry.AccountId}\``;
  return readingOf(id, what, 'organizations:DescribeOrganization', String);
}

/** The resource control policies that apply in an account. */
export function resourceControlPolicies(
  entry: PoliciesEntry,
  parsePolicy: (document: unknown, index: number) => KeyPolicyParse = (document) => parseKeyPolicy(document),
): Reading<readonly KeyPolicyParse[]> {
  const what = `the resource control policies of account \`${entry.AccountId}\``;
  const parsed = (documents: readonly unknown[]): readonly KeyPolicyParse[] =>
    documents.map((document, index) => {
      // One that could not be read must not hide a Deny of the others: it counts as one that cannot be evaluated.
      if (isErrorMember(document))
        return { valid: false, error: unreadError(document.Error, 'organizations:DescribePolicy').reason };
      return isNamed(document)
        ? named(parsePolicy(document.Content, index), nameOf(document))
        : parsePolicy(document, index);
    });
  return readingOf(entry.Policies ?? wholeOf(entry), what, LIST_POLICIES, parsed, ofPolicies);
}

/** A policy document has no such member. */
const isNamed = (document: unknown): document is NamedPolicyMember =>
  typeof document === 'object' && document !== null && Object.hasOwn(document, 'Content');

/** As a person finds it: `Perimeter (p-0a1b2c3d)`; empty where neither is known. */
function nameOf({ PolicySummary }: NamedPolicyMember): string {
  const { Id, Name } = PolicySummary ?? {};
  return Id && Name ? `${Name} (${Id})` : Name || Id || '';
}

/** The policy with its name before each statement's. */
function named(parse: KeyPolicyParse, name: string): KeyPolicyParse {
  if (name === '') return parse;
  if (!parse.valid) return { valid: false, error: `${name}: ${parse.error}` };
  return { valid: true, policy: relabelled(parse.policy, (label) => `${name} ${label}`) };
}

export const LIST_POLICIES = 'organizations:ListPoliciesForTarget';

const ofPolicies: Meaning = (error, request) => {
  if (!isError(error, ...DENIED_CODES))
    return unread('failed', `${operationOf(request)} for ${request.Resource} answered ${error.Code}`);
  const shown = 'they are shown to the management account and to delegated administrators only';
  return unread('denied', `${denial(request, error.Message ?? '')}; ${shown}`);
};

const wholeOf = ({ Error: error }: { readonly Error?: ErrorMember['Error'] | null }): ErrorMember | null =>
  error ? { Error: error } : null;
