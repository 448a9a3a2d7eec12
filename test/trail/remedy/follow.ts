import type { RemedyStep } from '../../../src/trail/remedy/steps.ts';
import { type PolicyDocument, type StatementDocument, statementsOf } from '../../../src/trail/statements.ts';

type Edit = Extract<RemedyStep, { do: 'edit-policy' }>;

/** The policies that an edit of a remedy is about. */
export interface Policies {
  readonly key: PolicyDocument;
  /** Resource control policies. */
  readonly controls: readonly PolicyDocument[];
}

/** The policies after an edit that tells word for word what is to be written; `null`: a person has to think. */
export function follow(policies: Policies, edit: Edit): Policies | null {
  const { key, controls } = policies;
  switch (edit.edit) {
    case 'add-statement':
      return { ...policies, key: withStatements(key, (all) => [...all, edit.statement]) };
    case 'replace-statement': {
      const [first] = edit.statements;
      return { ...policies, key: named(key, edit.statements, (_, label) => (label === first ? [edit.statement] : [])) };
    }
    case 'exempt-services':
      return { ...policies, key: named(key, edit.statements, (one) => [exempt(one, SERVICES)]) };
    case 'exempt-trail': {
      const trail = { StringNotEquals: { 'aws:SourceArn': edit.trailArn } };
      return { ...policies, key: named(key, edit.statements, (one) => [exempt(one, trail)]) };
    }
    case 'exempt-in-resource-control-policy': {
      if (edit.exempts !== 'services' && edit.exempts !== 'trail') return null;
      const trail = edit.exempts === 'trail' ? { StringNotEquals: { 'aws:SourceArn': edit.trailArn } } : SERVICES;
      return {
        ...policies,
        controls: controls.map((one) => named(one, edit.statements, (deny) => [exempt(deny, trail)])),
      };
    }
    case 'pin-to-trail': {
      const pin = { StringEquals: { 'aws:SourceArn': edit.trailArn } };
      return {
        ...policies,
        key: named(key, edit.statements, (one) => narrowed(one, edit.isShared, (own) => exempt(own, pin))),
      };
    }
    case 'leave-needed-actions': {
      const Action = ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'];
      return {
        ...policies,
        key: named(key, edit.statements, (one) =>
          narrowed(one, edit.isShared, ({ NotAction: _, ...own }) => ({ ...own, Action })),
        ),
      };
    }
    default:
      return null;
  }
}

const SERVICES = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };

const withStatements = (
  document: PolicyDocument,
  change: (all: readonly StatementDocument[]) => readonly StatementDocument[],
): PolicyDocument => ({ ...document, Statement: change(statementsOf(document)) });

/** Changes the statements of these Sids, or `#index`. */
const named = (
  document: PolicyDocument,
  labels: readonly string[],
  change: (statement: StatementDocument, label: string) => readonly StatementDocument[],
): PolicyDocument =>
  withStatements(document, (all) =>
    all.flatMap((one, index) => {
      const label = typeof one.Sid === 'string' && one.Sid !== '' ? one.Sid : `#${index}`;
      return labels.includes(label) ? change(one, label) : [one];
    }),
  );

function exempt(statement: StatementDocument, conditions: Readonly<Record<string, object>>): StatementDocument {
  const before = (statement.Condition ?? {}) as Readonly<Record<string, object>>;
  const both = (operator: string, [key, value]: readonly [string, unknown]) => {
    const known = (before[operator] as Readonly<Record<string, unknown>> | undefined)?.[key];
    return [key, known === undefined ? value : [known, value].flat()];
  };
  const merged = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    { ...before[operator], ...Object.fromEntries(Object.entries(keys).map((one) => both(operator, one))) },
  ]);
  return { ...statement, Condition: { ...before, ...Object.fromEntries(merged) } };
}

/** CloudTrail's own statement, changed, and the others' as it was. */
function narrowed(
  statement: StatementDocument,
  isShared: boolean,
  change: (own: StatementDocument) => StatementDocument,
): readonly StatementDocument[] {
  if (!isShared) return [change(statement)];
  const { Sid, Principal } = statement;
  const Service = 'cloudtrail.amazonaws.com';
  const own = change({ ...statement, Sid: `${Sid ?? ''}CloudTrail`, Principal: { Service } });
  const principals = (Principal === '*' ? { AWS: '*' } : Principal) as Readonly<Record<string, unknown>>;
  const others = [principals.Service ?? []].flat().filter((one) => one !== Service);
  const { Service: _, ...rest } = principals;
  return [own, { ...statement, Principal: others.length === 0 ? rest : { ...rest, Service: others } }];
}
