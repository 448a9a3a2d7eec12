import { checkOf } from '../../../trail/checks/index.ts';
import type { KeyFacts, TrailFacts } from '../../../trail/facts.ts';
import type { CheckOptions, Finding } from '../../../trail/finding.ts';
import type { StatementEdit } from '../../../trail/repair/plan.ts';
import { planRepairs } from '../../../trail/repair/planRepairs.ts';
import { type PolicyDocument, type StatementDocument, statementsOf } from '../../../trail/statements.ts';
import { type JsonObject, member } from '../../json.ts';
import type { Placeholders } from '../../unresolved/placeholders.ts';
import { positionOf, statementsIn, type TemplateStep } from './applySteps.ts';
import { accountStatement, keyResource } from './keyResource.ts';
import { toTemplate } from './toTemplate.ts';

/** A trail of a template and its key, as evaluated, and where the two stand. */
export interface TrailInTemplate {
  readonly document: JsonObject;
  readonly address: string;
  /** Logical id of the key; `null` where the template declares none for the trail. */
  readonly keyAddress: string | null;
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
  readonly options: CheckOptions;
  readonly placeholders: Placeholders;
}

/** Edits of the template that may fix what a check finds, the one that changes least first. */
export function* candidates(finding: Finding, at: TrailInTemplate): Generator<readonly TemplateStep[]> {
  const { check, evidence } = finding;
  const { address, keyAddress, trail } = at;
  if (check === 'trail-logging') yield [{ do: 'set-property', address, property: 'IsLogging', value: true }];
  if (keyAddress !== null) {
    const ofKey = (property: string): TemplateStep => ({
      do: 'set-property',
      address: keyAddress,
      property,
      value: true,
    });
    if (check === 'key-usable') yield [ofKey('Enabled')];
    if (check === 'key-rotates') yield [ofKey('EnableKeyRotation')];
    for (const vouched of [false, true]) yield* plannedSteps(at, keyAddress, vouched, (one) => one.check === check);
    yield* written(at, keyAddress, editsIn(finding));
    yield* narrowedSteps(finding, at, keyAddress);
    if (check === 'policy-well-formed' || check === 'policy-writable')
      yield evidence.statements.map((label) => put(keyAddress, null, label));
    if (check === 'key-administrable' || check === 'policy-writable')
      yield* written(at, keyAddress, [{ statement: accountStatement(trail), inPlaceOf: null }]);
    if (check === 'readers-can-decrypt')
      yield* written(at, keyAddress, [{ statement: readersStatement(trail), inPlaceOf: null }]);
    yield* plannedSteps(at, keyAddress, false, () => true);
  }
  if (checkOf(check).repairedBy === 'chosen-key') yield* newKeySteps(at);
}

interface Written {
  readonly statement: StatementDocument | null;
  readonly inPlaceOf: string | null;
}

const put = (address: string, statement: StatementDocument | null, inPlaceOf: string | null): TemplateStep => ({
  do: 'put-statement',
  address,
  statement,
  inPlaceOf,
});

/** What the planner proves of the key as it is evaluated. */
function* plannedSteps(
  at: TrailInTemplate,
  keyAddress: string,
  dedicatedKeys: boolean,
  considers: (finding: Finding) => boolean,
): Generator<readonly TemplateStep[]> {
  const { trail, key, findings, options: checks } = at;
  const options = { checks, dedicatedKeys, considers, chosenKeys: new Map(), knownTrails: [trail.arn] };
  const [plan] = planRepairs([{ trail: { ...trail, owner: null }, key, findings }], options);
  const edits = plan?.work?.policyEdits ?? [];
  const steps = edits.flatMap((edit) => stepOf(edit, at, keyAddress) ?? []);
  if (edits.length > 0 && steps.length === edits.length) yield steps;
}

/** An edit with what it leaves of a statement as the template writes it. */
function stepOf(
  { index, label, statement }: StatementEdit,
  at: TrailInTemplate,
  keyAddress: string,
): TemplateStep | null {
  if (statement === null) return put(keyAddress, null, label);
  if (index === null) return statementStep({ statement, inPlaceOf: null }, at, keyAddress);
  return overlaid(statement, label, at, keyAddress);
}

