import { parseKeyPolicy } from '../../policy/parse.ts';
import { statementRefusals } from '../../policy/policyRefusals.ts';
import { nameFault } from '../../policy/principalName.ts';
import type { PrincipalElement, Statement } from '../../policy/statement.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { isCloudTrailOnly } from '../cloudTrailOnly.ts';
import { type StatementDocument, statementsOf } from '../statements.ts';
import { list } from './correctCondition.ts';
import { applyEdits, inForm, listOf } from './document.ts';
import type { StatementEdit } from './plan.ts';
import { type KeyUnderRepair, keyWithPolicy, type PolicyDraft } from './policyDraft.ts';

/** The key with a policy that KMS takes more readily, and what was taken out of it: nothing that gave anybody anything. */
export interface Writable {
  readonly keyUnderRepair: KeyUnderRepair;
  readonly edits: readonly StatementEdit[];
  /** The positions that the statements left had before. */
  readonly origins: readonly number[];
}

/**
 * Takes out what makes KMS refuse every write and gives nobody anything: ids that are left of deleted users and roles,
 * Allow statements that KMS refuses and that name nobody, or CloudTrail alone.
 */
export function makeWritable(keyUnderRepair: KeyUnderRepair): Writable {
  const { document, policy, key } = keyUnderRepair;
  const raws = statementsOf(document);
  const edits = policy.statements.flatMap((statement, index): StatementEdit[] => {
    const raw = raws[index];
    const edit = raw === undefined ? null : (withoutRefused(statement, raw) ?? withoutOrphans(statement, raw));
    return edit === null ? [] : [{ index, label: statement.label, loses: [], ...edit }];
  });
  const origins = raws.map((_, index) => index).filter((index) => !edits.some((edit) => isRemovalOf(edit, index)));
  const untouched = { keyUnderRepair, edits: [], origins: raws.map((_, index) => index) };
  if (edits.length === 0) return untouched;
  const left = applyEdits(document, edits);
  const parse = parseKeyPolicy(left);
  if (!parse.valid) return untouched;
  const written = { ...keyUnderRepair, document: left, policy: parse.policy, key: keyWithPolicy(key, parse) };
  return { keyUnderRepair: written, edits, origins };
}

const isRemovalOf = ({ index, statement }: StatementEdit, position: number): boolean =>
  index === position && statement === null;

type Change = Pick<StatementEdit, 'statement' | 'change' | 'message'>;

/** An Allow that no policy can hold allows nobody, so that it is no loss: one for nobody, or one of CloudTrail's. */
function withoutRefused(statement: Statement, raw: StatementDocument): Change | null {
  const { effect, principal, grammarErrors } = statement;
  const refusals = statementRefusals(statement);
  if (effect !== 'Allow' || refusals.length === 0) return null;
  const isCloudTrails = isCloudTrailOnly(principal) || raw.Principal === CLOUDTRAIL;
  if (!(isCloudTrails && grammarErrors.length > 0) && !namesNobody(principal)) return null;
  const who = grammarErrors.length > 0 ? "IAM's grammar" : 'KMS';
  const why = refusals.map(({ message }) => message).join('; ');
  const message = `the statement is taken out: it allows nobody anything, because ${who} refuses it (${why})`;
  return { statement: null, change: 'statement-removed', message };
}

/** Whether a principal element names nobody, or CloudTrail where no service can stand: whom it was for is plain. */
const namesNobody = ({ negated, everyone, aws, service, federated, canonicalUser }: PrincipalElement): boolean =>
  !negated &&
  !everyone &&
  federated.length + canonicalUser.length === 0 &&
  service.every((name) => /[*?]/.test(name)) &&
  aws.every((name) => nameFault(name) === 'no-name' && /cloudtrail/i.test(name));

function withoutOrphans({ principal }: Statement, raw: StatementDocument): Change | null {
  const orphans = principal.aws.filter((name) => nameFault(name) === 'deleted');
  if (orphans.length === 0) return null;
  const element = principal.negated ? 'NotPrincipal' : 'Principal';
  // INVARIANT: names stand in an object of principals.
  const { AWS: names, ...others } = raw[element] as Readonly<Record<string, unknown>>;
  const kept = listOf(names).filter((name) => typeof name !== 'string' || !orphans.includes(name));
  const change = 'orphaned-principal-removed';
  const removed = `${list(orphans)}, left of a deleted user or role, is taken out: it covers nobody, and KMS takes no policy that names it`;
  if (kept.length === 0 && Object.keys(others).length === 0) {
    // A Deny for all but nobody is one for everybody: that is for a person to say.
    if (principal.negated) return null;
    return { statement: null, change, message: `${removed}; the statement names nobody else and goes with it` };
  }
  const left = kept.length === 0 ? others : { ...(raw[element] as object), AWS: inForm(names, kept.map(String)) };
  return { statement: { ...raw, [element]: left }, change, message: removed };
}

/** All edits of a draft of the key, by the positions that its statements had before anything was taken out. */
export function editsFromStart(
  { edits: first, origins }: Writable,
  { edits, document }: PolicyDraft,
): readonly StatementEdit[] {
  const raws = statementsOf(document);
  const later = edits.map((edit): StatementEdit => {
    const index = edit.index === null ? null : (origins[edit.index] ?? null);
    if (index === null) return edit;
    const earlier = first.find((one) => one.index === index);
    const { Sid: sid } = raws[edit.index ?? 0] ?? {};
    const label = typeof sid === 'string' && sid !== '' ? edit.label : `#${index}`;
    if (earlier === undefined) return { ...edit, index, label };
    return { ...edit, index, label, change: earlier.change, message: `${earlier.message}; ${edit.message}` };
  });
  return [...first.filter(({ index }) => !later.some((edit) => edit.index === index)), ...later];
}
