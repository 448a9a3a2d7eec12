import type { TrailReport } from '../report/report.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import type { CheckOptions } from '../trail/check.ts';
import { evaluateTrail } from '../trail/evaluateTrail.ts';
import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { Finding } from '../trail/finding.ts';
import type { Wording } from '../trail/remedy/remedy.ts';
import { mapCode } from '../trail/remedy/words.ts';
import { fileWording } from './fileWording.ts';
import { arnOf, type TrailModel, type TrailSource } from './model.ts';
import { notesOn, notesOnGrants } from './notes.ts';
import { hasToken, type Reference, type References, replaceTokens } from './reference.ts';
import { combine } from './unresolved/combine.ts';
import type { Choice } from './unresolved/dimensions.ts';
import { enumerateWorlds } from './unresolved/enumerate.ts';
import { keyFacts, trailFacts, type WorldValues } from './unresolved/facts.ts';
import { type Placeholders, placeholders } from './unresolved/placeholders.ts';

/** What evaluating the trails of one file shares. */
export interface FileContext {
  readonly references: References;
  /** The beginning of a sentence part: `a template does not tell`. */
  readonly notTold: string;
  readonly parameters: RuleParameters;
  readonly asOf: Date;
  /** Whether a text occurs in anything that the caller gave, for no stand-in may. */
  readonly isUsed: (text: string) => boolean;
}

/** What the checks say of a trail in every world that the file leaves open. */
export interface EvaluatedSource {
  /** One for each world in which it is created, the plainest first. */
  readonly models: readonly TrailModel[];
  /** Of the plainest world. */
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
  readonly wording: Wording;
}

/** `null` where the trail is created in no world. */
export function evaluateSource(source: TrailSource, context: FileContext): EvaluatedSource | null {
  const { references, notTold, asOf } = context;
  const options = checkOptions(context.parameters);
  const placeholder = placeholders(context.isUsed);
  const { worlds, axes, complete } = enumerateWorlds(source.model, references, namedBy(options));
  const evaluated = worlds.flatMap(({ indices, choices, resolution }) => {
    const { trail: model } = resolution;
    if (model === null) return [];
    const world = worldOf(model, choices, references, placeholder, { asOf, notTold });
    const trail = trailFacts(model, world);
    const key = model.key === null ? null : keyFacts(model.key, world);
    const findings = evaluateTrail(trail, key, options).map((finding) => notesOnGrants(finding, model, notTold));
    return [{ indices, model, trail, key, findings }];
  });
  const [plainest] = evaluated;
  if (plainest === undefined) return null;
  const findings = combine(evaluated, axes, complete, (id) => references.get(id))
    .map((finding) => notesOn(finding, plainest.model))
    .map((finding) => shown(finding, placeholder));
  const inFile = fileWording(source);
  return {
    models: evaluated.map(({ model }) => model),
    trail: plainest.trail,
    key: plainest.key,
    findings,
    wording: { ...inFile, step: (step) => mapCode(inFile.step(step), placeholder.show, placeholder.show) },
  };
}

/** Whether an open condition decides that the trail is created at all. */
export function mayBeAbsent({ absent }: TrailSource, { references, parameters }: FileContext): boolean {
  if (absent === null) return false;
  const { worlds } = enumerateWorlds(absent, references, namedBy(checkOptions(parameters)));
  return worlds.some(({ resolution }) => resolution.trail !== null);
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

/** What the file settles of the trail, the same in every world. */
export function identityOf(
  models: readonly TrailModel[],
): Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn'> {
  const settled = (text: (model: TrailModel) => string | null): string | null => {
    const [only, ...others] = new Set(models.map(text));
    return only == null || others.length > 0 || hasToken(only) ? null : only;
  };
  return {
    trailArn: settled(({ place, name }) => arnOf('cloudtrail', place, `trail/${name}`)),
    accountId: settled(({ place }) => place.accountId),
    region: settled(({ place }) => place.region),
    kmsKeyArn: settled(({ key }) => key?.arn ?? null),
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
