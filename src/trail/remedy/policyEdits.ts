import type { StatementDocument } from '../statements.ts';
import { block, names, say, type Words } from './words.ts';

/** Sids (or `#index`) of the statements that an edit is about. */
interface Named {
  readonly statements: readonly string[];
}

const NEEDED = '`kms:GenerateDataKey*`, `kms:DescribeKey` and `kms:Decrypt`';
const EXEMPTION = '"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}';

const trailExemption = (trailArn: string): string => `"StringNotEquals":{"aws:SourceArn":"${trailArn}"}`;

/** Every edit of a policy that a remedy asks for, with its words: what an edit holds is what its words need. */
const EDITS = {
  'exempt-services': ({ statements }: Named) =>
    say`exempt AWS services from Deny statement ${names(statements)} (${EXEMPTION})`,
  'exempt-trail': ({ statements, trailArn }: Named & { readonly trailArn: string }) =>
    say`exempt the trail from Deny statement ${names(statements)} (${trailExemption(trailArn)})`,
  /** Who may change such a policy is no principal of the key's account. */
  'exempt-in-resource-control-policy': ({ statements, ...exemption }: Named & Exemption) =>
    say`in the resource control policy, in the management account or as its delegated administrator, exempt ${exemptedInWords(exemption)} from Deny statement ${names(statements)}`,
  /** `statements` come near: to correct one of them is enough. */
  'add-statement': ({ statement, statements }: Named & { readonly statement: StatementDocument }) =>
    say`${statements.length === 0 ? ['add '] : say`correct statement ${names(statements)}, or add `}${block(JSON.stringify(statement))} to the key policy`,
  /** IAM's grammar refuses `statements`: no policy with them can be written. */
  'replace-statement': ({ statement, statements }: Named & { readonly statement: StatementDocument }) =>
    say`put ${block(JSON.stringify(statement))} in place of statement ${names(statements)}`,
  'allow-cloudtrail': ({ action }: { readonly action: string }) =>
    say`allow ${action} to CloudTrail with ${'aws:SourceArn'} equal to the ARN of the trail`,
  'add-published-statement': () => [
    "add AWS's statement for CloudTrail, with `aws:SourceArn` equal to the ARN of the trail: it does not depend on keys that nobody documents",
  ],
  /** `isShared`: others than CloudTrail are in the statements, and the condition would shut them out. */
  'pin-to-trail': ({ statements, trailArn, isShared }: Named & { readonly trailArn: string } & Shared) => {
    const pin = `"StringEquals":{"aws:SourceArn":"${trailArn}"}`;
    return isShared
      ? say`give CloudTrail a statement of its own with ${pin}, and let statement ${names(statements)} name the others alone: they carry no ${'aws:SourceArn'}, so that condition would shut them out`
      : say`add ${pin} to statement ${names(statements)}`;
  },
  'name-trail': () => ['name the trail by `aws:SourceArn` in the statement for CloudTrail'],
  'leave-needed-actions': ({ statements, isShared }: Named & Shared) =>
    isShared
      ? say`give CloudTrail a statement of its own with only ${[NEEDED]}, and let statement ${names(statements)} name the others alone`
      : say`leave only ${[NEEDED]} in statement ${names(statements)}`,
  'separate-cloudtrail': () => ['give CloudTrail statements of its own, with the actions that it needs'],
  'name-principals': ({ statements, who, conditionKeys }: Named & Narrowing) =>
    say`name the ${[who]} in statement ${names(statements)}, or bind it with ${names(conditionKeys, ' or ')}`,
  'bound-callers': () => ['bind the statement with `kms:CallerAccount` or name its principals'],
  'name-readers': () => ['name the reading roles as principals of the statement'],
  'name-principals-of-account': () => ['name the principals of the account in the policy, or remove it'],
  'remove-untrusted': ({ statements }: Named) => say`remove what is not trusted from statement ${names(statements)}`,
  'allow-readers': () => ['add a statement that lets the reading roles use `kms:Decrypt`'],
  'exempt-readers': ({ statements }: Named) => say`exempt the readers from Deny statement ${names(statements)}`,
  'allow-administrator': () => ['give `kms:PutKeyPolicy` to a named administrator'],
  'make-valid': () => ['fix it'],
  'make-evaluable': () => ['fix the policy that cannot be evaluated, then evaluate again'],
  /** No statements: the policy as a whole. */
  'make-writable': ({ statements }: Named) =>
    statements.length === 0
      ? ['correct what KMS refuses in the policy']
      : say`correct what KMS refuses in statement ${names(statements)}`,
  'drop-inert': () => ['fix or remove what has no effect'],
} satisfies Record<string, (edit: never) => Words>;

/** Whom a resource control policy is to leave alone. */
type Exemption =
  | { readonly exempts: 'services' | 'readers' | 'administrators' }
  | { readonly exempts: 'trail'; readonly trailArn: string };

function exemptedInWords(exemption: Exemption): Words {
  switch (exemption.exempts) {
    case 'services':
      return say`AWS services (${EXEMPTION})`;
    case 'trail':
      return say`the trail (${trailExemption(exemption.trailArn)})`;
    case 'readers':
      return say`the reading roles (${'aws:PrincipalArn'})`;
    case 'administrators':
      return say`the key's administrators (${'aws:PrincipalArn'})`;
  }
}

interface Shared {
  readonly isShared: boolean;
}

interface Narrowing {
  readonly who: 'principals' | 'reading roles' | 'administrators';
  /** Any of them in a condition bounds the statement as well. */
  readonly conditionKeys: readonly string[];
}

/** An edit of a policy: its kind, and what that kind holds. */
export type PolicyEdit = {
  [K in keyof typeof EDITS]: { readonly edit: K } & Held<(typeof EDITS)[K]>;
}[keyof typeof EDITS];

/** What the words of a kind are made of. */
export type Held<F> = F extends (data: infer D, ...rest: never[]) => Words ? (unknown extends D ? object : D) : never;

// INVARIANT: an edit holds what the words of its kind take.
export const editInWords = (edit: PolicyEdit): Words => (EDITS[edit.edit] as (edit: PolicyEdit) => Words)(edit);