function overlaid(
  statement: StatementDocument,
  label: string,
  { key, document, placeholders }: TrailInTemplate,
  keyAddress: string,
): TemplateStep | null {
  if (key === null || !key.policy.read || !key.policy.value.valid) return null;
  const before = labelled(key.policy.value.policy.document as PolicyDocument, label);
  const statements = statementsIn(document, keyAddress) ?? [];
  const original = statements[positionOf(statements, label)];
  if (before === undefined || original === undefined) return null;
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(statement)) {
    const isSame = JSON.stringify(value) === JSON.stringify(before[name]);
    const kept = isSame ? member(original, name) : toTemplate(value, placeholders);
    // Evaluation names a statement without a Sid by its place.
    if (kept === undefined && name !== 'Sid') return null;
    if (kept !== undefined) members.push([name, kept]);
  }
  return put(keyAddress, Object.fromEntries(members), label);
}

const labelled = (document: PolicyDocument, label: string): StatementDocument | undefined =>
  statementsOf(document).find(({ Sid }, index) => Sid === label || (Sid === undefined && label === `#${index}`));

/** The statements that a remedy gives word for word. */
const editsIn = ({ remedy }: Finding): readonly Written[] =>
  (remedy[0] ?? []).flatMap((step): readonly Written[] => {
    if (step.do !== 'edit-policy') return [];
    if (step.edit === 'add-statement') return [{ statement: step.statement, inPlaceOf: null }];
    if (step.edit !== 'replace-statement') return [];
    return step.statements.map((inPlaceOf, at) => ({ statement: at === 0 ? step.statement : null, inPlaceOf }));
  });

function* written(
  at: TrailInTemplate,
  keyAddress: string,
  all: readonly Written[],
): Generator<readonly TemplateStep[]> {
  const steps = all.flatMap((one) => statementStep(one, at, keyAddress) ?? []);
  if (all.length > 0 && steps.length === all.length) yield steps;
}

/** A key without a policy gets KMS's own with the statement in it. */
function statementStep(
  { statement, inPlaceOf }: Written,
  { document, placeholders, trail }: TrailInTemplate,
  keyAddress: string,
): TemplateStep | null {
  const inTemplate = toTemplate(statement, placeholders);
  if (inTemplate === undefined) return null;
  const policy = member(document, 'Resources', keyAddress, 'Properties', 'KeyPolicy');
  if (policy !== undefined && policy !== null)
    return put(keyAddress, inTemplate as StatementDocument | null, inPlaceOf);
  const own = toTemplate(accountStatement(trail), placeholders);
  const value = { Version: '2012-10-17', Statement: [own, inTemplate] };
  return { do: 'set-property', address: keyAddress, property: 'KeyPolicy', value };
}

/** Statements that are open get the account, whose IAM decides, in place of everybody. */
function* narrowedSteps(
  { remedy, evidence }: Finding,
  at: TrailInTemplate,
  keyAddress: string,
): Generator<readonly TemplateStep[]> {
  const { key, trail } = at;
  if (!remedy.flat().some((step) => step.do === 'edit-policy' && step.edit === 'name-principals')) return;
  if (key === null || !key.policy.read || !key.policy.value.valid) return;
  const before = key.policy.value.policy.document as PolicyDocument;
  const { Principal } = accountStatement(trail);
  const steps = evidence.statements.map((label) => {
    const statement = labelled(before, label);
    return statement === undefined ? null : overlaid({ ...statement, Principal }, label, at, keyAddress);
  });
  const known = steps.flatMap((step) => step ?? []);
  if (known.length === steps.length) yield known;
}

/** Whoever the account's IAM allows reads the logs, and nothing else that the key encrypts. */
const readersStatement = (trail: TrailFacts): StatementDocument => ({
  ...accountStatement(trail),
  Sid: 'AllowLogReaders',
  Action: 'kms:Decrypt',
  Condition: { Null: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'false' } },
});

function* newKeySteps({ document, address, trail, placeholders }: TrailInTemplate): Generator<readonly TemplateStep[]> {
  const resource = toTemplate(keyResource(trail), placeholders);
  if (resource === undefined) return;
  let id = `${address}Key`;
  for (let number = 2; member(document, 'Resources', id) !== undefined; number += 1) id = `${address}Key${number}`;
  const value = { 'Fn::GetAtt': [id, 'Arn'] };
  yield [
    { do: 'add-resource', address: id, resource },
    { do: 'set-property', address, property: 'KMSKeyId', value },
  ];
}
