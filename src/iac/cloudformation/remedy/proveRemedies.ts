import { checkOf } from '../../../trail/checks/index.ts';
import type { Finding } from '../../../trail/finding.ts';
import type { Remedy } from '../../../trail/remedy/remedy.ts';
import type { EvaluatedTrail, TemplateUnderFix } from '../../checkSource.ts';
import type { WorldIdentity } from '../../identity.ts';
import { isObject, type JsonObject, member } from '../../json.ts';
import { applySteps, type TemplateStep } from './applySteps.ts';
import { candidates, type TrailInTemplate } from './candidates.ts';
import { toTemplate } from './toTemplate.ts';

/**
 * The failures of a trail with remedies to paste into its template: each was followed in the template, and the template
 * evaluated again, so that its check passes and no other one is worse.
 *
 * Key policies name the trail by a fixed name, which a trail without one gets first: one that referred to the trail would
 * be circular, for the trail refers to its key.
 */
export function proveRemedies(trail: EvaluatedTrail, template: TemplateUnderFix): EvaluatedTrail {
  if (!trail.findings.some(({ status }) => status === 'fail')) return trail;
  const naming = namingOf(trail, template.document);
  const document = applySteps(template.document, naming.steps) ?? template.document;
  const named = naming.steps.length === 0 ? trail : template.evaluate(document).find(isAt(trail));
  if (named === undefined) return trail;
  const key = named.identities[0]?.key;
  const at: TrailInTemplate = {
    ...named,
    document,
    address: trail.source.address,
    keyAddress: keyIn(key ?? null, document),
    options: template.options,
  };
  const before = template.evaluate(template.document);
  const withName = (steps: readonly TemplateStep[]) => [...(names(steps, naming.name) ? naming.steps : []), ...steps];
  const findings = named.findings.map((finding, position) => {
    const original = trail.findings[position] ?? finding;
    if (original.status !== finding.status || finding.remedy.length === 0) return original;
    for (const steps of original.status === 'fail' ? candidates(finding, at) : []) {
      const all = withName(steps);
      if (proves(all, finding, trail, template, before)) return { ...original, remedy: proved(all, finding) };
    }
    return { ...original, remedy: unproved(finding.remedy, naming, at) };
  });
  return { ...trail, findings, wording: named.wording };
}

/** A key of the template itself: one that another file declares is not changed here. */
const keyIn = (key: WorldIdentity['key'], document: JsonObject): string | null =>
  key?.id != null && key.address !== null && isObject(member(document, 'Resources', key.address)) ? key.address : null;

const isAt =
  ({ source }: EvaluatedTrail) =>
  (one: EvaluatedTrail): boolean =>
    one.source.address === source.address;

/** The name that a trail without one gets, and the steps that give it; `null` and none: it has one. */
interface Naming {
  readonly name: string | null;
  readonly steps: readonly TemplateStep[];
}

function namingOf({ source: { address } }: EvaluatedTrail, document: JsonObject): Naming {
  const given = member(document, 'Resources', address, 'Properties', 'TrailName');
  if (given !== undefined) return { name: null, steps: [] };
  const name = address.length < SHORTEST_NAME ? `Trail${address}` : address.slice(0, LONGEST_NAME);
  return { name, steps: [{ do: 'set-property', address, property: 'TrailName', value: name }] };
}

/** CloudTrail API Reference, CreateTrail: Name. */
const SHORTEST_NAME = 3;
const LONGEST_NAME = 128;

const names = (what: unknown, name: string | null): boolean =>
  name !== null && JSON.stringify(what).includes(`:trail/${name}`);

const GRAVITY = ['not-applicable', 'pass', 'unknown', 'fail'];

/** Whether the check passes with the steps in the template, and no check of any trail is worse. */
function proves(
  steps: readonly TemplateStep[],
  { check }: Finding,
  trail: EvaluatedTrail,
  { document, evaluate }: TemplateUnderFix,
  before: readonly EvaluatedTrail[],
): boolean {
  const followed = applySteps(document, steps);
  if (followed === null) return false;
  const after = evaluate(followed);
  const passes = after.find(isAt(trail))?.findings.find((one) => one.check === check)?.status === 'pass';
  return passes && before.every((one) => isNoWorse(one, after.find(isAt(one))));
}

function isNoWorse({ findings }: EvaluatedTrail, after: EvaluatedTrail | undefined): boolean {
  return findings.every(({ status }, position) => {
    const now = after?.findings[position]?.status ?? 'fail';
    const isFirstLook = status === 'not-applicable' && now !== 'fail';
    return isFirstLook || GRAVITY.indexOf(now) <= GRAVITY.indexOf(status);
  });
}

/** The proved way, what has to come before it, and what else a person may choose. */
function proved(steps: readonly TemplateStep[], { check, remedy }: Finding): Remedy {
  const precaution = (remedy[0] ?? []).filter((step) => step.do === 'separate-users');
  const isChoice = checkOf(check).repairedBy === 'person';
  const choices = remedy.filter(
    (way) => isChoice && way.some((step) => step.do === 'edit-policy' && !('statement' in step)),
  );
  return [[...precaution, ...steps], ...choices];
}

/** A remedy for a person, in which the trail has its name and statements are as a template writes them. */
const unproved = (remedy: Remedy, { name, steps }: Naming, { placeholders }: TrailInTemplate): Remedy =>
  remedy.map((way) => [
    ...(names(way, name) ? steps : []),
    ...way.map((step) => {
      if (step.do !== 'edit-policy' || !('statement' in step)) return step;
      const statement = toTemplate(step.statement, placeholders);
      return isObject(statement) ? { ...step, statement } : step;
    }),
  ]);
