import type { CompiledStatement } from '../../policy/compile.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../policy/parse.ts';
import type { Statement } from '../../policy/statement.ts';
import { checkOf } from '../checks/index.ts';
import { type KeyFacts, type Read, read, type TrailFacts } from '../facts.ts';
import type { CheckId, CheckOptions, Finding } from '../finding.ts';
import { type PolicyDocument, type StatementDocument, statementsOf } from '../statements.ts';
import { type AccessDiff, accessDiff } from './accessDiff.ts';
import { applyEdits } from './document.ts';
import type { StatementEdit } from './plan.ts';

/** The key, its policy as it is, and the trails that the key is to serve. */
export interface KeyUnderRepair {
  readonly key: KeyFacts;
  readonly keyArn: string;
  readonly keyAccount: string;
  readonly policy: KeyPolicy;
  readonly document: PolicyDocument;
  readonly trails: readonly TrailFacts[];
  readonly options: CheckOptions;
  /** Whether what is only tried where nothing else is proved is tried, too. */
  readonly lastResorts: boolean;
}

/** A policy with edits, parsed. */
export interface PolicyDraft {
  readonly keyUnderRepair: KeyUnderRepair;
  readonly edits: readonly StatementEdit[];
  readonly policy: KeyPolicy;
  readonly document: PolicyDocument;
  /** The key as it would be with this policy. */
  readonly key: KeyFacts;
}

/** The policy as it is. */
export const unedited = (keyUnderRepair: KeyUnderRepair): PolicyDraft => ({
  keyUnderRepair,
  edits: [],
  document: keyUnderRepair.document,
  policy: keyUnderRepair.policy,
  key: keyUnderRepair.key,
});

/** The policy with these edits; `null` where the result is no policy, because it is too large for example. */
export function policyDraftOf(keyUnderRepair: KeyUnderRepair, edits: readonly StatementEdit[]): PolicyDraft | null {
  if (edits.length === 0) return unedited(keyUnderRepair);
  const document = applyEdits(keyUnderRepair.document, edits);
  const parse = parseKeyPolicy(document);
  if (!parse.valid) return null;
  return { keyUnderRepair, edits, document, policy: parse.policy, key: keyWithPolicy(keyUnderRepair.key, parse) };
}

export function keyWithPolicy(key: KeyFacts, parse: { readonly valid: true; readonly policy: KeyPolicy }): KeyFacts {
  const { capturedAt } = key.policy as Partial<Read<unknown>>;
  return { ...key, policy: capturedAt === undefined ? read(parse) : { ...read(parse), capturedAt } };
}

/** One statement of a draft, as parsed and as written. */
interface StatementOfDraft {
  readonly compiled: CompiledStatement;
  readonly statement: Statement;
  readonly raw: StatementDocument;
}

export function statementAt({ policy, document }: PolicyDraft, index: number): StatementOfDraft {
  const compiled = policy.compiled[index];
  const raw = statementsOf(document)[index];
  if (compiled === undefined || raw === undefined) throw new RangeError(`the policy has no statement #${index}`);
  return { compiled, statement: compiled.statement, raw };
}

/** What one check says of one trail under a draft. */
export function findingOf(
  { keyUnderRepair, key }: Pick<PolicyDraft, 'keyUnderRepair' | 'key'>,
  check: CheckId,
  trail: TrailFacts,
): Finding {
  return checkOf(check).evaluate(trail, key, keyUnderRepair.options);
}

/** Whether a draft keeps to what it is meant to change; `null` when it does. */
export function accessDiffOf({ keyUnderRepair, policy, edits }: PolicyDraft): AccessDiff | null {
  const changed = edits.flatMap(({ index }) => index ?? []);
  return accessDiff({
    before: keyUnderRepair.policy,
    after: policy,
    changed,
    keyArn: keyUnderRepair.keyArn,
    trailArns: keyUnderRepair.trails.map(({ arn }) => arn),
    loses: edits.flatMap(({ loses }) => loses),
  });
}

/** The draft with further edits; a second edit of one statement takes the place of the first. */
export function extend(draft: PolicyDraft, further: readonly StatementEdit[]): PolicyDraft | null {
  const merged = further.map((edit) => merge(draft.edits, edit));
  const kept = draft.edits.filter(({ index }) => index === null || !further.some((edit) => edit.index === index));
  return policyDraftOf(draft.keyUnderRepair, [...kept, ...merged]);
}

function merge(edits: readonly StatementEdit[], later: StatementEdit): StatementEdit {
  const earlier = later.index === null ? undefined : edits.find(({ index }) => index === later.index);
  if (earlier === undefined) return later;
  const message = `${earlier.message}; ${later.message}`;
  return { ...later, change: earlier.change, message, loses: [...earlier.loses, ...later.loses] };
}

/** An edited draft, and whether it keeps to what it is meant to change. */
export interface Attempt {
  readonly draft: PolicyDraft;
  readonly accessDiff: AccessDiff | null;
}

/** The draft with further edits; `null` where the result is no policy. */
export function attempt(draft: PolicyDraft, edits: readonly StatementEdit[]): Attempt | null {
  const extended = extend(draft, edits);
  return extended === null ? null : { draft: extended, accessDiff: accessDiffOf(extended) };
}
