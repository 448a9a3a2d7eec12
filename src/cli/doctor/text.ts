import { WHEN } from '../../aws/permissions/permission.ts';
import { printable } from '../../report/printable.ts';
import { wrap } from '../../report/wrap.ts';
import type { Denied } from './denied.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Tried } from './tried.ts';

const STATUS: Readonly<Record<Tried['status'], string>> = {
  allowed: 'allowed',
  denied: 'MISSING',
  failed: 'FAILED',
  'not-tried': 'not tried',
  written: 'not tried',
};

const INDENT = ' '.repeat(13);
/** Characters before what stands behind a name in the first lines. */
const HEADING = 14;

/** A diagnosis for a person. */
export function* textDiagnosis(diagnosis: Diagnosis, width: number): Generator<string> {
  const { home, caller, accounts, trails, calls, closed, policies, managedPolicies } = diagnosis;
  yield `caller        ${printable(caller)}\n`;
  yield `account       ${home.accountId}, starting from ${home.region}\n`;
  yield `organization  ${printable(organizationInWords(diagnosis))}\n`;
  yield* heading('Regions', diagnosis.regions.join(', ') || 'none: an aggregator lists the trails', width);
  yield* heading('role', diagnosis.roleArn ?? 'none: no other account is entered', width);
  yield `looked at     ${counted(accounts.length, 'account')}, ${counted(trails, 'trail')}\n`;
  const purpose = `\`${diagnosis.for === 'repair' ? 'repair --apply' : 'scan'}\``;
  yield* section(
    `Needed by ${purpose}`,
    calls.filter(({ permission }) => permission.need === 'needed'),
    width,
  );
  yield* section(
    'Optional',
    calls.filter(({ permission }) => permission.need !== 'needed'),
    width,
  );
  if (closed.length > 0) yield '\nAccounts that there is no way into\n';
  for (const { accountId, reason } of closed) yield* paragraph(`account ${accountId}: ${reason}`, '  ', width);
  for (const { principal, policy } of policies) {
    yield `\nThe least policy that adds what is missing, for ${printable(principal)}\n`;
    yield `${JSON.stringify(policy, null, 2)}\n`;
  }
  yield '\nPolicies that AWS manages\n';
  for (const { name, version, asOf, lacks } of managedPolicies) {
    const what = lacks.length === 0 ? 'holds every action above' : `lacks ${lacks.map(inWords).join(', ')}`;
    yield* paragraph(`${name} (${version} of ${asOf}) ${what}`, '  ', width);
  }
  yield* paragraph(
    'For a key they count only where its key policy leaves reading to the IAM policies of its account.',
    '  ',
    width,
  );
  yield `\n${conclusion(diagnosis, purpose)}\n`;
}

function* heading(name: string, text: string, width: number): Generator<string> {
  const [first = '', ...more] = wrap(printable(text), width - HEADING);
  yield `${name.padEnd(HEADING)}${first}\n`;
  for (const line of more) yield `${' '.repeat(HEADING)}${line}\n`;
}

const inWords = ({ action, need }: Tried['permission']): string => `${action}${need === 'needed' ? '' : ' (optional)'}`;

function organizationInWords({ organization }: Diagnosis): string {
  if (organization === null) return 'unknown';
  if (organization.read) return organization.value ?? 'none';
  return `unknown: ${organization.reason}`;
}

function* section(title: string, calls: readonly Tried[], width: number): Generator<string> {
  yield `\n${title}\n`;
  for (const call of calls) {
    yield `  ${STATUS[call.status].padEnd(9)}  ${nameOf(call)}\n`;
    for (const line of remarks(call)) yield* paragraph(line, INDENT, width);
  }
}

function nameOf({ permission, status }: Tried): string {
  const { statement, service, operation, action } = permission;
  if (statement === null && status !== 'denied') return `${service} ${operation}, which takes no permission`;
  return `${action}${status === 'written' ? ': it writes' : ''}`;
}

function* remarks({ permission, status, denied, failed }: Tried): Generator<string> {
  const { need, when } = permission;
  for (const one of denied) {
    yield `${placeOf(one)}: ${one.reason}`;
    if (one.advice !== null) yield one.advice;
  }
  for (const { reason } of failed) yield reason;
  if ((status === 'not-tried' || status === 'written') && when !== undefined) yield `made where ${WHEN[when]}`;
  if (status === 'allowed' || need === 'needed') return;
  if (need.unknown.length > 0) yield `unknown without it: ${need.unknown.join(', ')}`;
  if (need.effect !== undefined) yield `without it ${need.effect}`;
}

const placeOf = ({ accountId, regions }: Denied): string => `account ${accountId} in ${regions.join(', ')}`;

function* paragraph(text: string, indent: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), width - indent.length)) yield `${indent}${line}\n`;
}

function conclusion({ status, calls, closed }: Diagnosis, purpose: string): string {
  const denied = (isNeeded: boolean) =>
    calls.filter((one) => one.status === 'denied' && (one.permission.need === 'needed') === isNeeded).length;
  const optional = denied(false) === 0 ? '' : `; ${counted(denied(false), 'optional call')} missing`;
  if (status === 'unfinished') return `something could not be asked, so this is not the whole answer${optional}`;
  if (status === 'complete') return `everything that ${purpose} needs here is there${optional}`;
  const accounts = closed.length === 0 ? '' : `, ${counted(closed.length, 'account')} closed`;
  return `missing for ${purpose}: ${counted(denied(true), 'needed call')}${accounts}${optional}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
