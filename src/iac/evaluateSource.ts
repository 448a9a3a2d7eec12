import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import type { CheckOptions } from '../trail/check.ts';
import { CHECKS } from '../trail/checks/index.ts';
import { evaluateCheck, evaluateTrail } from '../trail/evaluateTrail.ts';
import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { CheckId, Finding } from '../trail/finding.ts';
import type { Wording } from '../trail/remedy/remedy.ts';
import { mapCode } from '../trail/remedy/words.ts';
import { fileWording } from './fileWording.ts';
import { identityIn, type WorldIdentity } from './identity.ts';
import type { TrailModel, TrailSource } from './model.ts';
import { noteOnOrder, notesOn, notesOnGrants, notesOnNoKey, notesOnOrder, notesOnPartition } from './notes.ts';
import { type Reference, type References, replaceTokens } from './reference.ts';
import { combine } from './unresolved/combine.ts';
import type { Choice } from './unresolved/dimensions.ts';
import { askInWorlds, enumerateWorlds } from './unresolved/enumerate.ts';
import { keyFacts, trailFacts, type WorldValues } from './unresolved/facts.ts';
import { type Placeholders, placeholders } from './unresolved/placeholders.ts';

/** What evaluating the trails of one file shares. */
export interface FileContext {
  readonly references: References;
  readonly takenPartition: string | null;
  /** The beginning of a sentence part: `a template does not tell`. */
  readonly notTold: string;
  readonly parameters: RuleParameters;
  readonly asOf: Date;
  /** Whether a text occurs in anything that the caller gave, for no stand-in may. */
  readonly isUsed: (text: string) => boolean;
}

/** What the checks say of a trail in every world that the file leaves open. */
export interface EvaluatedSource {
  /** In every world in which it is created; none where there are more than can be tried. */
  readonly identities: readonly WorldIdentity[];
  /** Of the plainest world. */
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
  /** What is told of a trail that may be made before its key allows CloudTrail. */
  readonly noteOnOrder: string | null;
  /** Checks that fail for certain under some values of one parameter. */
  readonly failSomewhere: ReadonlySet<CheckId>;
  readonly wording: Wording;
  /** What stands for references in the facts. */
  readonly placeholders: Placeholders;
}

/** `null` where the trail is created in no world. */
export function evaluateSource(source: TrailSource, context: FileContext): EvaluatedSource | null {
  const { references, notTold, asOf } = context;
  const options = checkOptions(context.parameters);
  const placeholder = placeholders(context.isUsed);
  const { worlds, axes, complete } = enumerateWorlds(source.model, references, namedBy(options));
  const factsOf = (model: TrailModel, choices: ReadonlyMap<string, Choice>) => {
    const world = worldOf(model, choices, references, placeholder, { asOf, notTold });
    return { trail: trailFacts(model, world), key: model.key === null ? null : keyFacts(model.key, world) };
  };
  const noted = (finding: Finding, model: TrailModel): Finding =>
    notesOnNoKey(notesOnGrants(finding, model, notTold), model, source);
  const evaluated = worlds.flatMap(({ indices, choices, resolution }) => {
    const { trail: model } = resolution;
    if (model === null) return [];
    const { trail, key } = factsOf(model, choices);
    const findings = complete ? evaluateTrail(trail, key, options).map((finding) => noted(finding, model)) : [];
    return [{ indices, model, trail, key, findings }];
  });
  const [plainest] = evaluated;
  if (plainest === undefined) return null;
  const lookup = (id: string) => references.get(id);
  // More worlds than can be tried: each check is asked in those that matter to it.
  const combined = complete
    ? combine(evaluated, axes, complete, lookup)
    : CHECKS.flatMap((check) => {
        const asked = askInWorlds(source.model, references, namedBy(options), (model, choices) => {
          const { trail, key } = factsOf(model, choices);
          return noted(evaluateCheck(check, trail, key, options), model);
        });
        const outcomes = asked.outcomes.map(({ indices, answer }) => ({ indices, findings: [answer] }));
        const plain = { indices: [], findings: [evaluateCheck(check, plainest.trail, plainest.key, options)] };
        return combine(asked.complete ? outcomes : [plain], asked.axes, asked.complete, lookup);
      });
  const findings = combined
    .map(({ finding }) => finding)
    .map((finding) => notesOn(finding, plainest.model))
    .map((finding) => notesOnPartition(finding, context.takenPartition))
    .map((finding) => notesOnOrder(finding, noteOnOrder(plainest.model, source)))
    .map((finding) => shown(finding, placeholder));
  const inFile = fileWording(source);
  return {
    identities: complete ? evaluated.map(({ model }) => identityIn(model)) : identitiesAsked(source, context),
    trail: plainest.trail,
    key: plainest.key,
    findings,
    noteOnOrder: noteOnOrder(plainest.model, source),
    failSomewhere: new Set(combined.flatMap((one) => (one.failsSomewhere ? [one.finding.check] : []))),
    placeholders: placeholder,
    wording: { ...inFile, step: (step) => mapCode(inFile.step(step), placeholder.show, placeholder.show) },
  };
}

