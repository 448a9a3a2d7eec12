import { reportFinding } from '../report/build.ts';
import type { TrailReport } from '../report/report.ts';
import type { Exceptions } from '../rule/exceptions.ts';
import { TOO_DEEP } from '../rule/jsonText.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import { judge } from '../rule/verdict.ts';
import { evaluateTrail } from '../trail/evaluateTrail.ts';
import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { Finding } from '../trail/finding.ts';
import type { Wording } from '../trail/remedy/remedy.ts';
import { mapCode } from '../trail/remedy/words.ts';
import { expandLoops } from './cloudformation/loops.ts';
import { type Deployment, readTemplate } from './cloudformation/template.ts';
import { trailsOfTemplate } from './cloudformation/trails.ts';
import { InvalidSourceError } from './errors.ts';
import { fileWording } from './fileWording.ts';
import { arnOf, type TrailModel, type TrailSource } from './model.ts';
import { notesOn, notesOnGrants } from './notes.ts';
import { hasToken, type References, replaceTokens } from './reference.ts';
import type { Source } from './source/readSource.ts';
import { leftOut } from './terraform/leftOut.ts';
import { trailsOfPlan } from './terraform/trails.ts';
import { combine } from './worlds/combine.ts';
import type { Choice } from './worlds/dimensions.ts';
import { explore } from './worlds/explore.ts';
import { keyFacts, trailFacts, type World } from './worlds/facts.ts';
import { type StandIns, standIns } from './worlds/standIns.ts';

/** What a file is judged by. */
export interface CheckRequest {
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  readonly deployment: Deployment;
  readonly asOf: Date;
}

/** What was found in one file. */
export interface CheckedSource {
  readonly trails: readonly TrailReport[];
  /** What was not looked at, one sentence part each. */
  readonly notes: readonly string[];
  /** Parameters that the file declares. */
  readonly declaredParameters: readonly string[];
}

/** Trails of a file with all that evaluating them needs. */
interface Sources {
  readonly trails: readonly TrailSource[];
  readonly references: References;
  readonly notTold: string;
  readonly notes: readonly string[];
  readonly declaredParameters: readonly string[];
}

/**
 * Judges every trail of a CloudFormation template or a Terraform plan by the rule's own checks, with what the file
 * settles; what it leaves open is `unknown`.
 *
 * @throws InvalidSourceError
 */
export function checkSource(source: Source, request: CheckRequest): CheckedSource {
  try {
    return check(source, request);
  } catch (error) {
    // Values are resolved by recursion.
    if (error instanceof RangeError) throw new InvalidSourceError(source.file, TOO_DEEP);
    throw error;
  }
}

function check(source: Source, request: CheckRequest): CheckedSource {
  const sources = source.is === 'template' ? templateSources(source, request.deployment) : planSources(source, request);
  const text = JSON.stringify([source.document, request.deployment, request.parameters]);
  const trails = sources.trails.flatMap((trail) => judgeTrail(trail, sources, request, text) ?? []);
  return { trails, notes: sources.notes, declaredParameters: sources.declaredParameters };
}

function templateSources(source: Extract<Source, { is: 'template' }>, deployment: Deployment): Sources {
  const template = readTemplate(expandLoops(source, deployment), deployment);
  return {
    trails: trailsOfTemplate(template),
    references: template.references,
    notTold: 'a template does not tell',
    notes: [
      ...template.notExpanded.map(
        (name) => `\`Resources.${name}\` is not expanded: trails that it makes are not checked`,
      ),
      ...template.macros.map((name) => `the macro \`${name}\` is not run: what it changes is not checked`),
    ],
    declaredParameters: [...template.parameters.keys()],
  };
}

function planSources(source: Extract<Source, { is: 'plan' }>, { deployment }: CheckRequest): Sources {
  const { trails, references } = trailsOfPlan(source, deployment);
  return {
    trails,
    references,
    notTold: 'a plan does not tell',
    notes: leftOut(source.document),
    declaredParameters: [],
  };
}

interface Evaluated {
  readonly indices: readonly number[];
  readonly model: TrailModel;
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
}

/** `null` where the trail is created in no world. */
function judgeTrail(source: TrailSource, sources: Sources, request: CheckRequest, text: string): TrailReport | null {
  const { references } = sources;
  const options = checkOptions(request.parameters);
  const stand = standIns((name) => text.includes(name));
  const { worlds, axes, complete } = explore(source, references, options.allowedKmsKeys ?? []);
  const evaluated = worlds.flatMap(({ indices, choices, resolution }): readonly Evaluated[] => {
    const { trail: model } = resolution;
    if (model === null) return [];
    const world = worldOf(model, choices, references, stand, { asOf: request.asOf, notTold: sources.notTold });
    const trail = trailFacts(model, world);
    const key = model.key === null ? null : keyFacts(model.key, world);
    const findings = evaluateTrail(trail, key, options).map((finding) =>
      notesOnGrants(finding, model, sources.notTold),
    );
    return [{ indices, model, trail, key, findings }];
  });
  const [plainest] = evaluated;
  if (plainest === undefined) return null;
  const findings = combine(evaluated, axes, complete, (id) => references.get(id))
    .map((finding) => notesOn(finding, plainest.model))
    .map((finding) => shown(finding, stand));
  const inFile = fileWording(source);
  const wording: Wording = { ...inFile, step: (step) => mapCode(inFile.step(step), stand.show, stand.show) };
  const { parameters, exceptions } = request;
  const verdict = judge(plainest.trail, plainest.key, findings, parameters, exceptions, wording);
  return {
    ...identityOf(evaluated.map(({ model }) => model)),
    complianceType: verdict.complianceType,
    standing: verdict.standing,
    annotation: verdict.annotation,
    findings: findings.map((finding) => reportFinding(finding, wording)),
    address: source.address,
    location: source.location,
  };
}

function worldOf(
  { place }: TrailModel,
  choices: ReadonlyMap<string, Choice>,
  references: References,
  stand: StandIns,
  rest: Pick<World, 'asOf' | 'notTold'>,
): World {
  const value = (id: string): string => {
    const choice = choices.get(id);
    const text = choice?.is === 'text' ? choice.text : null;
    return text === null
      ? stand.standInFor(references.get(id))
      : replaceTokens(text, (other) => stand.standInFor(references.get(other)));
  };
  const fill = (text: string): string => replaceTokens(text, value);
  return {
    ...rest,
    fill,
    fillPolicy: (text) =>
      replaceTokens(text, (id) =>
        choices.get(id)?.is === 'stance' ? references.token(references.get(id)) : value(id),
      ),
    closing: {
      stanceOf: (id) => {
        const choice = choices.get(id);
        return choice?.is === 'stance' ? choice.stance : 'most';
      },
      ownAccount: fill(place.accountId),
      foreignAccount: stand.foreignAccount,
      partition: fill(place.partition),
    },
  };
}

/** What the file settles of the trail, the same in every world. */
function identityOf(
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

function shown(finding: Finding, stand: StandIns): Finding {
  const { message, evidence } = finding;
  return {
    ...finding,
    message: stand.show(message),
    evidence: {
      ...evidence,
      statements: evidence.statements.map(stand.show),
      dependsOn: evidence.dependsOn.map(stand.show),
    },
  };
}
