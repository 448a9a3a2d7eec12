import { nameFault } from './principalName.ts';
import { isMembers, listOf, type Report } from './report.ts';
import type { PrincipalElement } from './statement.ts';

/** An element of a statement, or its Not form. */
export interface Picked {
  readonly value: unknown;
  readonly negated: boolean;
}

const NOBODY: PrincipalElement = {
  negated: false,
  everyone: false,
  aws: [],
  service: [],
  federated: [],
  canonicalUser: [],
};

const TYPES = {
  AWS: 'aws',
  Service: 'service',
  Federated: 'federated',
  CanonicalUser: 'canonicalUser',
} as const;

/** Principal or NotPrincipal; `null` stands for a statement that has neither. */
export function parsePrincipal(picked: Picked | null, report: Report): PrincipalElement {
  if (picked === null) return NOBODY;
  const { value, negated } = picked;
  if (value === '*') return { ...NOBODY, negated, everyone: true };
  if (Array.isArray(value) && value.length === 0) {
    report.issue('inert', 'Principal is an empty list, so the statement has no effect');
    return NOBODY;
  }
  if (!isMembers(value)) {
    report.refuse('principal-form', 'Principal is neither `"*"` nor an object');
    return { ...NOBODY, negated };
  }
  const lists = { aws: [], service: [], federated: [], canonicalUser: [] } as Record<string, string[]>;
  for (const [type, names] of Object.entries(value)) {
    const list = lists[TYPES[type as keyof typeof TYPES]];
    if (list === undefined) report.refuse('principal-type', `\`${type}\` is no type of principal`);
    else list.push(...listOf(names).flatMap((name) => parseName(name, type, report)));
  }
  const element = { ...NOBODY, negated, ...lists };
  reportNames(element, report);
  return element;
}

function parseName(name: unknown, type: string, report: Report): string[] {
  if (typeof name === 'string') return [name];
  if (type === 'AWS' && typeof name === 'number') {
    report.issue('unquoted-account-id', `account id ${name} stands without quotes, so leading zeros are lost`);
    return [String(name)];
  }
  report.refuse('principal-name', `Principal ${type} holds something other than text`);
  return [];
}

const WILDCARD = 'holds a wildcard, and only `*` alone may stand for a principal';

const FAULTS = {
  deleted:
    'is what is left of a deleted user or role: it covers nobody, and KMS refuses every write of a policy that names it',
  'no-arn': 'is no ARN of a principal, so it covers nobody',
  'no-name': 'is no account, ARN or `*`, so it covers nobody',
} as const;

function reportNames(element: PrincipalElement, report: Report): void {
  const { aws, service, federated, canonicalUser } = element;
  for (const name of aws) {
    const fault = nameFault(name);
    if (fault === 'wildcard') report.refuse('principal-wildcard', `principal \`${name}\` ${WILDCARD}`, 'inert');
    else if (fault !== null) report.issue('inert', `principal \`${name}\` ${FAULTS[fault]}`);
  }
  for (const name of service)
    if (/[*?]/.test(name))
      report.refuse('principal-wildcard', `service \`${name}\` is a wildcard, which covers none`, 'inert');
  if (!element.negated && [aws, service, federated, canonicalUser].every((list) => list.length === 0))
    report.issue('inert', 'Principal names nobody, so the statement has no effect');
}