function identitiesAsked({ model }: TrailSource, { references, parameters }: FileContext): readonly WorldIdentity[] {
  const asked = askInWorlds(model, references, namedBy(checkOptions(parameters)), identityIn);
  return asked.outcomes.map(({ answer }) => answer);
}

/** Whether an open condition decides that the trail is created at all; more of them than can be tried may. */
export function mayBeAbsent({ absent }: TrailSource, { references, parameters }: FileContext): boolean {
  if (absent === null) return false;
  const { complete, outcomes } = askInWorlds(absent, references, namedBy(checkOptions(parameters)), () => true);
  return !complete || outcomes.length > 0;
}

/** What the operator names, which something open may turn out to be. */
const namedBy = ({ allowedKmsKeys, requiredReaders }: CheckOptions): readonly string[] => [
  ...(allowedKmsKeys ?? []),
  ...requiredReaders,
];

function worldOf(
  { place }: TrailModel,
  choices: ReadonlyMap<string, Choice>,
  references: References,
  placeholder: Placeholders,
  rest: Pick<WorldValues, 'asOf' | 'notTold'>,
): WorldValues {
  /** What a reference is here; its text may hold others. In a circle each is itself. */
  const settle = (id: string, itself: (reference: Reference) => string, above: readonly string[] = []): string => {
    const choice = choices.get(id);
    if (choice?.is !== 'text' || above.includes(id)) return itself(references.get(id));
    return replaceTokens(choice.text, (other) => settle(other, itself, [...above, id]));
  };
  const value = (id: string): string => settle(id, placeholder.valueFor);
  const fill = (text: string): string => replaceTokens(text, value);
  const known = (id: string): string => settle(id, (reference) => references.token(reference));
  return {
    ...rest,
    fill,
    fillKnown: (text) => replaceTokens(text, known),
    fillPolicy: (text) =>
      replaceTokens(text, (id) => (choices.get(id)?.is === 'bound' ? references.token(references.get(id)) : value(id))),
    bounds: {
      boundOf: (id) => {
        const choice = choices.get(id);
        return choice?.is === 'bound' ? choice.bound : 'most';
      },
      ownAccount: fill(place.accountId),
      foreignAccount: placeholder.foreignAccount,
      partition: fill(place.partition),
    },
  };
}

function shown(finding: Finding, placeholder: Placeholders): Finding {
  const { message, brief, evidence } = finding;
  return {
    ...finding,
    message: placeholder.show(message),
    ...(brief === undefined ? {} : { brief: placeholder.show(brief) }),
    evidence: {
      ...evidence,
      statements: evidence.statements.map(placeholder.show),
      dependsOn: evidence.dependsOn.map(placeholder.show),
    },
  };
}
