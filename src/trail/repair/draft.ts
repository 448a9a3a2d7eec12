import type { CompiledStatement } from '../../policy/compile.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../policy/parse.ts';
import type { Statement } from '../../policy/statement.ts';
import { checkOf } from '../checks/index.ts';
import { type KeyFacts, type Read, read, type TrailFacts } from '../facts.ts';
import type { CheckId, CheckOptions, Finding } from '../finding.ts';
import type { PolicyDocument, StatementDocument } from '../statements.ts';
import { applyEdits, statementsOf } from './document.ts';
import { type Deviation, deviation } from './inclusion.ts';
import type { StatementEdit } from './plan.ts';

/** The key, its policy as it is, and the trails that the key is to serve. */
export interface Patient {
  readonly key: KeyFacts;
  readonly keyArn: string;
  readonly keyAccount: string;
  readonly policy: KeyPolicy;
  readonly document: PolicyDocument;
  readonly trails: readonly TrailFacts[];
  readonly options: CheckOptions;
}

/** A policy with edits, parsed. */
export interface Draft {
  readonly patient: Patient;
  readonly edits: readonly StatementEdit[];
  readonly policy: KeyPolicy;
  readonly document: PolicyDocument;
  /** The key as it would be with this policy. */
  readonly key: KeyFacts;
}

/** The policy as it is. */
export const unedited = (patient: Patient): Draft => ({
  patient,
  edits: [],
  document: patient.document,
  policy: patient.policy,
  key: patient.key,
});

/** The policy with these edits; `null` where the result is no policy, because it is too large for example. */
export function draftOf(patient: Patient, edits: readonly StatementEdit[]): Draft | null {
  if (edits.length === 0) return unedited(patient);
  const document = applyEdits(patient.document, edits);
  const parse = parseKeyPolicy(document);
  if (!parse.valid) return null;
  return { patient, edits, document, policy: parse.policy, key: withPolicy(patient.key, parse) };
}

function withPolicy(key: KeyFacts, parse: { readonly valid: true; readonly policy: KeyPolicy }): KeyFacts {
  const { capturedAt } = key.policy as Partial<Read<unknown>>;
  return { ...key, policy: capturedAt === undefined ? read(parse) : { ...read(parse), capturedAt } };
}

/** One statement of a draft, as parsed and as written. */
export interface DraftStatement {
  readonly compiled: CompiledStatement;
  readonly statement: Statement;
  readonly raw: StatementDocument;
}

export function statementAt({ policy, document }: Draft, index: number): DraftStatement {
  const compiled = policy.compiled[index];
  const raw = statementsOf(document)[index];
  if (compiled === undefined || raw === undefined) throw new RangeError(`the policy has no statement #${index}`);
  return { compiled, statement: compiled.statement, raw };
}

/** What one check says of one trail under a draft. */
export function findingOf(
  { patient, key }: Pick<Draft, 'patient' | 'key'>,
  check: CheckId,
  trail: TrailFacts,
): Finding {
  return checkOf(check).evaluate(trail, key, patient.options);
}

/** Whether a draft keeps to what it is meant to change; `null` when it does. */
export function deviationOf({ patient, policy, edits }: Draft): Deviation | null {
  const changed = edits.flatMap(({ index }) => index ?? []);
  return deviation({
    before: patient.policy,
    after: policy,
    changed,
    keyArn: patient.keyArn,
    trailArns: patient.trails.map(({ arn }) => arn),
    loses: edits.flatMap(({ loses }) => loses),
  });
}

/** The draft with further edits; a second edit of one statement takes the place of the first. */
export function extend(draft: Draft, further: readonly StatementEdit[]): Draft | null {
  const merged = further.map((edit) => merge(draft.edits, edit));
  const kept = draft.edits.filter(({ index }) => index === null || !further.some((edit) => edit.index === index));
  return draftOf(draft.patient, [...kept, ...merged]);
}

function merge(edits: readonly StatementEdit[], later: StatementEdit): StatementEdit {
  const earlier = later.index === null ? undefined : edits.find(({ index }) => index === later.index);
  if (earlier === undefined) return later;
  const message = `${earlier.message}; ${later.message}`;
  return { ...later, change: earlier.change, message, loses: [...earlier.loses, ...later.loses] };
}

/** An edited draft, and whether it keeps to what it is meant to change. */
export interface Attempt {
  readonly draft: Draft;
  readonly deviation: Deviation | null;
}

/** The draft with further edits; `null` where the result is no policy. */
export function attempt(draft: Draft, edits: readonly StatementEdit[]): Attempt | null {
  const extended = extend(draft, edits);
  return extended === null ? null : { draft: extended, deviation: deviationOf(extended) };
}
