import { policyRefusals } from '../policy/policyRefusals.ts';
import { denyExemption } from './denyExemption.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { distinct } from './policyNames.ts';
import type { AccessRefusal } from './refusals.ts';
import { editPolicy, writePolicy } from './remedies.ts';
import type { Remedy } from './remedy/remedy.ts';
import { exemptCloudTrail } from './resourceControl.ts';
import type { Denial, ServiceAnswer } from './serviceAccess.ts';
import { type PolicyDocument, type StatementDocument, statementsOf } from './statements.ts';

/** What a person does so that the policies answer yes: narrow the Deny, or correct or add the statement. */
export function grantRemedy(
  subject: KeyPolicySubject,
  denied: readonly Denial[],
  statement: StatementDocument,
): Remedy {
  const refusals = denied.map(({ refusal }) => refusal);
  const controls = distinct(
    refusals.flatMap((refusal) => (refusal.kind === 'resource-control' ? refusal : refusal.beside)?.statements ?? []),
  );
  const own = refusals.filter(({ kind }) => kind !== 'resource-control');
  if (controls.length === 0) return keyPolicyRemedy(subject, own, statement);
  const exempt = editPolicy(exemptCloudTrail(subject, controls));
  return own.length === 0 ? exempt : bothOf(keyPolicyRemedy(subject, own, statement), exempt);
}

function keyPolicyRemedy(
  subject: KeyPolicySubject,
  refusals: readonly AccessRefusal[],
  statement: StatementDocument,
): Remedy {
  const added = { ...statement, Sid: unusedLabel(subject, String(statement.Sid)) };
  const denies = refusals.filter(({ kind }) => kind === 'deny');
  if (denies.length > 0) {
    const statements = distinct(denies.flatMap((deny) => deny.statements));
    const exempt = { ...denyExemption(subject, statements), statements };
    if (denies.every(({ allowed }) => allowed)) return writePolicy(subject, exempt);
    return bothOf(
      editPolicy(exempt),
      writePolicy(subject, { edit: 'add-statement', statement: added, statements: [] }),
    );
  }
  const refused = refusals.find(
    ({ kind, statements }) => kind === 'grammar' || statements.some((one) => keepsKmsFromTaking(subject, one)),
  );
  if (refused !== undefined)
    return writePolicy(subject, { edit: 'replace-statement', statement, statements: refused.statements });
  const nearest = refusals.find(({ correctable }) => correctable);
  return writePolicy(subject, { edit: 'add-statement', statement: added, statements: nearest?.statements ?? [] });
}

/** Whether KMS takes no policy while the statement stands in it. */
function keepsKmsFromTaking({ key }: KeyPolicySubject, statement: string): boolean {
  if (!key.policy.read || !key.policy.value.valid) return false;
  const { document, statements } = key.policy.value.policy;
  const at = statements.findIndex(({ label }) => label === statement);
  // INVARIANT: a valid policy is a JSON object.
  const alone = statementsOf(document as PolicyDocument)[at];
  return alone !== undefined && policyRefusals({ ...(document as PolicyDocument), Statement: [alone] }).length > 0;
}

/** A Sid that no statement has: one that is used twice may be refused. */
function unusedLabel({ written }: KeyPolicySubject, wanted: string): string {
  const taken = new Set(written.statements.map(({ label }) => label));
  let label = wanted;
  for (let number = 2; taken.has(label); number += 1) label = `${wanted}${number}`;
  return label;
}

/**
 * What a person does about open answers: where resource control policies alone leave them open, exempt CloudTrail there;
 * where they are a part of it, that and `otherwise`.
 */
export function doubtRemedy(subject: KeyPolicySubject, doubtful: readonly ServiceAnswer[], otherwise: Remedy): Remedy {
  const doubts = doubtful.flatMap(({ control }) => control ?? []);
  if (doubts.length === 0) return otherwise;
  const exempt = editPolicy(exemptCloudTrail(subject, distinct(doubts.flatMap(({ statements }) => statements))));
  const isAll = doubts.length === doubtful.length && doubts.every((doubt) => doubt.isAll);
  return isAll ? exempt : bothOf(otherwise, exempt);
}

const bothOf = (one: Remedy, other: Remedy): Remedy =>
  one.flatMap((first) => other.map((second) => [...first, ...second]));
